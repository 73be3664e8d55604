"""A wrong right goes with all it brought, whatever dies on the way; a right one and its work stay."""

import hashlib
from datetime import date
from typing import Any

import pytest

from deploy.demo.generator.numbers import Sex, national_number
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.submission_writer import SubmissionRequest
from services.gateway.representation import claims, revocation
from services.gateway.representation.claim_decision import ClaimDecision
from services.gateway.sources.representation import RepresentationStatus
from shared.access.scope import Role
from shared.database.engine import driver, transaction
from tests.integration.gateway.representation.test_claims import ANNA, ELS, JAN, NUMBER, fields
from tests.support.claims import Claiming

STAFF = [national_number(date(1980, 1, 1), Sex.MALE, rank) for rank in range(5)]
REASON = "Valse volmacht."


async def granted(
    gateway: Claiming, ssin: str, said: RepresentationStatus = RepresentationStatus.REPRESENTS
) -> tuple[str, str]:
    """(person, claim) of a granted claim."""
    person = await gateway.person(ssin)
    gateway.source.says[ssin, NUMBER] = said
    asked = await gateway.claim_service.ask(person, fields())
    assert asked.claim is not None
    assert asked.decision is ClaimDecision.GRANT
    await gateway.work.once()
    return person, asked.claim.id


async def declared_everything(gateway: Claiming, actor: str) -> None:
    """Employees with a training and an own figure each, all decided."""
    for declare in (gateway.employs, gateway.trains, gateway.grants_itself):
        await declare(NUMBER, actor, STAFF)
        await gateway.others.decide(gateway.engine)


async def cleared(gateway: Claiming, most: int = 60) -> None:
    """Until nothing is left to do; each step by a gateway that has just started and remembers nothing."""
    for _ in range(most):
        async with gateway.restarted().running() as fresh:
            # Twice: what died after its work was safe does it again.
            await fresh.work.once()
            await fresh.work.once()
        await gateway.others.decide(gateway.engine)
        if await gateway.value("select count(*) from representation_claim where state = 'revoking'") == 0:
            return
    raise AssertionError("the revocation does not end")


async def test_everything_is_taken_back_once_whenever_the_gateway_dies(
    gateway: Claiming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocation, "CHUNK", 2)
    els, claim = await granted(gateway, ELS)
    david = await gateway.person(JAN)
    await declared_everything(gateway, els)
    found = await revocation.revoke(gateway.engine, claim, david, REASON)
    assert found is not None
    assert (found.everything, found.employments) == (True, len(STAFF))
    assert await gateway.roles(els) == set()
    # Until all is taken back nobody else begins: what they declared would go with it.
    assert (await gateway.claim_service.ask(els, fields())).decision is ClaimDecision.BEING_CLEARED
    await cleared(gateway)
    for kind, named in (("employment", "employment"), ("training", "training"), ("entitlement", "entitlement")):
        cancelled = gateway.others.of_type(f"{kind}.cancellation")
        assert sorted({event["data"][named] for event in cancelled}) == sorted(
            event["data"][named] for event in cancelled
        )
        assert len(cancelled) == len(STAFF)
        assert {(event["data"]["reason"], event["actor"]) for event in cancelled} == {(REASON, f"person:{david}")}
    (withdrawn,) = gateway.others.of_type("enterprise.withdrawal")
    assert (withdrawn["data"]["enterprise"], withdrawn["data"]["reason"]) == (NUMBER, REASON)
    assert (withdrawn["actor"], gateway.others.events.index(withdrawn)) == (f"person:{david}", 6 * len(STAFF) + 1)
    assert await gateway.value("select count(*) from employment where not cancelled") == 0
    assert await gateway.value("select count(*) from enterprise") == 0
    assert await gateway.value("select count(*) from audit_log where action = 'enterprise freed'") == 1
    assert await gateway.value("select count(*) from submission where sender = $1", NUMBER) == 0
    async with transaction(gateway.engine) as connection:
        known = await claims.find(driver(connection), claim)
        assert known is not None
        done = await revocation.taken_back(driver(connection), known)
    assert (sum(done.done.values()), done.refused) == (3 * len(STAFF), 0)
    assert await revocation.revoke(gateway.engine, claim, david, REASON) is None
    # The number is free for who can prove it.
    true_one, _ = await granted(gateway, ANNA)
    assert await gateway.roles(true_one) == {(Role.LEGAL_REPRESENTATIVE, NUMBER)}
    assert len(gateway.others.of_type("enterprise.registration")) == 2


async def test_what_was_under_way_when_the_right_went_is_taken_back_too(gateway: Claiming) -> None:
    els, claim = await granted(gateway, ELS)
    await gateway.others.decide(gateway.engine)
    await gateway.employs(NUMBER, els, STAFF)
    await revocation.revoke(gateway.engine, claim, await gateway.person(JAN), REASON)
    await gateway.work.once()
    assert gateway.others.of_type("employment.cancellation") == []
    await cleared(gateway)
    assert len(gateway.others.of_type("employment.cancellation")) == len(STAFF)


async def test_it_is_not_done_before_the_dashboard_has_read_what_came(gateway: Claiming) -> None:
    _, claim = await granted(gateway, ELS)
    await gateway.others.decide(gateway.engine)
    gateway.others.behind = 3600.0
    await revocation.revoke(gateway.engine, claim, await gateway.person(JAN), REASON)
    for _ in range(3):
        await gateway.work.once()
    assert await gateway.value("select state from representation_claim") == "revoking"
    assert gateway.others.of_type("withdrawal") == []
    gateway.others.behind = None
    await gateway.work.once()
    # Nor before the withdrawal of the enterprise is decided.
    for _ in range(2):
        await gateway.work.once()
    assert await gateway.value("select state from representation_claim") == "revoking"
    await gateway.others.decide(gateway.engine)
    await gateway.work.once()
    assert await gateway.value("select state from representation_claim") == "revoked"
    assert len(gateway.others.of_type("withdrawal")) == 1


async def test_no_sender_can_keep_a_revocation_from_ending(gateway: Claiming) -> None:
    """The false representative knows the number of their claim and of the records, and took the keys one can guess."""
    els, claim = await granted(gateway, ELS)
    await declared_everything(gateway, els)
    ids = await gateway.value("select string_agg(id::text, ' ' order by id) from employment")
    digest = hashlib.sha256(ids.encode()).hexdigest()[:24]
    declared = Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields())
    sender = Sender(NUMBER, f"person:{els}", frozenset({NUMBER}))
    for key in (f"revoke {claim} enterprise", f"revoke {claim} employmentId {digest}"):
        await gateway.writer.submit(SubmissionRequest(sender, "api", "single", [declared], key))
    await gateway.others.decide(gateway.engine)
    await revocation.revoke(gateway.engine, claim, await gateway.person(JAN), REASON)
    await cleared(gateway)
    assert len(gateway.others.of_type("enterprise.withdrawal")) == 1
    assert len(gateway.others.of_type("employment.cancellation")) == len(STAFF)


def test_no_channel_knows_the_withdrawal_of_an_enterprise() -> None:
    """Forms, the API and files bring what is a kind of declaration; this is none."""
    assert not any("withdraw" in kind.value.lower() for kind in DeclarationKind)


async def right(gateway: Claiming, person: str, role: Role, by: str) -> None:
    await gateway.execute(
        "insert into access_right (id, person, role, enterprise, granted_by)"
        " values (gen_random_uuid(), $1, $2, $3, $4)",
        person, role.value, NUMBER, by,
    )  # fmt: skip


async def test_with_another_representative_only_what_rested_on_the_right_goes(gateway: Claiming) -> None:
    els, claim = await granted(gateway, ELS)
    anna, _ = await granted(gateway, ANNA)
    named, named_further = await gateway.person(STAFF[1]), await gateway.person(STAFF[2])
    of_anna = await gateway.person(STAFF[3])
    await right(gateway, named, Role.ACCESS_MANAGER, f"person:{els}")
    await right(gateway, named_further, Role.EMPLOYER_WRITE, f"person:{named}")
    await right(gateway, of_anna, Role.EMPLOYER_READ, f"person:{anna}")
    await right(gateway, anna, Role.ACCESS_MANAGER, f"person:{els}")
    await declared_everything(gateway, els)
    for person in (els, anna):
        await gateway.execute(
            "insert into session (token_hash, person, acting_for, means, csrf_token, expires_at)"
            " values ($1, $2, $3, 'eid', 'x', now() + interval '1 hour')",
            person.encode(), person, NUMBER,
        )  # fmt: skip
    found = await revocation.revoke(gateway.engine, claim, of_anna, REASON)
    assert found is not None
    assert (found.everything, found.others, found.rights) == (False, True, 4)
    for gone in (els, named, named_further):
        assert await gateway.roles(gone) == set()
    assert await gateway.roles(anna) == {(Role.LEGAL_REPRESENTATIVE, NUMBER)}
    assert await gateway.roles(of_anna) == {(Role.EMPLOYER_READ, NUMBER)}
    acting = "select acting_for from session where person = $1::uuid"
    assert await gateway.value(acting, els) is None
    assert await gateway.value(acting, anna) == NUMBER
    await gateway.work.once()
    assert gateway.others.of_type("cancellation") == []
    assert await gateway.value("select count(*) from enterprise") == 1


async def test_an_enterprise_that_its_own_software_registered_is_not_cleared(gateway: Claiming) -> None:
    await gateway.execute("insert into enterprise (number, name, registered_by) values ($1, 'X', 'client:hr')", NUMBER)
    _, claim = await granted(gateway, ELS)
    found = await revocation.revoke(gateway.engine, claim, await gateway.person(JAN), REASON)
    assert found is not None
    assert not found.everything
    assert await gateway.value("select count(*) from enterprise") == 1


async def test_with_nobody_left_software_and_mandates_go_too(gateway: Claiming) -> None:
    els, claim = await granted(gateway, ELS)
    named = await gateway.person(ANNA)
    await right(gateway, named, Role.EMPLOYER_WRITE, "set-up")
    await gateway.execute(
        "insert into api_client (client_id, organisation, name, scopes) values ('a', $1, 'A', '{}')", NUMBER
    )
    await gateway.execute(
        "insert into mandate (enterprise, mandatary, valid_from) values ($1, '1', '2026-01-01')", NUMBER
    )
    found = await revocation.revoke(gateway.engine, claim, els, REASON)
    assert found is not None
    assert found.rights == 2
    in_force: list[Any] = [
        await gateway.value(f"select count(*) from {table} where withdrawn_at is null")
        for table in ("access_right", "api_client", "mandate")
    ]
    assert in_force == [0, 0, 0]
