"""If these failed, a former employer would go on reading about whoever left long ago, or its totals would shrink."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from services.dashboard.queries import ROUTERS
from services.dashboard.queries.asking import QuestionConnections
from shared.access.scope import ActorKind, Role, Scope, pair
from shared.database.ended_access import LAST_DAY, filling
from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import OPERATOR, Dashboard, citizen, employer
from tests.integration.dashboard.world import random_world
from tests.support.leaving import CASES, CLOSED, EMPLOYED, OPEN_SINCE, Case, Worked, expected

HERE, ELSEWHERE = "0200000037", "0200000136"
YEAR, EARLIER_YEAR = 2023, 2022


def person(case: Case) -> str:
    return examples.identifier("person", case.name)


def employment(case: Case, number: int = 0) -> str:
    return examples.identifier("employment", (case.name, number))


def reopened() -> frozenset[str]:
    here = {pair(HERE, person(case)) for case in CASES if case.reopened}
    return frozenset(here | {pair(ELSEWHERE, person(case)) for case in CASES if case.reopened_elsewhere})


CLOSING = replace(employer(HERE), open_since=OPEN_SINCE, reopened=reopened())
OPEN = employer(HERE)
INSPECTOR = Scope(ActorKind.PERSON, "inspector", enterprises="all", roles=frozenset({Role.INSPECTOR}))


@pytest.fixture
async def leaving(dashboard: Dashboard) -> Dashboard:
    """Everyone was trained in one year, in the year before nobody was; employments come in any order."""
    events = [examples.enterprise(HERE)]
    for case in CASES:
        for number, worked in enumerate(case.employments):
            events += employed(case, number, worked)
        start = f"{YEAR}-05-0{1 + len(case.name) % 9}"
        events.append(examples.training(case.name, person(case), start=start, title=f"Titel {person(case)}"))
        events.append(examples.balances((case.name, 0), person(case), examples.year(YEAR, granted="5")))
    random.Random(4).shuffle(events)
    await dashboard.project(events)
    return dashboard


def employed(case: Case, number: int, worked: Worked) -> list[dict[str, Any]]:
    """An employment in its first version, and in the second if it was cancelled."""
    end = worked.end.isoformat() if worked.end else None
    told = [examples.employment((case.name, number), person(case), start=worked.start.isoformat(), end=end)]
    if worked.cancelled:
        gone = examples.employment(
            (case.name, number), person(case), start=worked.start.isoformat(), end=end, version=2, cancelled=True
        )
        gone["data"]["recordedAt"] = worked.cancelled
        told.append(gone)
    return told


@dataclass(frozen=True)
class Read:
    """A question about people: its route, how it is asked of a case, and for whom it has an answer at all."""

    route: str
    asked: Callable[[Case], str]
    cases: tuple[Case, ...] = CASES


STANDING = tuple(case for case in EMPLOYED if not any(worked.cancelled for worked in case.employments))
_OF = "/internal/enterprises/{number}"
READS = {
    "employees": Read(f"{_OF}/employees", lambda _: f"/enterprises/{HERE}/employees?year={YEAR}&pageSize=500"),
    "employees by trainings": Read(
        f"{_OF}/employees", lambda _: f"/enterprises/{HERE}/employees?year={YEAR}&pageSize=500&sort=-trainings"
    ),
    "employees without training": Read(
        f"{_OF}/employees",
        lambda _: f"/enterprises/{HERE}/employees?year={EARLIER_YEAR}&pageSize=500&withoutTraining=true",
        STANDING,
    ),
    "one of the employees": Read(
        f"{_OF}/employees", lambda case: f"/enterprises/{HERE}/employees?year={YEAR}&person={person(case)}"
    ),
    "one line of employees": Read(
        f"{_OF}/employees", lambda case: f"/enterprises/{HERE}/employees?year={YEAR}&employment={employment(case)}"
    ),
    "ids": Read(f"{_OF}/employees/ids", lambda _: f"/enterprises/{HERE}/employees/ids?year={YEAR}"),
    "trainings": Read(f"{_OF}/trainings", lambda _: f"/enterprises/{HERE}/trainings?pageSize=500"),
    "trainings of a person": Read(
        f"{_OF}/trainings", lambda case: f"/enterprises/{HERE}/trainings?person={person(case)}"
    ),
    "trainings of an employment": Read(
        f"{_OF}/trainings", lambda case: f"/enterprises/{HERE}/trainings?employment={employment(case)}", STANDING
    ),
    "trainings by text": Read(f"{_OF}/trainings", lambda case: f"/enterprises/{HERE}/trainings?text={person(case)}"),
    "an employment": Read("/internal/employments/{id_}", lambda case: f"/employments/{employment(case)}", EMPLOYED),
}
# What tells nothing of one person: facts of enterprises, sums, a bell; and a person's own account, which has no end.
NOT_ABOUT_SOMEBODY = {
    "/internal/enterprises", "/internal/enterprises/{number}", f"{_OF}/summary", "/internal/totals",
    "/internal/changes", "/internal/persons/{person}",
}  # fmt: skip


def test_every_question_is_among_those_that_are_tried() -> None:
    routes = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert routes == {read.route for read in READS.values()} | NOT_ABOUT_SOMEBODY


@pytest.mark.parametrize("name", READS)
async def test_a_former_employer_reads_nothing_of_whoever_left(leaving: Dashboard, name: str) -> None:
    read = READS[name]

    async def shown(scope: Scope) -> dict[str, bool]:
        found = {}
        for case in read.cases:
            answer = await leaving.ask(read.asked(case), scope)
            assert answer.status_code in (200, 404), answer.text
            found[case.name] = answer.status_code == 200 and person(case) in answer.text
        return found

    assert await shown(CLOSING) == expected(read.cases)
    assert await shown(OPEN) == dict.fromkeys(expected(read.cases), True)


async def test_a_person_reads_the_own_account_for_life(leaving: Dashboard) -> None:
    for case in CASES:
        account = await leaving.answer(f"/persons/{person(case)}", citizen(person(case)))
        assert account["trainings"]["total"] == 1
        assert {one["employment"] for one in account["employments"]} >= {
            employment(case, number) for number in range(len(case.employments))
        }


async def test_an_inspector_reads_everybody(leaving: Dashboard) -> None:
    found = await leaving.answer(f"/enterprises/{HERE}/trainings", INSPECTOR, pageSize=500)
    assert {item["person"] for item in found["items"]} == {person(case) for case in CASES}


async def test_the_totals_keep_whoever_left_and_say_how_many_they_are(leaving: Dashboard) -> None:
    for path in (f"/enterprises/{HERE}/summary?year={YEAR}", f"/enterprises?year={YEAR}"):
        closing, open_ = await leaving.answer(path, CLOSING), await leaving.answer(path, OPEN)
        assert _without_notes(closing) == _without_notes(open_)
    summary = await leaving.answer(f"/enterprises/{HERE}/summary?year={YEAR}", CLOSING)
    assert summary["completed"]["trainings"] == len(CASES)
    assert summary["employees"]["onlyInTotals"] == len(CLOSED)
    assert (await leaving.answer(f"/enterprises/{HERE}/employees/ids?year={YEAR}", CLOSING))["onlyInTotals"] == len(
        CLOSED
    )


def _without_notes(found: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in found.items() if name != "asOf"}
    if "employees" in told:
        told["employees"] = {name: n for name, n in told["employees"].items() if name != "onlyInTotals"}
    return told


async def test_pages_count_what_they_show_and_their_totals_everyone(leaving: Dashboard) -> None:
    for part in ("trainings", "employees"):
        path = f"/enterprises/{HERE}/{part}?pageSize=500{f'&year={YEAR}' if part == 'employees' else ''}"
        closing, open_ = await leaving.answer(path, CLOSING), await leaving.answer(path, OPEN)
        assert closing["total"] == len(closing["items"]) < open_["total"]
        assert closing["totals"] == open_["totals"] | (
            {"onlyInTotals": len(CLOSED)} if "onlyInTotals" in open_["totals"] else {}
        )


@pytest.mark.parametrize("by", ["person", "text", "employment", "training"])
async def test_no_sum_tells_of_one_person_who_left(leaving: Dashboard, by: str) -> None:
    for case in (one for one in STANDING if not one.is_open):
        value = {"employment": employment(case), "training": examples.identifier("training", case.name)}.get(
            by, person(case)
        )
        answer = await leaving.ask(f"/enterprises/{HERE}/trainings?{by}={value}", CLOSING)
        assert answer.status_code == 404 or answer.json()["totals"] == {"trainings": 0, "minutes": 0}


async def test_a_query_that_forgets_its_condition_still_finds_nobody_who_left(leaving: Dashboard) -> None:
    questions: QuestionConnections = leaving.app.state.questions
    about_people = await leaving.rows(
        "select c.table_name as name from information_schema.columns c join pg_class t on t.relname = c.table_name"
        " where c.column_name = 'person' and t.relkind = 'r' and c.table_schema = 'public'"
    )
    assert {row["name"] for row in about_people} == {"training", "employment", "balance", "ended_access"}
    for table in ("training", "employment", "balance"):
        async with questions.reading(CLOSING) as connection:
            found = set((await connection.execute(text(f"select person::text from {table}"))).scalars())
        cases = EMPLOYED if table == "employment" else CASES
        assert {case.name: person(case) in found for case in cases} == expected(cases), table
    async with questions.reading(employer(ELSEWHERE)) as connection:
        assert (await connection.execute(text("select count(*) from ended_access"))).scalar_one() == 0


@pytest.mark.parametrize("seed", range(3))
async def test_in_any_order_and_any_number_of_times_access_ends_alike(dashboard: Dashboard, seed: int) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    for batch in world.shuffled(chance):
        await dashboard.project(batch)

    days: dict[tuple[str, str], list[date | None]] = {}
    for state in world.latest("employment"):
        days.setdefault((state["enterprise"], state["person"]), []).append(_last_day(state))
    ended = {key: max(one for one in found if one) for key, found in days.items() if None not in found}
    rows = await dashboard.rows("select enterprise, person::text, last_day from ended_access")
    assert {(row["enterprise"], row["person"]): row["last_day"] for row in rows} == ended
    assert ended


def _last_day(state: dict[str, Any]) -> date | None:
    known = [date.fromisoformat(state["endDate"])] if "endDate" in state else []
    if state["cancelled"]:
        known.append(datetime.fromisoformat(state["recordedAt"]).astimezone(ZoneInfo("Europe/Brussels")).date())
    return min(known, default=None)


async def test_what_was_known_before_the_release_is_closed_by_its_migration(leaving: Dashboard) -> None:
    kept = await leaving.rows("select * from ended_access order by person")
    await leaving.rows("truncate ended_access")
    await leaving.rows(filling(LAST_DAY))
    assert await leaving.rows("select * from ended_access order by person") == kept


async def test_the_whole_of_an_operators_question_is_not_closed(leaving: Dashboard) -> None:
    assert (await leaving.answer("/totals", OPERATOR))["trainings"] == len(CASES)
