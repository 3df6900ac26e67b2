"""A message's text as blocks: paragraphs, and quotations or logs that keep their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

GIST = 160
"""Characters of the first line that a folded message shows."""
LOG_LINE = re.compile(r"^(\s*>|\t| {4,}\S|\d{3}[ -]\d\.\d\.\d|\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d)")
"""Quoted mail, indented code, an SMTP answer with its enhanced code, a line of a log with its time."""
MARK = re.compile(r"^\s*> ?")


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    quoted: bool


def blocks(body: str) -> list[Block]:
    """The body cut into blocks, in order; nothing is lost but blank lines and the `>` of quotations."""
    return list(_blocks(body.replace("\r\n", "\n").replace("\r", "\n")))


def _blocks(body: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", body):
        for quoted, lines in groupby(paragraph.split("\n"), key=lambda line: bool(LOG_LINE.match(line))):
            text = "\n".join(MARK.sub("", line) if quoted else line for line in lines).strip("\n")
            if text.strip():
                yield Block(text, quoted)


def gist(body: str) -> str:
    """The first words of a message, on one line."""
    words = " ".join(body.split())
    return words if len(words) <= GIST else words[: GIST - 1].rstrip() + "…"
