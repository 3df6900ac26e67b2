"""Connections to Valkey on which an answer that nobody waits for is read with the next one."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis

_MOST_UNREAD = 16


@dataclass(slots=True)
class _Line:
    connection: Any  # redis-py types its connections only in part
    unread: int = 0


class Lines:
    """Connections of `client`'s pool that are kept apart from it, because a pool takes one with an unread answer for broken.

    Threads may share it: each line is one thread's while it is used. There are as many as threads ever asked at once.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._pool = client.connection_pool
        self._idle: deque[_Line] = deque()
        self._process = os.getpid()

    def ask(self, *command: Any) -> Any:
        """The answer to one command. Raises redis.RedisError.

        A connection that broke meanwhile is replaced once, so that the command may reach Valkey twice.
        """
        return self._used(command, answer=True)

    def tell(self, *command: Any) -> None:
        """Sends one command and does not wait for its answer. Raises redis.RedisError when it can't be sent."""
        self._used(command, answer=False)

    def _used(self, command: tuple[Any, ...], *, answer: bool) -> Any:
        if self._process != os.getpid():  # a fork must not write on its parent's lines
            self._idle, self._process = deque(), os.getpid()
        try:
            line = self._idle.pop()
        except IndexError:
            return self._on(self._fresh(), command, answer=answer)
        try:
            return self._on(line, command, answer=answer)
        except redis.ConnectionError:
            return self._on(self._fresh(), command, answer=answer)

    def _fresh(self) -> _Line:
        return _Line(self._pool.get_connection())

    def _on(self, line: _Line, command: tuple[Any, ...], *, answer: bool) -> Any:
        said, line.unread = None, line.unread + 1
        try:
            line.connection.send_command(*command, check_health=False)
            while line.unread > (0 if answer else _MOST_UNREAD):
                said = line.connection.read_response()
                line.unread -= 1
        except BaseException as error:
            if isinstance(error, redis.ResponseError) and answer and line.unread == 1:
                line.unread = 0  # Valkey said no to this command; what comes next on the line is the next one's
                self._idle.append(line)
            else:
                line.connection.disconnect()
                self._pool.release(line.connection)
            raise
        self._idle.append(line)
        return said


@lru_cache(maxsize=8)
def lines_of(client: redis.Redis) -> Lines:
    """The lines of this client, shared by all who have it."""
    return Lines(client)
