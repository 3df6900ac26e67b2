"""Settings come from the environment alone; a mistake there stops the start with a sentence that names the variable."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from portal import env
from portal.celery import app
from portal.runtime.desk import _WORKER
from sync.engine.limits import Limits
from sync.filing import LONGEST_COUNTDOWN

ROOT = Path(__file__).resolve().parent.parent.parent
# Set by the programs themselves or by tools, never by a person.
INTERNAL = {"HOLDFAST_SANDBOX_URLS", "HOLDFAST_DEMO_MAIL_URL", "HOLDFAST_PLAIN_STATIC", "HOLDFAST_STATIC_ROOT"}


def test_a_file_twin_is_read_and_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "secret").write_text("from the file\n")
    monkeypatch.setenv("THING", "from the environment")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING") == "from the file"


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THING_FILE", "/nowhere/secret")
    with pytest.raises(ImproperlyConfigured, match=r"THING_FILE can't be read.*nowhere"):
        env.text("THING")


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("yes", True), ("On", True), ("0", False), ("false", False), ("", False)]
)
def test_flags_are_read_as_people_write_them(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool):
    monkeypatch.setenv("THING", value)
    assert env.flag("THING") is meant


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THING", "maybe")
    with pytest.raises(ImproperlyConfigured, match="THING must be 1 or 0"):
        env.flag("THING")


@pytest.mark.parametrize("value", ["ten", "1.5", "-1"])
def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING must be"):
        env.integer("THING", 1)


def test_a_database_url_takes_sockets_passwords_and_options(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("THING", "postgresql://postgres@/holdfast?host=/run/sockets")
    assert env.database("THING", "")["OPTIONS"] == {"host": "/run/sockets"}
    monkeypatch.setenv("THING", "postgres://desk:p%40ss@db:5433/desk?sslmode=require")
    entry = env.database("THING", "")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("desk", "p@ss", "db", 5433)
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://u:hunter2@h/d", "postgresql://u:hunter2@host"])
def test_a_database_that_is_no_postgresql_is_refused_without_repeating_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("THING", url)
    with pytest.raises(ImproperlyConfigured, match="THING") as caught:
        env.database("THING", "")
    assert "hunter2" not in str(caught.value)


def test_several_vault_keys_are_taken_in_order_and_a_bad_one_is_named_by_its_place(monkeypatch: pytest.MonkeyPatch):
    good = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
    monkeypatch.setenv("THING", f"{good}, {good}")
    assert env.fernet_keys("THING", "") == [good, good]
    monkeypatch.setenv("THING", f"{good},hunter2")
    with pytest.raises(ImproperlyConfigured, match="Key 2 of THING") as caught:
        env.fernet_keys("THING", "")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "HOLDFAST_VAULT_KEYS", "DATABASE_URL", "REDIS_URL"])
def test_without_a_secret_or_an_engine_nothing_starts(missing: str):
    environment = {name: value for name, value in os.environ.items() if name != missing}
    started = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert f"{missing} is not set, so Holdfast does not start." in started.stderr


def settings_with(**environment: str) -> dict[str, str]:
    names = (
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "ALLOWED_HOSTS",
    )
    program = f"import portal.settings as s\nfor n in {names!r}: print(n, getattr(s, n), sep='=')"
    inherited = {name: value for name, value in os.environ.items() if name not in {"HOLDFAST_INSECURE_HTTP", "DEBUG"}}
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in said.stdout.splitlines())


def test_the_defaults_are_those_of_a_desk_on_the_open_internet():
    safe = settings_with(HOLDFAST_BASE_URL="https://desk.example")
    assert safe["DEBUG"] == "False"
    assert (safe["SESSION_COOKIE_SECURE"], safe["CSRF_COOKIE_SECURE"], safe["SECURE_SSL_REDIRECT"]) == (
        "True",
        "True",
        "True",
    )
    assert int(safe["SECURE_HSTS_SECONDS"]) >= 31536000
    assert "'desk.example'" in safe["ALLOWED_HOSTS"]
    assert "'*'" not in safe["ALLOWED_HOSTS"]


def test_the_celery_broker_is_the_same_redis():
    if settings.REDIS_URL.startswith("unix://"):
        assert settings.CELERY_BROKER_URL.startswith("redis+socket:///")
        assert settings.CELERY_BROKER_URL.endswith("?virtual_host=0")


def test_a_task_never_outlives_the_broker_s_patience():
    rules = Limits()
    longest = 2 * (rules.slice_seconds + rules.call_seconds)
    patience = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert patience > longest
    assert patience > LONGEST_COUNTDOWN


def test_no_time_limit_is_promised_that_the_threads_pool_would_not_keep():
    assert "threads" in _WORKER
    assert (app.conf.task_time_limit, app.conf.task_soft_time_limit) == (None, None)


def test_pages_come_with_the_strict_policy(client: Client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy


def names_read() -> set[str]:
    """Every variable that a source reads by a literal name."""
    found: set[str] = set()
    for path in (path for room in ("portal", "accounts", "sandbox") for path in (ROOT / room).rglob("*.py")):
        text = path.read_text()
        found |= set(re.findall(r"[\"'](HOLDFAST_[A-Z_]+?)(?:_FILE)?[\"']", text))
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
        found |= set(re.findall(r"text\(\"([A-Z_]+)\"\)", text))
    for path in (ROOT / "bin").iterdir():
        found |= set(re.findall(r"HOLDFAST_[A-Z_]+", path.read_text()))
    return found - INTERNAL


def test_the_example_environment_names_exactly_what_is_read():
    documented = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert documented == names_read()
