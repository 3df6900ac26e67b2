"""What can go wrong in this room and must be told apart above it."""

from __future__ import annotations


class VaultError(Exception):
    """Something sealed can't be opened. Its text is a sentence for staff and holds no secret."""
