"""The demo's mails go to its own page, unless a mail server is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.runtime.desk import Desk, Engines
from portal.runtime.folder import Folder

PORTS = {"cloudviet": 9001, "smtp": 9004, "mail": 9005}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.prepare()
    return made


def environment(folder: Folder, ports: dict[str, int], **given: str) -> dict[str, str]:
    return Desk(folder, "127.0.0.1", 8000, Engines(None, None), ports).environment(given)


def test_the_demo_gets_its_own_mail_server_and_page(folder: Folder):
    told = environment(folder, PORTS)
    assert told["EMAIL_URL"] == "smtp://127.0.0.1:9004"
    assert told["HOLDFAST_DEMO_MAIL_URL"] == "http://127.0.0.1:9005/"


@pytest.mark.parametrize("name", ["EMAIL_URL", "EMAIL_URL_FILE"])
def test_a_mail_server_that_is_named_is_never_overruled(folder: Folder, name: str):
    told = environment(folder, PORTS, **{name: "smtp+tls://mx.agency.example"})
    assert not {"EMAIL_URL", "HOLDFAST_DEMO_MAIL_URL"} & told.keys()


def test_without_the_demo_there_is_none(folder: Folder):
    assert not {"EMAIL_URL", "HOLDFAST_DEMO_MAIL_URL"} & environment(folder, {}).keys()


def test_provider_accounts_may_not_point_at_the_mail_catcher(folder: Folder):
    assert environment(folder, PORTS)["HOLDFAST_ALLOWED_UPSTREAMS"] == "127.0.0.1:9001"
