"""The reason of a failed start must be in the sentence itself: few people look for a log file."""

from pathlib import Path

import pytest

from deploy.local.waiting import last_words

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


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (TRACEBACK, 'sqlalchemy.exc.ProgrammingError: syntax error at or near "only"'),
        ("first\nport taken\n\n", "port taken"),
        ("", "it left no message"),
        ("x" * 400, "x" * 300),
    ],
)
def test_the_line_that_says_what_went_wrong_is_found(tmp_path: Path, log: str, words: str) -> None:
    path = tmp_path / "one.log"
    path.write_text(log)
    assert last_words(path) == words


def test_a_process_that_never_wrote_a_log_is_said_so(tmp_path: Path) -> None:
    assert last_words(tmp_path / "missing.log") == "it left no message"
