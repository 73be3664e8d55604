"""Parsing in a process of its own: `python -m services.gateway.batch.xml.parse_process FOLDER`.

The parser enters Python at the end of every element; in a thread the event loop would wait for the interpreter ten
times as long. A hostile file can also do no more than end this process, whose memory is bounded. See
docs/decisions/batch-reading.md.

Prints one JSON object a line: `{"read": bytes}` now and then, and at the end `{"summary": …}` or
`{"rejected": …, "language": …}`. A `{"verdict": …, "language": …}` before it is the same without the places where the
file breaks its schema: what holds should looking for them end this process.
"""

import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from services.gateway.limits import PARSE_MEMORY

if TYPE_CHECKING:
    from services.gateway.batch.rejection import FileRejectedError

_PROGRESS_SECONDS: Final = 0.5


def main(folder: Path) -> None:
    """Parse the file in this folder and print its summary or why it is rejected."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (PARSE_MEMORY, PARSE_MEMORY))
    # Single registrations go before files.
    os.nice(5)
    from services.gateway.batch.rejection import FileRejectedError
    from services.gateway.batch.xml.parse_declarations import parse_declarations

    try:
        _print({"summary": parse_declarations(folder, _PrintProgress(), _print_verdict).as_json()})
    except FileRejectedError as rejection:
        failed = {"searchFailed": rejection.search_failed} if rejection.search_failed else {}
        _print({"rejected": rejection.as_json(), "language": rejection.language, **failed})


def _print_verdict(rejection: "FileRejectedError") -> None:
    _print({"verdict": rejection.as_json(), "language": rejection.language})


class _PrintProgress:
    """Prints the progress twice a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PROGRESS_SECONDS

    def __call__(self, read: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PROGRESS_SECONDS
            _print({"read": read})


def _print(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """End this process with the gateway: it holds our standard input open, which ends however it dies."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
