"""If these failed, someone would read what belongs to another enterprise or person."""

from uuid import UUID

import pytest
from fastapi import HTTPException

from services.dashboard.queries.asking import of_enterprise, of_person
from shared.access.scope import ActorKind, Role, Scope, system_scope

PERSON = "0f3c8b52-7f0e-4b59-9d2e-b1f2a7f1c001"
OTHER = "0f3c8b52-7f0e-4b59-9d2e-b1f2a7f1c002"
EMPLOYER = Scope(
    ActorKind.PERSON,
    PERSON,
    enterprises=frozenset({"0200000037", "0200000136"}),
    person=PERSON,
    roles=frozenset({Role.EMPLOYER_WRITE, Role.CITIZEN}),
)


def test_a_question_about_one_enterprise_sees_that_one_only_and_not_ones_own_rows_elsewhere() -> None:
    scope = of_enterprise("0200000037", EMPLOYER)

    assert scope.enterprises == {"0200000037"}
    assert scope.person is None


def test_another_enterprise_does_not_exist_for_the_asker() -> None:
    with pytest.raises(HTTPException) as refused:
        of_enterprise("0200000235", EMPLOYER)
    assert refused.value.status_code == 404


def test_ones_own_account_holds_every_employer_and_nobody_else() -> None:
    scope = of_person(UUID(PERSON), EMPLOYER)

    assert scope.person == PERSON
    assert scope.enterprises == frozenset()


def test_knowing_a_persons_id_opens_nothing() -> None:
    with pytest.raises(HTTPException) as refused:
        of_person(UUID(OTHER), EMPLOYER)
    assert refused.value.status_code == 404


def test_who_may_see_all_sees_an_account_as_its_owner_does() -> None:
    assert of_person(UUID(OTHER), system_scope("test")).person == OTHER
