"""A mirror kept in step while everything goes wrong: what happens upstream, what befalls the desk, what must be left."""
