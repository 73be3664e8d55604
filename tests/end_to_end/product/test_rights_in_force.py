"""On the running product: a mandatary and an inspector on all their pages, and what a withdrawal does to both channels.

Which page is open to whom is tried one by one, with the services played, in `tests/integration/gateway/access`; here
the real services answer in the scope that they are shown.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from string import Formatter
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.local.stack import Stack
from tests.support.access.web_rows import ROWS, Row, Who
from tests.support.demo_sign_in import csrf_token, sign_in
from tests.support.running_stack import RunningStack

MANDATARY_USER, INSPECTOR, READER = "Julie Dubois", "Hilde Janssens", "Pieter Wouters"
SECONDS = 60.0

Execute = Callable[..., list[Any]]


@pytest.fixture
def rows(stack: RunningStack) -> Iterator[Execute]:
    """Runs a statement on the gateway's database; gives its rows."""
    url = Stack.of(stack.settings).database_urls["gateway"]

    async def run(statement: str, *arguments: Any) -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        # A loop of its own, whatever loop the tests run in.
        yield lambda statement, *arguments: pool.submit(asyncio.run, run(statement, *arguments)).result()


@pytest.fixture
def browser(stack: RunningStack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.gateway, timeout=30) as made:
        yield made


def _mandated(rows: Execute, name: str) -> tuple[str, str]:
    """An enterprise with employees that mandated this person's organisation, and an employment there."""
    family = name.rsplit(maxsplit=1)[-1]
    found = rows(
        "select e.enterprise, e.id::text from person_name n join access_right r on r.person = n.person"
        " join mandate m on m.mandatary = r.enterprise join employment e on e.enterprise = m.enterprise"
        " where n.origin = 'signIn' and n.family_name = $1 and e.version > 0 and e.end_date is null and not e.cancelled"
        " order by e.enterprise, e.id limit 1",
        family,
    )
    return found[0][0], found[0][1]


def _rows_of(who: Who, method: str) -> list[Row]:
    """Those whose address names nothing but the enterprise and an employment."""
    return [
        row
        for row in ROWS
        if row.who is who and row.method == method and not row.path.endswith("/changes")
        and "number" in (names := {name for _, name, _, _ in Formatter().parse(row.path) if name})
        and names <= {"number", "employment"}
    ]  # fmt: skip


def _get(browser: httpx.Client, row: Row, number: str, employment: str) -> int:
    return browser.get(row.path.format(number=number, employment=employment)).status_code


def _post(browser: httpx.Client, row: Row, number: str, employment: str) -> int:
    fields = {"csrf_token": csrf_token(browser), "submission_key": "k", "action": "search"}
    return browser.post(row.path.format(number=number, employment=employment), data=fields).status_code


def test_a_mandatary_until_its_mandate_is_withdrawn(
    stack: RunningStack, browser: httpx.Client, rows: Execute, secretariat: Any
) -> None:
    """All pages of the enterprise are open for reading and writing; then, at once, none is."""
    sign_in(browser, MANDATARY_USER)
    number, employment = _mandated(rows, MANDATARY_USER)
    pages = [*_rows_of(Who.READER, "GET"), *_rows_of(Who.WRITER, "GET")]
    assert {(row.path, _get(browser, row, number, employment)) for row in pages} == {(row.path, 200) for row in pages}
    forms = _rows_of(Who.WRITER, "POST")
    assert all(_post(browser, row, number, employment) in (200, 303, 422) for row in forms)
    query = {"enterpriseNumber": number}
    assert secretariat.http.get("/employments", params=query).status_code == 200
    rows("update mandate set withdrawn_at = now() where enterprise = $1", number)
    try:
        assert {(row.path, _get(browser, row, number, employment)) for row in pages} == {(r.path, 403) for r in pages}
        assert {_post(browser, row, number, employment) for row in forms} == {403}
        assert browser.get(f"/enterprises/{number}/changes").status_code == 403
        deadline = time.monotonic() + SECONDS
        while (status := secretariat.http.get("/employments", params=query).status_code) != 404:
            assert time.monotonic() < deadline, f"software still comes in: {status}"
            time.sleep(0.5)
    finally:
        rows("update mandate set withdrawn_at = null where enterprise = $1", number)
    assert browser.get(f"/enterprises/{number}").status_code == 200


def test_an_inspector_reads_everything_and_writes_nothing(
    browser: httpx.Client, rows: Execute, stack: RunningStack
) -> None:
    number, employment = _mandated(rows, MANDATARY_USER)
    sign_in(browser, INSPECTOR)
    for row in _rows_of(Who.READER, "GET"):
        assert _get(browser, row, number, employment) == 200, row
    for row in _rows_of(Who.WRITER, "GET"):
        assert _get(browser, row, number, employment) == 403, row
    for row in _rows_of(Who.WRITER, "POST"):
        assert _post(browser, row, number, employment) == 403, row


def test_a_reader_of_another_enterprise_sees_nothing(browser: httpx.Client, rows: Execute) -> None:
    number, employment = _mandated(rows, MANDATARY_USER)
    sign_in(browser, READER)
    for row in (*_rows_of(Who.READER, "GET"), *_rows_of(Who.WRITER, "GET")):
        assert _get(browser, row, number, employment) == 403, row
