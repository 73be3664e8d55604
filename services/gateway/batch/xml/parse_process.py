"""Reading in a process of its own: `python -m services.gateway.batch.xml.parse_process FOLDER`.

The parser enters Python at the end of every element; in a thread the event loop would wait for its turn ten times as
long. Apart, a hostile file can also do no more than end this process, whose memory is bounded. See
docs/decisions/batch-reading.md.

Says one JSON object a line: `{"read": bytes}` now and then, and at the end `{"counted": …}` or
`{"refused": …, "language": …}`.
"""

import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

MEMORY_BYTES: Final = 1024**3
_TELL_SECONDS: Final = 0.5


def main(folder: Path) -> None:
    """Read the file in this folder and say how it went."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # Single registrations go before files.
    os.nice(5)
    from services.gateway.batch.rejection import FileRejectedError
    from services.gateway.batch.xml.read_declarations import read

    try:
        _say({"counted": read(folder, _Teller()).as_json()})
    except FileRejectedError as rejection:
        _say({"refused": rejection.as_json(), "language": rejection.language})


class _Teller:
    """Tells the progress twice a second."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _TELL_SECONDS

    def __call__(self, read: int) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_SECONDS
            _say({"read": read})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """The gateway holds our standard input open; when it dies, however it dies, the input ends."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
