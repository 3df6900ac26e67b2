"""The demo's mail server: takes everything, delivers nothing, shows what came on a page of this machine."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
import requests

from sandbox import mail
from sandbox.mail import MailCatcher
from sandbox.messages import Request
from sandbox.state import State


def letter(subject: str = "Hello", *, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "desk@agency.example", "alice@agency.example"
    message.set_content("See https://desk.example/domains/1/ and <b>this</b>.")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def post(catcher: MailCatcher, *letters: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", catcher.smtp_port, timeout=5) as server:
        for each in letters:
            server.send_message(each)


def page(catcher: MailCatcher, path: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{catcher.port}{path}", timeout=5)


def test_what_is_mailed_can_be_read_on_the_page():
    with MailCatcher() as catcher:
        assert "None yet" in page(catcher, "/").text
        post(catcher, letter("Ngày hết hạn", html="<p>Hi</p>"))
        assert "Ngày hết hạn" in page(catcher, "/").text
        shown = page(catcher, "/mails/1").text
        assert "<a href='https://desk.example/domains/1/'>https://desk.example/domains/1/</a>" in shown
        assert "&lt;b&gt;this&lt;/b&gt;" in shown
        assert "<p>Hi</p>" in page(catcher, "/mails/1/html").text
        (told,) = requests.get(f"http://127.0.0.1:{catcher.port}/_sandbox/mails", timeout=5).json()["mails"]
        assert (told["to"], told["subject"]) == (["alice@agency.example"], "Ngày hết hạn")
        requests.delete(f"http://127.0.0.1:{catcher.port}/_sandbox/mails", timeout=5)
        assert "None yet" in page(catcher, "/").text
        assert page(catcher, "/mails/1").status_code == 404


def test_nothing_in_a_mail_runs_on_the_page():
    with MailCatcher() as catcher:
        post(catcher, letter("<script>alert(1)</script>", html="<script>alert(2)</script>"))
        for path in ("/", "/mails/1"):
            answer = page(catcher, path)
            assert "<script>" not in answer.text
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert page(catcher, "/mails/1/html").headers["Content-Security-Policy"].endswith("; sandbox")


def test_only_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "KEPT", 5)
    with MailCatcher() as catcher:
        post(catcher, *(letter(f"Number {number}") for number in range(9)))
        assert [mail.told(record)["subject"] for record in catcher.mails()] == [f"Number {n}" for n in range(4, 9)]


def test_a_mail_that_is_too_large_is_refused():
    with MailCatcher() as catcher:
        large = letter()
        large.set_content("x" * 70 + "\n", cte="7bit")
        large.set_payload(("x" * 70 + "\n") * 20_000)
        with pytest.raises(smtplib.SMTPException):
            post(catcher, large)
        assert catcher.mails() == []


def test_they_are_read_on_this_machine_only():
    with MailCatcher() as catcher:
        answer = catcher.answer(Request("GET", "/", {}, {}, client="192.0.2.7"))
        assert answer.status == 403


def test_they_are_kept_across_a_restart(tmp_path: Path):
    file = tmp_path / "mails.sqlite3"
    with MailCatcher(State(file)) as catcher:
        post(catcher, letter("Kept"))
    with MailCatcher(State(file)) as catcher:
        assert [mail.told(record)["subject"] for record in catcher.mails()] == ["Kept"]


def test_the_sandbox_s_process_takes_mails_where_it_is_told_to(tmp_path: Path):
    ports = [free_port() for _ in range(5)]
    names = ("cloudviet", "dns-services", "vps-org", "smtp", "mail")
    options = [part for name, port in zip(names, ports, strict=True) for part in (f"--{name}-port", str(port))]
    command = [sys.executable, "-m", "sandbox", "serve", "--data", str(tmp_path), "--empty", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("sandbox ready: ")
            with smtplib.SMTP("127.0.0.1", ports[3], timeout=5) as server:
                server.send_message(letter("From outside"))
            assert "From outside" in requests.get(f"http://127.0.0.1:{ports[4]}/", timeout=5).text
        finally:
            process.terminate()
        assert process.wait(10) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
