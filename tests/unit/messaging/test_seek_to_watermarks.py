"""Where consuming begins decides whether records are lost or told twice."""

import pytest

from shared.messaging.seek_to_watermarks import LogTooShortError, Starts, starts

PLACE = ("fla.trainings.v1", 3)


@pytest.mark.parametrize(("mark", "begin", "end", "offset", "lost"), [
    (0, 0, 0, 0, 0),  # nothing yet
    (0, 0, 9, 0, 0),  # nothing handled yet
    (5, 0, 9, 5, 0),  # in the middle
    (9, 0, 9, 9, 0),  # all handled
    (0, 4, 9, 4, 0),  # new to a topic whose oldest records are gone: nothing was ever ours
    (5, 5, 9, 5, 0),  # what is gone was handled
    (5, 7, 9, 7, 2),  # two records were deleted before they were handled
])  # fmt: skip
def test_begins_at_the_watermark_or_at_what_is_left(mark: int, begin: int, end: int, offset: int, lost: int) -> None:
    assert starts({PLACE: mark}, {PLACE: begin}, {PLACE: end}) == Starts({PLACE: offset}, {PLACE: lost} if lost else {})


def test_a_log_that_ends_before_the_watermark_is_refused_with_what_to_do() -> None:
    with pytest.raises(LogTooShortError, match=r"fla\.trainings\.v1-3 ends at offset 4, but 5 records .* reset"):
        starts({PLACE: 5}, {PLACE: 0}, {PLACE: 4})
