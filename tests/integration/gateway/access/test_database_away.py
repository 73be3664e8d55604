"""Every page, form and route of the API while the database is away, or its disk is full.

Lost otherwise: what somebody typed, their trust that it is or is not registered, and a log in which nothing can be
found. The routes are those of `tests/support/access`: a new one is tried by itself.
"""

import html
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from services.gateway.api import caller
from services.gateway.intake import submission_outcomes
from services.gateway.web.kit import submit
from services.gateway.web.kit.masking import masked
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Role, Scope
from shared.http.away import RETRY_AFTER_SECONDS
from shared.i18n import Language, translate
from tests.support.access import api_rows, web_rows
from tests.support.access.api_rows import INTERNAL
from tests.support.access.cast import everybody
from tests.support.access.gateway import INTERNAL_KEY, Visit, World, gateway_on
from tests.support.access.software import Call, Software, add_calls
from tests.support.line import Line, line_to
from tests.support.migrated import migrated

VISITS = [Visit(someone, 500 + serial) for serial, someone in enumerate(everybody())]
CALL = Call(Software("of its own"), 400)
AWAY = "We cannot reach our data for a moment"
NOT_REGISTERED = (
    "What you sent is not registered. Send it again in a moment: should it have come through after all, it is "
    "registered only once."
)
NEEDS_NO_DATABASE = {
    # Nothing of them depends on who asks, or their question goes to another service.
    "GET /sign-in/callback", "GET /api/docs", "GET /api/v1/schemas/{name}", "GET /api/v1/refData/{name}",
    "GET /api/v1/arrangements", "GET /api/v1/openapi.json", "GET /health", "GET /metrics", "GET /internal/status",
}  # fmt: skip
STORES_NOTHING_ITSELF = {
    # The service whose record it is stores it; a source that says nothing new changes nothing; and a right that
    # nothing proves is refused; what is only supposed is kept nowhere.
    "POST /operator/parked/release", "POST /operator/parked/drop", "POST /operator/representation/{claim}/ask",
    "POST /claims", "POST /enterprises/{number}/employees/{employment}/what-if",
}  # fmt: skip


@dataclass
class Mistreated:
    """A gateway whose database can be taken away."""

    world: World
    line: Line
    url: str


@pytest.fixture(scope="module")
async def mistreated(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Mistreated]:
    plain = await migrated("gateway", new_database())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submit, "WAIT_SECONDS", 0.0)
        async with line_to(plain) as (line, url), gateway_on(url, tmp_path_factory.mktemp("batches")) as world:
            await world.add_visits(VISITS)
            await add_calls(world, [CALL])
            yield Mistreated(world, line, plain)


@pytest.fixture
async def cut(mistreated: Mistreated) -> AsyncIterator[World]:
    caller.forget_callers()
    await mistreated.line.cut()
    yield mistreated.world
    await mistreated.line.mend()


@pytest.fixture
async def full(mistreated: Mistreated) -> AsyncIterator[World]:
    """PostgreSQL refuses every change as it does when its disk is full."""
    connection = await asyncpg.connect(mistreated.url)
    names = [row[0] for row in await connection.fetch("select tablename from pg_tables where schemaname = 'public'")]
    await connection.execute(
        "create function disk_full() returns trigger language plpgsql as $$ begin"
        " raise exception 'could not extend file \"base/16384/16399\": No space left on device'"
        " using errcode = 'disk_full'; end $$"
    )
    for name in names:
        await connection.execute(
            f"create trigger disk_full before insert or update or delete on {name} execute function disk_full()"
        )
    yield mistreated.world
    await connection.execute("drop function disk_full() cascade")
    await connection.close()


@contextmanager
def one_line_without_traceback() -> Iterator[None]:
    with capture_logs() as lines:
        yield
    told = [line for line in lines if line["event"].startswith("not answered")]
    assert len(told) == 1, lines
    assert not any("exc_info" in line or "Traceback" in str(line) for line in lines), lines
    assert len(str(told[0])) < 500


def who_may(row: web_rows.Row) -> Visit:
    """Somebody who may have it, or anybody signed in where nobody may."""
    may = [visit for visit in VISITS if visit.someone.signed_in and row.open_to(visit)]
    return may[0] if may else next(visit for visit in VISITS if visit.someone.has(Role.OPERATOR))


async def visit_of(world: World, row: web_rows.Row, language: Language, key: str) -> tuple[httpx.Response, Any]:
    """The answer, and the fields that were sent."""
    visit = who_may(row)
    headers = {"accept-language": language.value, "sec-fetch-site": "same-origin"}
    async with world.client(cookies=visit.cookies, headers=headers) as browser:
        if row.form is None:
            return await browser.request(row.method, row.address(visit)), {}
        fields = row.form(visit) | {"csrf_token": masked(visit.csrf), "submission_key": key}
        files: Any = {"file": ("file.xml", b"<file/>", "text/xml")} if row.file else None
        return await browser.post(row.address(visit), data=fields, files=files), fields


async def call_of(world: World, row: api_rows.Row) -> httpx.Response:
    token = world.access_token(CALL.client_id, CALL.software.shown)
    body: Any = row.body(CALL) if row.body else None
    sent: dict[str, Any] = {"json": body} if body is not None else {}
    headers = {"authorization": f"Bearer {token}"}
    if isinstance(body, bytes):
        sent = {"content": body}
        headers["content-type"] = "application/xml"
    async with world.client(headers=headers) as software:
        return await software.request(row.method, row.address(CALL), **sent)


def check_page(answer: httpx.Response, language: Language, fields: dict[str, str], *, kept: bool) -> None:
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(RETRY_AFTER_SECONDS)
    assert answer.headers["cache-control"] == "no-store"
    text = html.unescape(answer.text)
    assert f'<html lang="{language.value}"' in answer.text
    assert f"<h1>{translate(language, AWAY)}</h1>" in text
    if fields:
        assert translate(language, NOT_REGISTERED) in text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text))
        assert {name: html.unescape(value) for name, value in hidden.items()} == (fields if kept else {})
    assert "Traceback" not in text


def check_problem(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"] == str(RETRY_AFTER_SECONDS)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem-type:belgif:serviceUnavailable"
    assert answer.json()["status"] == 503


def named(row: Any) -> str:
    return f"{row.method} {row.path}"


@pytest.mark.parametrize("language", Language, ids=str)
@pytest.mark.parametrize("row", web_rows.ROWS, ids=lambda row: f"{named(row)}{row.query}")
async def test_a_page_or_form_without_its_database(cut: World, row: web_rows.Row, language: Language) -> None:
    if named(row) in NEEDS_NO_DATABASE:
        answer, _ = await visit_of(cut, row, language, "k")
        assert answer.status_code in row.taken
        return
    with one_line_without_traceback():
        answer, fields = await visit_of(cut, row, language, "k")
    check_page(answer, language, fields, kept=not row.file)


@pytest.mark.parametrize("row", api_rows.ROWS, ids=lambda row: f"{named(row)}{row.query}")
async def test_a_route_of_the_api_without_its_database(cut: World, row: api_rows.Row) -> None:
    if named(row) in NEEDS_NO_DATABASE:
        assert (await call_of(cut, row)).status_code in row.taken
        return
    with one_line_without_traceback():
        answer = await call_of(cut, row)
    check_problem(answer)
    assert answer.headers["belgov-trace-id"]


@pytest.mark.parametrize(("method", "path"), INTERNAL, ids=lambda part: part)
async def test_what_services_ask_each_other_without_a_database(cut: World, method: str, path: str) -> None:
    headers = InternalTokens(INTERNAL_KEY).authorization(
        Scope(ActorKind.PERSON, "nadia", roles=frozenset({Role.OPERATOR}))
    )
    body = {"topic": "fla.outcomes.v1", "key": "k", "reason": "a test", "events": []} if method == "POST" else None
    async with cut.client(headers=headers) as asking:
        answer = await asking.request(method, path, json=body)
    if f"{method} {path}" in NEEDS_NO_DATABASE:
        assert answer.status_code == 200
    elif path == "/internal/rehearsals":
        assert answer.status_code in (404, 503), "the gateway decides nothing"
    else:
        check_problem(answer)


@pytest.mark.parametrize("row", [row for row in web_rows.ROWS if row.form is not None], ids=named)
async def test_a_form_while_the_disk_is_full(full: World, row: web_rows.Row) -> None:
    if named(row) in STORES_NOTHING_ITSELF:
        answer, _ = await visit_of(full, row, Language.DUTCH, "f")
        assert answer.status_code in (*row.taken, 403)
        return
    with one_line_without_traceback():
        answer, fields = await visit_of(full, row, Language.DUTCH, "f")
    check_page(answer, Language.DUTCH, fields, kept=not row.file)


@pytest.mark.parametrize("row", [row for row in api_rows.ROWS if row.submits or row.method == "DELETE"], ids=named)
async def test_a_declaration_by_software_while_the_disk_is_full(full: World, row: api_rows.Row) -> None:
    caller.forget_callers()
    with one_line_without_traceback():
        answer = await call_of(full, row)
    check_problem(answer)


async def test_what_was_typed_is_registered_once_when_it_is_sent_again(mistreated: Mistreated) -> None:
    """Lost: the form of ten minutes ago; or a training registered twice by somebody who only did what the page said."""
    world = mistreated.world
    [row] = [row for row in web_rows.ROWS if named(row) == "POST /enterprises/{number}/trainings/new"]
    visit = who_may(row)
    assert row.form is not None
    fields = row.form(visit) | {"csrf_token": masked(visit.csrf), "submission_key": "again"}
    headers = {"sec-fetch-site": "same-origin"}
    world.database = await asyncpg.connect(mistreated.url)
    before = len(await world.submitted_by(visit.actor))
    async with world.client(cookies=visit.cookies, headers=headers) as browser:
        await mistreated.line.cut()
        away = await browser.post(row.address(visit), data=fields)
        await mistreated.line.mend()
        kept = {
            html.unescape(name): html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', away.text)
        }
        assert kept == fields
        for _ in range(2):
            assert (await browser.post(row.address(visit), data=kept)).status_code == 303
    assert len(await world.submitted_by(visit.actor)) == before + 1


async def test_what_another_site_made_a_browser_send_is_not_kept(cut: World) -> None:
    [row] = [row for row in web_rows.ROWS if named(row) == "POST /enterprises/{number}/trainings/new"]
    visit = who_may(row)
    async with cut.client(cookies=visit.cookies, headers={"sec-fetch-site": "cross-site"}) as browser:
        answer = await browser.post(row.address(visit), data={"title": "theirs"})
    assert answer.status_code == 503
    assert "theirs" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/trainings", "/api/v1/trainings/bulk"])
async def test_what_is_durable_is_not_called_unregistered_when_the_database_goes_away_behind_it(
    mistreated: Mistreated, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Lost: a second registration by software that was told that the first one failed."""

    async def away(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(submission_outcomes, "find", away)
    caller.forget_callers()
    world = mistreated.world
    [row] = [row for row in api_rows.ROWS if named(row) == f"POST {path}"]
    token = world.access_token(CALL.client_id, CALL.software.shown)
    headers = {"authorization": f"Bearer {token}", "prefer": "wait=5"}
    assert row.body is not None
    async with world.client(headers=headers) as software:
        answer = await software.post(path, json=row.body(CALL))
    assert answer.status_code == 202
    assert answer.headers["location"].startswith("/api/v1/submissions/")
    [form] = [row for row in web_rows.ROWS if named(row) == "POST /enterprises/{number}/trainings/new"]
    page, _ = await visit_of(world, form, Language.DUTCH, f"durable {path}")
    assert (page.status_code, "fla_notice=" in page.headers["set-cookie"]) == (303, True)
