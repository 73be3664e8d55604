"""Answers about a file: acknowledgement, outcomes, the itemised report."""
