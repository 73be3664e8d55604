"""Files in bulk: the list, sending one, and what became of it."""
