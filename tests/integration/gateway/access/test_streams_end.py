"""An open stream ends when the right or the session behind it did: nobody reads on for as long as a tab lives."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import Request
from starlette.responses import StreamingResponse

from services.gateway.web.kit import live_changes
from services.gateway.web.kit.visitor import visitor_of
from shared.access.scope import Role
from tests.support.access.cast import At, Force, Right, Someone
from tests.support.access.gateway import Visit, World

WRITES = Right(Role.EMPLOYER_WRITE, At.TARGET)
ENDS = {
    "the right is withdrawn": "update access_right set withdrawn_at = now() where person = $1",
    "the right ends": "update access_right set valid_until = '2020-01-01' where person = $1",
    "the session is ended": "delete from session where person = $1",
    "the session expires": "update session set expires_at = now() - interval '1 second' where person = $1",
}
MANDATE_ENDS = {
    "the mandate is withdrawn": "update mandate set withdrawn_at = now() where enterprise = $1",
    "the mandate ends": "update mandate set valid_until = '2023-12-31' where enterprise = $1",
}
SECONDS = 30.0


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What was found each time somebody looked whether the stream may stay open."""
    found: list[bool] = []
    is_open = live_changes._is_open

    async def counted(request: Request, of: dict[str, str]) -> bool:
        found.append(await is_open(request, of))
        return found[-1]

    monkeypatch.setattr(live_changes, "LOOK_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(live_changes, "_is_open", counted)
    return found


_serials = iter(range(1000))


async def _visit(world: World, someone: Someone) -> Visit:
    visit = Visit(someone, next(_serials))
    await world.add_visits([visit])
    return visit


async def _opened(world: World, visit: Visit, **of: str) -> StreamingResponse:
    cookie = "; ".join(f"{name}={value}" for name, value in visit.cookies.items()).encode()
    request = Request({"type": "http", "method": "GET", "path": "/changes", "query_string": b"",
                       "headers": [(b"cookie", cookie)], "app": world.app})  # fmt: skip
    return await live_changes.stream_changes(request, await visitor_of(request), **of)


async def _for_ever() -> AsyncIterator[bytes]:
    yield b"first"
    await asyncio.Event().wait()


async def _rest(parts: AsyncIterator[bytes]) -> list[bytes]:
    async with asyncio.timeout(SECONDS):
        return [part async for part in parts]


@pytest.mark.parametrize("change", ENDS, ids=lambda change: change)
async def test_an_enterprises_stream_ends_when(world: World, looks: list[bool], change: str) -> None:
    world.behind.changes = _for_ever
    visit = await _visit(world, Someone("writes", (WRITES,)))
    parts = aiter((await _opened(world, visit, enterprise=visit.target.number)).body_iterator)
    assert await anext(parts) == b"first"
    await world.database.execute(ENDS[change], visit.person)
    assert await _rest(parts) == []  # type: ignore[arg-type]
    assert looks[-1] is False


@pytest.mark.parametrize("change", MANDATE_ENDS, ids=lambda change: change)
async def test_a_mandataries_stream_ends_when(world: World, looks: list[bool], change: str) -> None:
    world.behind.changes = _for_ever
    rights = (Right(Role.EMPLOYER_READ, At.MANDATARY),)
    visit = await _visit(world, Someone("mandatary", rights, (Force.IN_FORCE,)))
    parts = aiter((await _opened(world, visit, enterprise=visit.target.number)).body_iterator)
    assert await anext(parts) == b"first"
    await world.database.execute(MANDATE_ENDS[change], visit.target.number)
    assert await _rest(parts) == []  # type: ignore[arg-type]
    assert looks[-1] is False


async def test_ones_own_stream_ends_with_the_session_and_not_with_a_right(world: World, looks: list[bool]) -> None:
    world.behind.changes = _for_ever
    visit = await _visit(world, Someone("writes", (WRITES,)))
    parts = aiter((await _opened(world, visit, person=visit.person)).body_iterator)
    assert await anext(parts) == b"first"
    await world.database.execute(ENDS["the right is withdrawn"], visit.person)
    seen = len(looks)
    async with asyncio.timeout(SECONDS):
        rest = asyncio.create_task(_rest(parts))  # type: ignore[arg-type]
        while len(looks) < seen + 3:
            await asyncio.sleep(0.01)
    assert all(looks) and not rest.done()
    await world.database.execute(ENDS["the session is ended"], visit.person)
    assert await rest == []


async def test_while_all_is_in_force_it_stays_and_loses_nothing(world: World, looks: list[bool]) -> None:
    """Looking again must not take a change from who waits for it, however busy the stream is."""
    sent = [b"%d" % n for n in range(20)]

    async def busy() -> AsyncIterator[bytes]:
        for part in sent:
            seen = len(looks)
            while len(looks) == seen:
                await asyncio.sleep(0.005)
            yield part

    world.behind.changes = busy
    visit = await _visit(world, Someone("writes", (WRITES,)))
    answer = await _opened(world, visit, enterprise=visit.target.number)
    assert await _rest(aiter(answer.body_iterator)) == sent  # type: ignore[arg-type]
    assert len(looks) >= len(sent) and all(looks)


async def test_a_busy_stream_is_looked_at_too(world: World, looks: list[bool]) -> None:
    """Changes that never stop coming would else keep it open for ever."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"again"
            await asyncio.sleep(0)

    world.behind.changes = endless
    visit = await _visit(world, Someone("writes", (WRITES,)))
    parts = aiter((await _opened(world, visit, enterprise=visit.target.number)).body_iterator)
    assert await anext(parts) == b"again"
    await world.database.execute(ENDS["the right is withdrawn"], visit.person)
    assert set(await _rest(parts)) <= {b"again"}  # type: ignore[arg-type]
    assert looks[-1] is False
