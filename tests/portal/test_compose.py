"""docker-compose.yml is well-formed, runs the programs that bin/up runs, and hands secrets over as files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings

from portal.runtime.desk import ACTIONS, SYNC
from tests.portal import runtime

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("migrate", "web", "worker", "actions", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def mistakes(compose: dict[str, Any]) -> list[jsonschema.ValidationError]:
    schema = json.loads((ROOT / "tests" / "data" / "compose-spec" / "compose-spec.json").read_text())
    return list(jsonschema.Draft201909Validator(schema).iter_errors(compose))


def test_it_follows_the_compose_specification(compose: dict[str, Any]):
    assert [error.message for error in mistakes(compose)] == []


def test_the_check_would_see_a_mistake(compose: dict[str, Any]):
    assert mistakes({**compose, "services": {"web": {"imagee": "x"}}})


def test_it_has_all_parts_of_a_desk(compose: dict[str, Any]):
    assert set(compose["services"]) == {"postgres", "redis", *OURS}


@pytest.mark.parametrize("service", OURS)
def test_secrets_come_as_files_and_never_as_values(compose: dict[str, Any], service: str):
    environment = compose["services"][service]["environment"]
    assert {"SECRET_KEY_FILE", "HOLDFAST_VAULT_KEYS_FILE", "DATABASE_PASSWORD_FILE"} <= set(environment)
    assert not {"SECRET_KEY", "HOLDFAST_VAULT_KEYS", "DATABASE_PASSWORD"} & set(environment)
    assert set(compose["services"][service]["secrets"]) == set(compose["secrets"])


@pytest.mark.parametrize("service", OURS)
def test_our_containers_can_t_write_to_themselves_or_gain_rights(compose: dict[str, Any], service: str):
    assert compose["services"][service]["read_only"] is True
    assert compose["services"][service]["cap_drop"] == ["ALL"]


def test_each_queue_has_one_worker_as_in_bin_up(compose: dict[str, Any]):
    desk = {"worker": SYNC, "actions": ACTIONS}
    for service, arguments in desk.items():
        command = compose["services"][service]["command"]
        assert sorted(command[1:]) == sorted(["-A", *arguments]), service
    taken = [queue for arguments in desk.values() for queue in arguments[-1].split(",")]
    routed = {settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in settings.CELERY_TASK_ROUTES.values())}
    assert sorted(taken) == sorted(routed)


def test_what_is_kept_is_kept_in_named_volumes(compose: dict[str, Any]):
    used = {mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_only_the_web_is_reachable_and_only_from_this_machine(compose: dict[str, Any]):
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert set(published) == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_every_variable_in_it_is_documented(compose: dict[str, Any]):
    documented = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    used = {name.removesuffix("_FILE") for service in OURS for name in compose["services"][service]["environment"]}
    assert used <= documented


def test_the_image_holds_every_room_but_the_sandbox_and_no_secret():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench", "sandbox"}
    assert rooms <= kept
    assert not kept & {"var", ".env", "secrets", "tests"}


def test_the_image_can_collect_its_static_files_without_any_engine(tmp_path: Path):
    step = re.search(
        r"^RUN (SECRET_KEY=.*?)python (manage.py prepare[^\n]*)", (ROOT / "Dockerfile").read_text(), re.S | re.M
    )
    assert step is not None
    placeholders = dict(word.split("=", 1) for word in step[1].split() if "=" in word)
    environment = runtime.plain_environment(HOLDFAST_STATIC_ROOT=str(tmp_path / "static"), **placeholders)
    subprocess.run([sys.executable, *step[2].split()], cwd=ROOT, env=environment, check=True, capture_output=True)
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_the_image_runs_as_a_user_of_its_own_from_hashed_packages():
    lines = (ROOT / "Dockerfile").read_text()
    assert "\nUSER holdfast\n" in lines
    assert "--require-hashes" in lines
    assert "\nHEALTHCHECK " in lines
