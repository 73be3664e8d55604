"""What a declaration tells about a name, next to what its employer said before: in the order in which it is decided."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.intake.declared import DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.declared_names import DeclaredNames, NameEffect
from services.gateway.vault.name import Name
from services.gateway.vault.visible_names import KnownNames, NameSaid
from shared.anomalies import anomaly

EMPLOYER, PERSON = "1999010345", "00000000-0000-8000-8000-000000000001"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
FILE = SubmissionEnvelope("file", Sender(EMPLOYER, "client:test", frozenset({EMPLOYER})), "batch", NINE.isoformat())
PETERS, PEETERS = {"givenName": "Jan", "familyName": "Peters"}, {"givenName": "Jan", "familyName": "Peeters"}
DIFFERS = [anomaly("nameDiffers", "familyName")]


def names(*said: NameSaid, official: Name | None = None) -> DeclaredNames:
    return DeclaredNames({(EMPLOYER, PERSON): KnownNames(said, official)})


def settled(family: str, *, past: bool = False) -> NameSaid:
    return NameSaid(Name("Jan", family), past, NINE - timedelta(days=2 if past else 1))


def take(
    told: DeclaredNames, line: int, name: dict[str, str], *, change: bool = False, employed: bool = True
) -> NameEffect:
    kind = DeclarationKind.EMPLOYMENT_CHANGE if change else DeclarationKind.EMPLOYMENT_REGISTRATION
    fields: dict[str, Any] = {"enterpriseNumber": EMPLOYER} | name
    return told.take(FILE, Declared(line, kind, fields), fields, PERSON, employed=employed)


def kept(told: DeclaredNames) -> list[tuple[int, str | None]]:
    return [(one.line, one.name.family) for one in told.declared]


def test_somebody_new_has_a_name_and_no_change() -> None:
    told = names()
    assert take(told, 1, PETERS, employed=False) == NameEffect()
    assert kept(told) == [(1, "Peters")]


def test_a_name_for_who_had_none_is_a_change() -> None:
    assert take(names(), 1, {"familyName": "Peters"}) == NameEffect(changed=True)


@pytest.mark.parametrize("change", [False, True])
def test_no_name_and_the_same_name_change_nothing(change: bool) -> None:
    for name in ({}, {"givenName": "Jan"}, PETERS):
        told = names(settled("Peters"))
        assert take(told, 1, name, change=change) == NameEffect()
        assert kept(told) == []


def test_another_name_changes_it_and_only_a_registration_is_warned_of() -> None:
    assert take(names(settled("Peters")), 1, PEETERS) == NameEffect(changed=True, warnings=DIFFERS)
    assert take(names(settled("Peters")), 1, PEETERS, change=True) == NameEffect(changed=True)


def test_what_was_replaced_is_not_brought_back_by_sending_it_again() -> None:
    """Lost: a correction, to the payroll run of the next month."""
    said = (settled("Peters", past=True), settled("Peeters"))
    assert take(names(*said), 1, PETERS) == NameEffect()
    assert take(names(*said), 1, PETERS, change=True) == NameEffect(changed=True)


def test_where_the_official_name_is_known_the_warning_compares_with_it() -> None:
    official = Name("Johanna", "Peeters")
    assert take(names(settled("Peters"), official=official), 1, {"familyName": "Claes"}).warnings == DIFFERS
    assert take(names(settled("Peters"), official=official), 1, {"familyName": "PEETERS"}).warnings == []


def test_each_declaration_of_a_file_is_compared_with_those_decided_before_it() -> None:
    told = names()
    assert take(told, 4, PETERS, employed=False) == NameEffect()
    # The same again in the same file: kept too, because the first may be refused.
    assert take(told, 6, PETERS) == NameEffect()
    assert take(told, 7, PEETERS) == NameEffect(changed=True, warnings=DIFFERS)
    # A change is decided after all registrations of its file, wherever it stands.
    assert take(told, 1, PETERS, change=True) == NameEffect(changed=True)
    assert kept(told) == [(4, "Peters"), (6, "Peters"), (7, "Peeters"), (1, "Peters")]


def test_a_chunk_that_is_prepared_again_says_the_same() -> None:
    """Its names, and those of what comes after it, are there already when a crash makes it be prepared anew."""
    first = names()
    before = [take(first, 1, PETERS), take(first, 2, PEETERS)]
    pending = [
        NameSaid(one.name, past=False, at=one.received_at, submission=one.submission, rank=one.rank, line=one.line)
        for one in first.declared
    ]
    again = names(*pending)
    assert [take(again, 1, PETERS), take(again, 2, PEETERS)] == before
    assert again.declared == first.declared


def test_a_pending_name_older_than_the_one_that_holds_counts_no_more() -> None:
    stale = NameSaid(Name("Jan", "Claes"), past=False, at=NINE - timedelta(days=3), submission="earlier", line=1)
    assert take(names(settled("Peters"), stale), 1, PETERS) == NameEffect()
