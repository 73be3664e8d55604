"""In whose scope the services are asked: an employer's ends with the access to a person, an inspector's does not."""

from datetime import date

import pytest

from services.gateway.access.former_employees import EVERYONE, Window, open_since
from services.gateway.web.kit.frame import Access, ActingFor, Capacity, Party
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import ForbiddenError, OpenEnterprise, Visitor
from shared.access.scope import pair
from shared.i18n import Language

OWN, MANDATED, INSPECTED = "1999010345", "1999010444", "1999010246"
PERSON = "018f0000-0000-7000-8000-000000000001"
SESSION = Session("token", PERSON, None, "csrf", "Els Vandamme")
SINCE = date(2026, 1, 31)


def door(number: str, capacity: Capacity, organisation: str) -> OpenEnterprise:
    return OpenEnterprise(ActingFor(Party(number, "Naam"), capacity, Access.READ), organisation)


READER = Visitor(
    Language.DUTCH,
    SESSION,
    (),
    {
        OWN: door(OWN, Capacity.OWN, OWN),
        MANDATED: door(MANDATED, Capacity.MANDATARY, OWN),
        INSPECTED: door(INSPECTED, Capacity.INSPECTOR, ""),
    },
    Window(SINCE, frozenset({pair(OWN, PERSON), pair(MANDATED, PERSON)})),
)


@pytest.mark.parametrize(
    ("enterprises", "since", "reopened"),
    [
        ((OWN,), SINCE, {pair(OWN, PERSON)}),
        ((MANDATED,), SINCE, {pair(MANDATED, PERSON)}),
        ((OWN, MANDATED), SINCE, {pair(OWN, PERSON), pair(MANDATED, PERSON)}),
        ((INSPECTED,), None, set()),
        # What is asked for both at once is asked as the employer: it opens nothing.
        ((OWN, INSPECTED), SINCE, {pair(OWN, PERSON)}),
    ],
)
def test_a_scope_closes_whoever_left_unless_an_inspector_asks(
    enterprises: tuple[str, ...], since: date | None, reopened: set[str]
) -> None:
    scope = READER.scope(*enterprises)
    assert (scope.open_since, scope.reopened) == (since, reopened)


def test_a_persons_own_account_has_no_end() -> None:
    assert READER.own_scope.open_since is None


def test_nobody_is_open_through_a_door_that_is_not_the_readers() -> None:
    with pytest.raises(ForbiddenError):
        READER.window("1999010147")


@pytest.mark.parametrize(("days", "since"), [(30, date(2026, 1, 31)), (0, date(2026, 3, 2)), (365, date(2025, 3, 2))])
def test_the_first_day_that_is_open_lies_so_many_days_back(days: int, since: date) -> None:
    assert open_since(date(2026, 3, 2), days) == since
    assert EVERYONE.since is None
