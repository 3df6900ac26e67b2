"""What `bin/sandbox --help` tells is what there is."""

import subprocess
import sys

import pytest

from sandbox import control
from sandbox.__main__ import read
from sandbox.faults import KINDS, Fault
from sandbox.manual import EXAMPLES, PORTS, manual
from tests.sandbox.conftest import control as ask


@pytest.fixture(scope="module")
def text() -> str:
    return manual()


def test_it_names_each_portal_with_its_port_and_credential(text, reading):
    for portal in reading:
        assert f"http://127.0.0.1:{PORTS[portal.key]}{portal.api_root}" in text
        assert f"http://127.0.0.1:{PORTS[portal.key]}{control.ROOT}/" in text
        assert all(value in text for value in portal.credential.values())


def test_it_names_each_control_each_setting_and_each_fault_with_its_options(text, reading):
    for portal in reading:
        assert [one.path for one in control.router(portal).routes if f"{control.ROOT}{one.path}" not in text] == []
        assert [name for name in portal.default_settings if name != "clock_offset" and f'"{name}"' not in text] == []
    assert [kind for kind in KINDS if f"\n  {kind} " not in text] == []
    assert [name for name in Fault.__dataclass_fields__ if name != "hits" and name not in text] == []


def test_each_fault_has_words(text):
    for kind in KINDS:
        line = next(one for one in text.splitlines() if one.startswith(f"  {kind} "))
        assert line.removeprefix(f"  {kind}").strip(), kind


def test_its_examples_are_taken(sandbox):
    for path, body in EXAMPLES:
        assert ask(sandbox.cloudviet, path, body)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_help_is_printed_whole_and_nothing_is_started(arguments):
    command = [sys.executable, "-m", "sandbox", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert "two forms of VPS.org:" in done.stdout
    assert "drop-after" in done.stdout
    assert done.stderr == ""


def test_the_options_have_the_ports_that_the_manual_tells():
    options = read(["serve", "--data", "x"])
    assert {key: getattr(options, f"{key.replace('-', '_')}_port") for key in PORTS} == PORTS
