"""What upstream tells once and nobody else may read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """An EPP code, a password. `repr` shows nothing of it. Empty where the portal sends it another way, which `words` then say."""

    value: str = field(repr=False)
    words: str = ""

    def __str__(self) -> str:
        return "(secret)"
