"""The reason of a failed start must be in the sentence itself: few people look for a log file."""

from pathlib import Path

import pytest

from deploy.failure_reason import reason_in_log

TRACEBACK = """\
2026-01-01 starting
Traceback (most recent call last):
  File "x.py", line 1, in <module>
    raise
sqlalchemy.exc.ProgrammingError: syntax error at or near "only"
[SQL:
CREATE TABLE x
]
(Background on this error at: somewhere)
"""


JAVA = """\
Formatting metadata directory
java.nio.file.AccessDeniedException: /elsewhere
\tat java.base/sun.nio.fs.UnixException.translateToIOException(Unknown Source)
\t... 7 more
"""
INITDB = """\
initdb: error: could not create directory "x/global": No space left on device
initdb: removing contents of data directory "x"
"""
SERVICE = """\
{"event": "Traceback (most recent call last):\\nservices.x.WrongKeyError: not the key\\n", "level": "error"}
{"event": "Application startup failed. Exiting.", "level": "error"}
"""
POSTGRES = """\
2026-11-25 14:47:15.817 UTC [28752] FATAL:  lock file "postmaster.pid" already exists
2026-11-25 14:47:15.817 UTC [28752] HINT:  Is another postmaster running?
"""


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (TRACEBACK, 'sqlalchemy.exc.ProgrammingError: syntax error at or near "only"'),
        (JAVA, "java.nio.file.AccessDeniedException: /elsewhere"),
        (SERVICE, "services.x.WrongKeyError: not the key"),
        (INITDB, 'initdb: error: could not create directory "x/global": No space left on device'),
        (POSTGRES, POSTGRES.splitlines()[0]),
        ("first\nport taken\n\n", "port taken"),
        ("", "it left no message"),
        ("x" * 400, "x" * 300),
    ],
)
def test_the_line_that_says_what_went_wrong_is_found(tmp_path: Path, log: str, words: str) -> None:
    path = tmp_path / "one.log"
    path.write_text(log)
    assert reason_in_log(path) == words


def test_a_process_that_never_wrote_a_log_is_said_so(tmp_path: Path) -> None:
    assert reason_in_log(tmp_path / "missing.log") == "it left no message"
