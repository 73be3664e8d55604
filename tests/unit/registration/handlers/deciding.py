"""Deciding without a database: one batch after another on what the batches before left."""

from typing import Any

from services.registration.handlers.training_submissions import Verdicts, decide
from services.registration.storage.versions import Book


def decided(*events: dict[str, Any], book: Book | None = None) -> Verdicts:
    return decide(Book() if book is None else book, events)


def told(verdicts: Verdicts) -> list[tuple[int, str, list[str]]]:
    """What each sender hears: line, status and codes, in order of line."""
    lines = [(event["data"]["item"]["line"], "accepted", list[str]()) for event in verdicts.accepted]
    for _, outcome in verdicts.others:
        lines.append((outcome["line"], outcome["status"], [found["code"] for found in outcome["anomalies"]]))
    return sorted(lines)


def versions(verdicts: Verdicts) -> list[tuple[int, str]]:
    return [(version.training.version, version.training.change.value) for _, version in verdicts.versions]
