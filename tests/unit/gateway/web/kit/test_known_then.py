"""The day that somebody types to see what was known then: read as people write it, and never a day to come."""

from datetime import date, timedelta

import pytest

from services.gateway.web.kit.known_then import NOW, KnownThen, known_then
from shared.clock import brussels_today
from shared.i18n import Language

TODAY = brussels_today()


@pytest.mark.parametrize("typed", ["05/03/2024", "5.3.2024", "2024-03-05", " 05032024 "])
def test_a_day_is_read(typed: str) -> None:
    assert known_then(typed, Language.DUTCH).day == date(2024, 3, 5)


def test_nothing_typed_and_today_are_now() -> None:
    assert known_then("  ", Language.DUTCH) == NOW
    assert known_then(TODAY.isoformat(), Language.DUTCH).day is None


@pytest.mark.parametrize("typed", ["31/02/2024", "yesterday", "85.07.30-033.28", (TODAY + timedelta(1)).isoformat(),
                                   "31/12/2022"])  # fmt: skip
@pytest.mark.parametrize("language", list(Language))
def test_what_is_no_such_day_is_told_and_shows_today(typed: str, language: Language) -> None:
    found: KnownThen = known_then(typed, language)
    assert found.day is None
    assert found.error
    assert "033" not in found.typed, "a national number is repeated"
