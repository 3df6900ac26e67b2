"""Scripted tickets, read from the texts beside this file.

A script begins with `=== department | subject`, with `| attachment` where its first message carries a log; `--- client` and
`--- staff` begin its messages. The texts are string.Template's: domain, ip, vm, invoice, service, client, staff, portal.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "threads"
MESSAGE = re.compile(r"^--- (client|staff)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    department: str
    subject: str
    # (client or staff, text), in order
    messages: tuple[tuple[str, str], ...]
    attachment: bool

    def subject_for(self, domain: str) -> str:
        return self.subject.replace("$domain", domain)


def read(language: str) -> list[Script]:
    text = (FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    return [_script(block) for block in text.split("=== ")[1:]]


def _script(block: str) -> Script:
    head, _, rest = block.partition("\n")
    department, subject, *flags = (part.strip() for part in head.split("|"))
    parts = MESSAGE.split(rest)[1:]
    messages = tuple(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))
    return Script(department, subject, messages, "attachment" in flags)
