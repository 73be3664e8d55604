"""Reference data that more than one service reads."""
