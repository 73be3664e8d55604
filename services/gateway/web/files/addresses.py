"""Addresses of the pages about files."""

BATCHES = "/batches"
NEW_BATCH = "/batches/new"


def batch(identifier: str) -> str:
    """Give the address of one file: acknowledgement, progress, anomalies."""
    return f"{BATCHES}/{identifier}"


def batch_report(identifier: str) -> str:
    """Give the address of the itemised report of a file."""
    return f"{batch(identifier)}/report"
