"""A right is given once it is proven or decided, exactly once, and to nobody else."""

import asyncio
from typing import Any

import pytest

from services.gateway.limits import MOST_PENDING_CLAIMS
from services.gateway.representation.claim_decision import ClaimDecision, ClaimState
from services.gateway.sources.representation import RepresentationStatus
from shared.access.scope import Role
from tests.support.claims import Claiming

ELS, ANNA, JAN = "71042397053", "02112997047", "85051297161"
NUMBER, OTHERS = "1999010543", ("1999010642", "1999010741", "1999015590", "1999015689")
REPRESENTATIVE = (Role.LEGAL_REPRESENTATIVE, NUMBER)


def fields(number: str = NUMBER, name: str = "Koelhuis BV") -> dict[str, Any]:
    return {"enterpriseNumber": number, "name": name, "jointCommittees": ["200"]}


async def test_proven_is_granted_at_once_and_registered_once(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    gateway.source.says[ELS, NUMBER] = RepresentationStatus.REPRESENTS
    asked = await gateway.claim_service.ask(els, fields())
    assert asked.decision is ClaimDecision.GRANT
    assert asked.claim is not None
    assert (asked.claim.state, asked.claim.registers, asked.claim.evidence["said"]) == ("granted", True, "represents")
    assert await gateway.roles(els) == {REPRESENTATIVE}
    first = await gateway.claim_service.register(asked.claim)
    again = await gateway.claim_service.register(asked.claim)
    assert again.replayed
    assert again.submission == first.submission
    assert await gateway.work.once() is False
    assert len(gateway.others.of_type("enterprise.registration")) == 1


async def test_a_gateway_that_dies_after_the_grant_registers_the_enterprise_when_it_is_back(gateway: Claiming) -> None:
    els = await gateway.person(ELS)
    gateway.source.says[ELS, NUMBER] = RepresentationStatus.REPRESENTS
    await gateway.claim_service.ask(els, fields())
    for _ in range(3):
        async with gateway.restarted().running() as back:
            await back.work.once()
    [registered] = gateway.others.of_type("enterprise.registration")
    assert registered["data"]["name"] == "Koelhuis BV"
    assert registered["actor"] == f"person:{els}"


@pytest.mark.parametrize("said", [said for said in RepresentationStatus if said is not RepresentationStatus.REPRESENTS])
async def test_anything_but_a_proof_waits_and_gives_nothing(gateway: Claiming, said: RepresentationStatus) -> None:
    anna, gateway.source.otherwise = await gateway.person(ANNA), said
    asked = await gateway.claim_service.ask(anna, fields())
    assert asked.decision is ClaimDecision.QUEUE
    assert asked.claim is not None
    assert (asked.claim.state, asked.claim.evidence["said"]) == (ClaimState.PENDING, said)
    await gateway.work.once()
    assert await gateway.roles(anna) == set()
    assert await gateway.value("select count(*) from enterprise") == 0
    assert gateway.others.sent == []


async def test_a_proof_is_of_this_enterprise_and_this_person(gateway: Claiming) -> None:
    els, anna = await gateway.person(ELS), await gateway.person(ANNA)
    gateway.source.says[ELS, NUMBER] = RepresentationStatus.REPRESENTS
    assert (await gateway.claim_service.ask(anna, fields())).decision is ClaimDecision.QUEUE
    assert (await gateway.claim_service.ask(els, fields(OTHERS[0]))).decision is ClaimDecision.QUEUE


async def test_the_operator_grants_what_waits_once(gateway: Claiming) -> None:
    anna, david, peter = await gateway.person(ANNA), await gateway.person(ELS), await gateway.person(JAN)
    asked = await gateway.claim_service.ask(anna, fields())
    assert asked.claim is not None
    assert not await gateway.claim_service.approve(asked.claim.id, anna, "ik ben het echt")
    done = await asyncio.gather(
        gateway.claim_service.approve(asked.claim.id, david, "akte gezien"),
        gateway.claim_service.refuse(asked.claim.id, peter, "geen akte"),
        gateway.claim_service.approve(asked.claim.id, peter, "akte gezien"),
        gateway.claim_service.withdraw(asked.claim.id, anna),
    )
    assert sum(done) == 1
    state = await gateway.value("select state from representation_claim")
    assert (await gateway.roles(anna) == {REPRESENTATIVE}) == (state == "granted")
    await gateway.work.once()
    assert len(gateway.others.of_type("enterprise.registration")) == (state == "granted")


async def test_a_second_director_gets_the_right_and_changes_nothing_of_the_enterprise(gateway: Claiming) -> None:
    els, anna = await gateway.person(ELS), await gateway.person(ANNA)
    for ssin in (ELS, ANNA):
        gateway.source.says[ssin, NUMBER] = RepresentationStatus.REPRESENTS
    await gateway.claim_service.ask(els, fields())
    second = await gateway.claim_service.ask(anna, fields(name="Andere naam"))
    await gateway.work.once()
    assert second.claim is not None
    assert not second.claim.registers
    assert await gateway.roles(anna) == await gateway.roles(els) == {REPRESENTATIVE}
    [registered] = gateway.others.of_type("enterprise.registration")
    assert registered["data"]["name"] == "Koelhuis BV"


async def test_asking_twice_is_one_claim_and_the_queue_cannot_be_filled(gateway: Claiming) -> None:
    anna = await gateway.person(ANNA)
    await asyncio.gather(*(gateway.claim_service.ask(anna, fields()) for _ in range(4)))
    assert await gateway.value("select count(*) from representation_claim") == 1
    await asyncio.gather(*(gateway.claim_service.ask(anna, fields(number)) for number in OTHERS))
    assert await gateway.value("select count(*) from representation_claim") == MOST_PENDING_CLAIMS
    assert (await gateway.claim_service.ask(anna, fields("1999015788"))).decision is ClaimDecision.TOO_MANY


async def test_a_source_that_comes_back_proves_what_waited(gateway: Claiming) -> None:
    els, gateway.source.otherwise = await gateway.person(ELS), RepresentationStatus.AWAY
    asked = await gateway.claim_service.ask(els, fields())
    assert asked.claim is not None
    await gateway.claim_service.ask_source_again(asked.claim.id)
    assert await gateway.roles(els) == set()
    gateway.source.says[ELS, NUMBER] = RepresentationStatus.REPRESENTS
    await gateway.claim_service.ask_source_again(asked.claim.id)
    assert await gateway.roles(els) == {REPRESENTATIVE}
    await gateway.claim_service.ask_source_again(asked.claim.id)
    await gateway.work.once()
    assert len(gateway.others.of_type("enterprise.registration")) == 1
