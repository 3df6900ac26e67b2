"""Host names as portals keep them: lower case, punycode, no final dot."""

import re

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def to_ascii(name: str) -> str:
    """Punycode of an internationalised name; an empty text when it can't be one."""
    name = name.strip().rstrip(".").lower()
    try:
        return name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        return ""


def to_unicode(name: str) -> str:
    """As people write it."""
    return name.encode("ascii").decode("idna")


def is_name(name: str) -> bool:
    labels = name.split(".")
    return len(name) <= 253 and len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels)
