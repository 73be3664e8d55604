"""A home page never waits long for the source, never fails with it, and does not ask it at every look."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from services.gateway.representation import enterprise_offers as module
from services.gateway.representation.enterprise_offers import Offers
from services.gateway.sources.representation import RepresentationAnswer, RepresentationStatus, Represented

FOUND = (Represented("1999010543", "Koelhuis BV", None, None),)


class Source:
    def __init__(self, found: Sequence[Represented] = FOUND) -> None:
        self.asked = 0
        self.found = found
        self.answers = asyncio.Event()

    async def represents(self, ssin: str, enterprise: str) -> RepresentationAnswer:
        return RepresentationAnswer(RepresentationStatus.AWAY, datetime.now(UTC))

    async def represented_by(self, ssin: str) -> Sequence[Represented]:
        self.asked += 1
        await self.answers.wait()
        return self.found


@pytest.mark.parametrize("found", [FOUND, ()])
async def test_it_is_asked_once_for_many_looks(found: Sequence[Represented]) -> None:
    source = Source(found)
    source.answers.set()
    offers = Offers(source)
    assert offers.known("anna") is None
    assert await asyncio.gather(*(offers.of("anna", "1") for _ in range(5))) == [found] * 5
    assert source.asked == 1
    assert offers.known("anna") == found
    assert offers.known("bram") is None


async def test_a_slow_source_is_not_waited_for_and_its_answer_is_there_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.0)
    source = Source()
    offers = Offers(source)
    assert await offers.of("anna", "1") == ()
    assert await offers.of("anna", "1") == ()
    source.answers.set()
    while offers.known("anna") is None:
        await asyncio.sleep(0)
    assert offers.known("anna") == FOUND
    assert source.asked == 1


async def test_after_a_claim_it_is_asked_anew() -> None:
    source = Source()
    source.answers.set()
    offers = Offers(source)
    await offers.of("anna", "1")
    offers.forget("anna")
    assert offers.known("anna") is None
