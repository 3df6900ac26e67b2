"""Logs lead from the click to the task, and carry no secret."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import time
from pathlib import Path

import pytest
import structlog

from portal import logs
from portal.celery import app


@pytest.fixture
def written() -> io.StringIO:
    """What a logger with our formatter writes."""
    return io.StringIO()


def log_line(written: io.StringIO, event: str = "said", **values: object) -> dict[str, object]:
    formatter = logs.logging_config("INFO")["formatters"]["json"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        structlog.stdlib.get_logger("tests.logs").info(event, **values)
    finally:
        logger.removeHandler(handler)
    line: dict[str, object] = json.loads(written.getvalue())
    return line


@pytest.mark.parametrize(
    "name",
    ["password", "refresh_token", "Authorization", "client_secret", "credentials", "api_key", "epp_code", "Cookie"],
)
def test_a_value_with_a_secret_name_is_hidden(written: io.StringIO, name: str):
    assert log_line(written, **{name: "hunter2"})[name] == logs.MASK


def test_a_secret_inside_a_value_is_hidden_at_any_depth(written: io.StringIO):
    line = log_line(written, answer={"user": "alice", "items": [{"token": "hunter2"}]})
    assert line["answer"] == {"user": "alice", "items": [{"token": logs.MASK}]}


@pytest.mark.parametrize(
    "sentence",
    [
        "sent Authorization: Bearer hunter2 to the portal",
        "sent Basic hunter2",
        "GET /x?password=hunter2&y=1",
        "connecting to https://alice:hunter2@portal.example/api",
        """{"refresh_token": "hunter2"}""",
        """{"password": "hunter2, and hunter2"}""",
        """said {\\"password\\": \\"hunter2\\"} inside of JSON""",
        "password='hunter2 of hunter2'",
        "client_secret=hunter2@hunter2",
        "sent Authorization: hunter2",
        "sent {'Authorization': 'Odd hunter2'}",
        "Cookie: sessionid=hunter2; csrftoken=hunter2",
        "Set-Cookie: other=hunter2; Path=/",
        "redis://:hunter2@cache/0",
        "postgresql://alice:hunter2@hunter2@db/x",
    ],
)
def test_a_secret_inside_a_sentence_is_hidden(written: io.StringIO, sentence: str):
    said = str(log_line(written, event=sentence)["event"])
    assert "hunter2" not in said
    assert logs.MASK in said


class Upstream(Exception):
    pass


class Answer:
    def __str__(self) -> str:
        return "Answer(token=hunter2)"


@pytest.mark.parametrize(
    "value",
    [
        Upstream("password=hunter2"),
        b"password=hunter2",
        Answer(),
        frozenset({"token=hunter2"}),
        [Upstream("token=hunter2")],
    ],
)
def test_a_secret_inside_something_that_is_no_text_is_hidden(written: io.StringIO, value: object):
    said = str(log_line(written, what=value)["what"])
    assert "hunter2" not in said
    assert logs.MASK in said


def test_an_exception_keeps_its_name(written: io.StringIO):
    assert log_line(written, error=Upstream("the portal is down"))["error"] == "Upstream: the portal is down"


@pytest.mark.parametrize("part", ["password", "a-", "://a:", "Cookie", '\\"', "'", "bearer ", "token=\\"])
def test_a_long_line_is_cleaned_in_no_time(part: str):
    began = time.monotonic()
    logs.hide_secrets(None, "", {"event": part * 20_000})
    assert time.monotonic() - began < 2


def test_what_is_no_secret_stays_readable(written: io.StringIO):
    said = "3 tokens of the list read at http://portal.example:8000/api"
    line = log_line(written, event=said, account="42", token_expired=True)
    assert line["event"] == said
    assert (line["account"], line["token_expired"]) == ("42", True)


def test_the_lines_of_one_request_share_its_id(written: io.StringIO):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        assert log_line(written)["request_id"] == "r-1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("celery_worker_process")
def test_the_id_of_a_click_travels_into_the_task_that_it_filed(celery_worker_log: Path):
    with structlog.contextvars.bound_contextvars(request_id="click-7"):
        app.send_task("sync.tasks.tick")
    deadline = time.monotonic() + 10
    while not (lines := [line for line in celery_worker_log.read_text().splitlines() if '"click-7"' in line]):
        assert time.monotonic() < deadline, celery_worker_log.read_text()[-2000:]
        time.sleep(0.1)
    assert json.loads(lines[0])["task"] == "sync.tasks.tick"
    assert json.loads(lines[0])["request_id"] == "click-7"
