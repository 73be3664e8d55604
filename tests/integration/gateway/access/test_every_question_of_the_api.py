"""Every route of the API x software of every kind x whether client, mandate and scope are in force: open or refused.

Lost otherwise: an enterprise's data to software that was not, not yet or not any more given it. The clients are in
`tests/support/access/software.py`, the routes in `api_rows.py`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from services.gateway.api import caller
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Role, Scope, system_scope
from tests.support.access.api_rows import INTERNAL, ROWS, About, Row
from tests.support.access.cast import At, Force
from tests.support.access.gateway import HOST_COOKIE, INTERNAL_KEY, World
from tests.support.access.software import SCOPES, Call, Software, add_calls, every_software
from tests.support.scripted_provider import SettableClock, new_key

CALLS = [Call(software, serial) for serial, software in enumerate(every_software())]
SOMEONE = Call(Software("whose tokens are bad"), len(CALLS))
# What takes away something comes after what asks for it.
IN_ORDER = sorted(ROWS, key=lambda row: row.method == "DELETE" or row.path.endswith("/cancel"))
OF_CLIENTS = [row for row in IN_ORDER if row.scope is not None]


@pytest.fixture(scope="module")
async def called(world: World) -> World:
    await add_calls(world, [*CALLS, SOMEONE])
    return world


def _expected(call: Call, row: Row) -> tuple[tuple[int, ...], str | None]:
    """Statuses, and the type of the problem."""
    software = call.software
    if row.scope is None:
        return row.taken, None
    if not software.comes_in:
        return (403,), "missingPermission"
    if row.scope and f"scope:fla:{row.scope}" not in software.given & software.shown:
        return (403,), "missingScope"
    if not software.acts_for_target and row.about is About.TARGET:
        return (404,), "resourceNotFound"
    if not software.acts_for_target and row.about is About.DECLARED:
        return (400,), "badRequest"
    if not software.acts_for_target and row.about is About.EACH_DECLARED:
        return (200,), None
    return row.taken, None


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.software.name)
async def test_every_route(called: World, call: Call) -> None:
    wrong: list[str] = []
    submitted: list[tuple[str, str]] = []
    token = called.access_token(call.client_id, call.software.shown)
    async with called.client(headers={"authorization": f"Bearer {token}"}) as software:
        for row in IN_ORDER:
            called.behind.asked.clear()
            answer = await _ask(software, call, row)
            expected = _expected(call, row)
            if not _is_as(answer, *expected):
                wrong.append(f"{row.method} {row.path}: {_seen(answer)}, not {expected}")
            asked = called.behind.told_of_someone()
            wrong += [f"{row.path}: asked as {one.scope}" for one in asked if not _is_right(one.scope, call, row)]
            nothing_to_ask = "missing" in (expected[1] or "") or (expected[1] is not None and row.lists_the_target)
            if nothing_to_ask and called.behind.asked:
                wrong.append(f"{row.method} {row.path}: asked all the same")
            if row.submits and expected[1] is None:
                submitted.append((row.submits, call.own.number))
            if row.about is About.EACH_DECLARED and expected == ((200,), None):
                wrong += _all_refused(answer, row)
    found = await called.submitted_by(call.actor)
    if Counter(found) != Counter(submitted):
        wrong.append(f"submitted {sorted(found)}, expected {sorted(submitted)}")
    assert not wrong, "\n".join(wrong)


def _scopes_said(dependant: Dependant) -> Iterator[frozenset[str]]:
    """The scopes that the types of a route's signature ask for."""
    for one in dependant.dependencies:
        needed: frozenset[str] | None = getattr(one.call, "needed", None)
        if needed is not None:
            yield needed
        yield from _scopes_said(one)


@pytest.mark.parametrize("row", OF_CLIENTS, ids=lambda row: f"{row.method} {row.path}{row.query}")
def test_a_route_says_in_its_signature_which_scope_it_needs(world: World, row: Row) -> None:
    """Lost: a rule that a reader of the code does not see, and that the next change forgets."""
    [route] = [r for r in iter_route_contexts(world.app.routes) if r.path == row.path and row.method in r.methods]
    assert list(_scopes_said(route.dependant)) == [frozenset({f"scope:fla:{row.scope}"} if row.scope else ())]


async def _ask(software: httpx.AsyncClient, call: Call, row: Row, *, strange: bool = False) -> httpx.Response:
    body = row.body(call) if row.body else None
    sent: dict[str, Any] = {}
    if isinstance(body, bytes):
        sent = {"content": body, "headers": {"content-type": "application/xml"}}
    elif body is not None:
        sent = {"json": body}
    return await software.request(row.method, row.address(call, strange=strange), **sent)


def _is_as(answer: httpx.Response, statuses: tuple[int, ...], problem: str | None) -> bool:
    if answer.status_code not in statuses:
        return False
    if problem is None:
        return True
    found: bool = answer.json()["type"] == f"urn:problem-type:belgif:{problem}"
    return found and answer.headers["content-type"].startswith("application/problem+json")


def _is_right(scope: Scope, call: Call, row: Row) -> bool:
    """Whether a question was asked as this client, for its enterprises alone: for one, where only one is meant."""
    meant = {call.target.number} if row.lists_the_target else call.enterprises
    return (
        (scope.actor_kind, scope.actor_id) == (ActorKind.CLIENT, call.client_id)
        and scope.enterprises == meant
        and (scope.person, scope.roles) == (None, {Role.EMPLOYER_READ})
    )


def _all_refused(answer: httpx.Response, row: Row) -> list[str]:
    told = answer.json()
    return [] if (told["declared"], told["refused"]) == (1, 1) else [f"{row.path}: took {told}"]


def _seen(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.text[:300]}"


async def test_what_another_organisation_sent_does_not_exist(called: World) -> None:
    """Its files and submissions, whatever scopes one has: 404, and nothing of it is cancelled."""
    for call in CALLS:
        if call.software.comes_in and call.software.given == call.software.shown == SCOPES:
            token = called.access_token(call.client_id, call.software.shown)
            async with called.client(headers={"authorization": f"Bearer {token}"}) as software:
                for row in OF_CLIENTS:
                    if row.names_a_file:
                        answer = await _ask(software, call, row, strange=True)
                        assert _is_as(answer, (404,), "resourceNotFound"), (row, _seen(answer))


@pytest.mark.parametrize("table", ["api_client", "mandate"])
async def test_what_is_withdrawn_is_closed_within_seconds(
    called: World, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that called a moment ago is remembered, and not for longer than `REMEMBERED_SECONDS`."""
    clock = SettableClock()
    monkeypatch.setattr(caller, "time", SimpleNamespace(time=clock))
    software = Software("withdrawn while it calls", At.MANDATARY, mandates=(Force.IN_FORCE,))
    call = Call(software, len(CALLS) + 1 + ("api_client", "mandate").index(table))
    await add_calls(called, [call])
    headers = {"authorization": f"Bearer {called.access_token(call.client_id, SCOPES)}"}
    address = f"/api/v1/trainings/{call.target.training}"
    async with called.client(headers=headers) as http:
        assert (await http.get(address)).status_code == 200
        which = "client_id = $1" if table == "api_client" else "enterprise = $1"
        of = call.client_id if table == "api_client" else call.target.number
        await called.database.execute(f"update {table} set withdrawn_at = now() where {which}", of)
        clock.now += caller.REMEMBERED_SECONDS
        assert (await http.get(address)).status_code == (403 if table == "api_client" else 404)
    assert caller.REMEMBERED_SECONDS <= 5


async def test_what_was_just_registered_can_be_used_at_once(called: World) -> None:
    """Though the client was remembered without it a moment ago."""
    call = Call(Software("registers itself"), len(CALLS) + 10)
    await add_calls(called, [call])
    await called.database.execute("delete from enterprise where number = $1", call.own.number)
    headers = {"authorization": f"Bearer {called.access_token(call.client_id, SCOPES)}"}
    body = {"enterpriseNumber": call.own.number, "name": "New", "jointCommittees": ["200"]}
    async with called.client(headers=headers) as http:
        address = f"/api/v1/trainings?enterpriseNumber={call.own.number}"
        assert (await http.get(address)).status_code == 404
        assert (await http.post("/api/v1/enterprises", json=body)).status_code == 202
        assert (await http.get(address)).status_code == 200


def _bad_headers(world: World) -> Mapping[str, tuple[dict[str, str], str]]:
    now = int(datetime.now(UTC).timestamp())
    good = world.access_token(SOMEONE.client_id, SCOPES)

    def bearer(**claims: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {world.access_token(SOMEONE.client_id, SCOPES, **claims)}"}

    forged = world.provider.signed({"iss": "x"}, typ="at+jwt", key=new_key("first"))
    internal = InternalTokens(INTERNAL_KEY).sign(system_scope("test"))
    return {
        "no token": ({}, "noAccessToken"),
        "a password": ({"authorization": "Basic dTpw"}, "noAccessToken"),
        "a session": ({"cookie": f"{HOST_COOKIE}=token"}, "noAccessToken"),
        "no token at all": ({"authorization": "Bearer x"}, "invalidAccessToken"),
        "another signature": ({"authorization": f"Bearer {good[:-8]}AAAAAAAA"}, "invalidAccessToken"),
        "another key": ({"authorization": f"Bearer {forged}"}, "invalidAccessToken"),
        "an internal token": ({"authorization": f"Bearer {internal}"}, "invalidAccessToken"),
        "expired": (bearer(exp=now - 60), "expiredAccessToken"),
        "for another audience": (bearer(aud="fla-web"), "invalidAccessToken"),
        "of another issuer": (bearer(iss="https://evil.example"), "invalidAccessToken"),
    }


async def test_without_a_good_token_nothing_opens(called: World) -> None:
    """Each is told why, and nothing behind is asked."""
    called.behind.asked.clear()
    for name, (headers, problem) in _bad_headers(called).items():
        async with called.client(headers=headers) as stranger:
            for row in ROWS:
                answer = await _ask(stranger, SOMEONE, row)
                expected = (row.taken, None) if row.scope is None else ((401,), problem)
                assert _is_as(answer, *expected), (name, row, _seen(answer))
    assert called.behind.told_of_someone() == []
    assert await called.submitted_by(SOMEONE.actor) == []


async def test_the_inside_is_closed_to_the_outside(called: World) -> None:
    """`/internal` answers only what the gateway signed for an operator: no client, and no other scope of its own."""
    access = called.access_token(SOMEONE.client_id, SCOPES)
    tokens, strangers = InternalTokens(INTERNAL_KEY), InternalTokens("s" * 40)
    employer = Scope(ActorKind.PERSON, "p", enterprises=frozenset({SOMEONE.target.number}),
                     roles=frozenset(Role) - {Role.OPERATOR})  # fmt: skip
    for method, path in INTERNAL:
        for header, status in (
            (None, 401),
            (f"Bearer {access}", 401),
            (f"Bearer {strangers.sign(system_scope('x'))}", 401),
            (f"Bearer {tokens.sign(employer)}", 403),
        ):
            headers = {"authorization": header} if header else {}
            async with called.client(headers=headers) as asker:
                body = {"topic": "t", "key": "k", "reason": "broken", "events": []} if method == "POST" else None
                answer = await asker.request(method, path, json=body)
                assert answer.status_code == status, (path, header, _seen(answer))
