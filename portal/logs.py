"""Structured logs: one JSON object a line, without secrets."""

from __future__ import annotations

import logging.config
import re
from collections.abc import Mapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

MASK: Final = "[hidden]"
_SECRET_NAME: Final = re.compile(
    r"password|passwd|passphrase|token|authorization|secret|credential|refresh|cookie|sessionid|api_?key|private_?key|epp",
    re.IGNORECASE,
)
# What a secret looks like inside a sentence; the group stays, what follows it is hidden.
_SECRET_TEXTS: Final = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # A header, to the end of its line or quotation: "Authorization: abc", "'Cookie': 'a=b; c=d'".
        r"""(\b(?:authorization|cookie)\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]+""",
        r"""(\b(?:bearer|basic)\s+)[^\s"'@&,;]+""",
        # "password=abc", "client_secret: 'a b c'", "{\"token\": \"abc\"}", also as text inside of JSON.
        (
            r"""(\b\w*(?:password|passwd|passphrase|token|secret|sessionid|api_?key|private_?key)\\*["']?\s*[=:]\s*)"""
            r"""(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\\+["'][^"'\\]*|[^\s"'&,;]+)"""
        ),
        # The password of an address: "https://user:abc@host".
        r"""(://[^/\s:@]*:)[^\s"'/]+(?=@)""",
    )
]


# Asked or done every few seconds; what is wrong is in the answer of /readyz, and the lines would bury all others.
_ROUTINE: Final = ("/healthz", "/readyz", "/metrics", "portal.tasks.heartbeat")


class WithoutRoutine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # A line of structlog is a mapping until it is formatted; a library's is a sentence.
        if isinstance(record.msg, Mapping):
            said = [str(record.msg.get(name, "")) for name in ("request", "task", "child_task_name")]
        else:
            said = [record.getMessage()]
        return record.levelno >= logging.CRITICAL or not any(text.endswith(_ROUTINE) for text in said)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: MASK if _is_secret(name, value) else _cleaned(value) for name, value in event.items()}


def _is_secret(name: object, value: object) -> bool:
    return not isinstance(value, bool | None) and isinstance(name, str) and _SECRET_NAME.search(name) is not None


def _cleaned(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key: MASK if _is_secret(key, inner) else _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner) for inner in value]
    return _without_secrets(_text(value))


def _text(value: object) -> str:
    """What the line would say of it. Made here and not by the renderer, which comes too late for hiding anything."""
    if isinstance(value, bytes | bytearray):
        return value.decode(errors="replace")
    return f"{type(value).__name__}: {value}" if isinstance(value, BaseException) else str(value)


def _without_secrets(text: str) -> str:
    for secret in _SECRET_TEXTS:
        text = secret.sub(lambda found: found[1] + MASK, text)
    return text


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def logging_config(level: str) -> dict[str, Any]:
    """For logging.config.dictConfig: everything to standard error, where the supervisor or the container picks it up."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        # What the standard library's loggers are given as `extra` becomes fields too.
        "foreign_pre_chain": [*_shared_processors(), structlog.stdlib.ExtraAdder()],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "filters": {"routine": {"()": WithoutRoutine}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["routine"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Each of these says in several lines what our own request and task lines already say once.
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure_logging(level: str = "INFO") -> None:
    configure_structlog()
    logging.config.dictConfig(logging_config(level))
