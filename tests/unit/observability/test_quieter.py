"""An outage of an hour fills no disk with its log, and what is left out is told."""

import logging

from shared.observability.quieter import MOST_OF_A_LINE, WINDOW_SECONDS, Quieter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _record(text: str, *values: object, level: int = logging.WARNING) -> logging.LogRecord:
    return logging.LogRecord("aiokafka", level, "client.py", 1, text, values, None)


def test_an_outage_is_bounded_whatever_its_lines_name() -> None:
    """Lost: a disk, to thousands of lines that differ in a node's number."""
    clock = Clock()
    quieter = Quieter(clock)
    written = 0
    for second in range(3600):
        clock.now = float(second)
        for node in range(10):
            written += quieter.filter(_record("Unable to connect to node %s", node))
    assert written == 60 * MOST_OF_A_LINE


def test_what_was_left_out_is_counted_and_the_first_of_each_kind_is_written() -> None:
    clock = Clock()
    quieter = Quieter(clock)
    assert [quieter.filter(_record("a")) for _ in range(MOST_OF_A_LINE + 3)] == [True] * MOST_OF_A_LINE + [False] * 3
    assert quieter.filter(_record("b"))
    assert quieter.filter(_record("a", level=logging.ERROR))
    clock.now = WINDOW_SECONDS
    again = _record("a")
    assert quieter.filter(again)
    assert again.getMessage() == "a [3 more like this were left out]"
    after = _record("a")
    assert quieter.filter(after)
    assert after.getMessage() == "a"
