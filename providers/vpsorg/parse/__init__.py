"""From VPS.org's rows to our resources, in both of its spellings (REFERENCE.md, chapters 5 and 6)."""
