"""What nobody waits for is sent at once, and its answer is read with the next one."""

from __future__ import annotations

import threading
import uuid

import pytest
import redis
from django.conf import settings

from providers.limits import valkey_client
from providers.lines import Lines


@pytest.fixture
def valkey():
    client = valkey_client(settings.REDIS_URL)
    yield client
    client.close()


@pytest.fixture
def key(valkey):
    name = f"lines:{uuid.uuid4().hex}"
    yield name
    valkey.delete(name)


def test_what_is_told_reaches_valkey_without_anybody_asking(valkey, key):
    Lines(valkey).tell("SET", key, "1")
    other = valkey_client(settings.REDIS_URL)
    for _ in range(1000):
        if other.get(key):
            break
    assert other.get(key) == b"1"
    other.close()


def test_each_question_gets_its_own_answer_whatever_was_told_before(valkey, key):
    lines = Lines(valkey)
    for number in range(200):
        lines.tell("INCR", key)
        if number % 3 == 0:
            assert lines.ask("ECHO", f"{number}") == str(number).encode()
    assert int(lines.ask("GET", key)) == 200


def test_many_threads_never_get_each_others_answers(valkey):
    lines, wrong = Lines(valkey), []

    def talk(name: int) -> None:
        for number in range(100):
            lines.tell("ECHO", "nobody reads this")
            if lines.ask("ECHO", f"{name}/{number}") != f"{name}/{number}".encode():
                wrong.append((name, number))

    threads = [threading.Thread(target=talk, args=[name]) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_command_that_valkey_refuses_leaves_the_line_in_order(valkey, key):
    lines = Lines(valkey)
    lines.tell("SET", key, "text")
    with pytest.raises(redis.ResponseError):
        lines.ask("INCR", key)
    assert lines.ask("GET", key) == b"text"


def test_a_refusal_that_nobody_waited_for_is_told_to_the_next_who_asks(valkey, key):
    lines = Lines(valkey)
    lines.ask("SET", key, "text")
    lines.tell("INCR", key)
    with pytest.raises(redis.ResponseError):
        lines.ask("GET", key)
    assert lines.ask("GET", key) == b"text", "on a new line"


def test_a_line_that_was_cut_is_replaced(valkey, key):
    lines = Lines(valkey)
    lines.tell("SET", key, "1")
    mine = lines.ask("CLIENT", "ID")
    valkey.client_kill_filter(_id=mine)
    assert lines.ask("GET", key) == b"1"
    assert lines.ask("CLIENT", "ID") != mine
