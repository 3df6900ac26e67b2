class Problem(Exception):
    """Something a person has to know or do; its text is the whole message, and no traceback is shown."""
