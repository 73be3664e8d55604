"""The `fla` command: the local stack, a sender's client and an operator's tasks."""
