"""The five tones in which Holdfast speaks about a state; every page uses these and no other colours for meaning."""

from enum import StrEnum


class Tone(StrEnum):
    FINE = "fine"
    SOON = "soon"
    URGENT = "urgent"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """We can't see: never to be read as fine."""

    @property
    def weight(self) -> int:
        """Worst first when sorted descending; unknown stands above soon, because it may hide anything."""
        return _WEIGHTS[self]


_WEIGHTS = {Tone.FINE: 0, Tone.SOON: 1, Tone.UNKNOWN: 2, Tone.URGENT: 3, Tone.BROKEN: 4}


def worst(tones: list[Tone]) -> Tone:
    """The tone of a whole, told by its worst part; nothing at all is unknown, not fine."""
    return max(tones, key=lambda tone: tone.weight, default=Tone.UNKNOWN)
