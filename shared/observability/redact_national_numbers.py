"""No national number reaches a log: the last step before a line is written takes them out of every text in it."""

from collections.abc import Mapping
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from shared.numbers import holds_national_number, without_national_numbers


def redact_national_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace national and BIS numbers in a log line: in its event, values, names of values and exceptions.

    A structlog processor. It stands after whatever makes text (exceptions are formatted by then), before the renderer.
    """
    for name, value in event.items():
        if not _is_plain(value):
            event[name] = _redacted(value)
    if any(holds_national_number(name) for name in event):
        return {without_national_numbers(name): value for name, value in event.items()}
    return event


def _is_plain(value: Any) -> bool:
    """Check whether a value needs no second look. Numbers are written too, so a large one is looked at as text."""
    if isinstance(value, str):
        return not holds_national_number(value)
    return value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 10**9)


def _redacted(value: Any) -> Any:
    if isinstance(value, str):
        return without_national_numbers(value)
    if isinstance(value, Mapping):
        return {without_national_numbers(str(name)): _redacted(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(inner) for inner in value]
    if _is_plain(value):
        return value
    # An int of eleven digits may be one; of any other kind what would be written is its text.
    text = str(value)
    redacted = without_national_numbers(text) if isinstance(value, int) else without_national_numbers(repr(value))
    return value if isinstance(value, int) and redacted == text else redacted
