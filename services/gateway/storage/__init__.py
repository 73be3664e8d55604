"""The gateway's tables and the statements that more than one of its rooms uses."""
