"""VPS.org."""
