"""Answers about a file: the acknowledgement, the outcomes, the itemised report."""
