"""Addresses of the pages about files."""

BATCHES = "/batches"
NEW_BATCH = "/batches/new"


def batch(identifier: str) -> str:
    """One batch: acknowledgement, progress, anomalies."""
    return f"{BATCHES}/{identifier}"


def batch_report(identifier: str) -> str:
    """The itemised report of a batch as a file."""
    return f"{batch(identifier)}/report"
