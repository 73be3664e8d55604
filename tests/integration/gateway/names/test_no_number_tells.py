"""A number that somebody else knows and one that nobody knows are answered alike, at every door that takes one.

Lost: that someone works somewhere, to whoever types numbers until one is answered otherwise, or later, or by one
query more.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway.api.caller import forget_callers
from services.gateway.batch.answers.report import Format, report
from services.gateway.batch.state import Mode
from services.gateway.intake import refused_in_file, submission_outcomes
from shared.i18n import Language
from tests.support.batch_xml import NAMESPACE
from tests.support.numbers import ssin
from tests.support.product_in_process import Browser, Product, Statements, product

BAKERY, GARAGE = "1999010345", "1999010444"
CLERK = ssin(900)

# How often a client looks whether its request is decided, and when it is tidied up, depends on the clock; files are
# looked for all the time, and the driver asks on its own what a type is.
_TEXTS = (submission_outcomes.FIND, submission_outcomes.ITEMS, refused_in_file.FORGET)
_OF_THE_CLOCK = {"BEGIN;", "COMMIT;"} | {" ".join(text.split()) for text in _TEXTS}
_NOT_ASKED = re.compile(r"\b(batch|exchange_file)\b|pg_catalog|typeinfo|current_setting")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?")

_ranks = count()

TRAINING = {
    "enterpriseNumber": BAKERY, "title": "Brood", "startDate": "2025-05-05", "endDate": "2025-05-05",
    "duration": "PT7H36M",
}  # fmt: skip
EMPLOYMENT = {
    "enterpriseNumber": BAKERY, "startDate": "2024-01-01",
    "terms": [{"validFrom": "2024-01-01", "jointCommittee": "200", "workingTime": "1"}],
}  # fmt: skip
FIGURE = {"enterpriseNumber": BAKERY, "year": 2025, "days": "7", "reason": "Own agreement"}
NAMES = {"givenName": "Xx", "familyName": "Yy"}


class Desk:
    """Who asks: software of the bakery, and its clerk in front of the pages."""

    def __init__(self, fla: Product, software: httpx.AsyncClient, browser: Browser) -> None:
        self.fla, self.software, self.browser = fla, software, browser
        self.asked = [Statements(engine) for engine in fla.engines.values()]
        self.own: dict[str, str] = {}

    async def statements(self) -> list[list[str]]:
        """What was asked of each database since the last time, as far as a request asked it; sorted, because what is
        decided and who waits for it overlap.
        """
        while not self.fla.pump.idle:
            await asyncio.sleep(0.01)
        return [
            sorted(text for text in one.take() if text not in _OF_THE_CLOCK and not _NOT_ASKED.search(text))
            for one in self.asked
        ]


@pytest.fixture(scope="module")
async def fla(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    folder: Path = tmp_path_factory.mktemp("product")
    async with product(new_database, folder) as running:
        yield running


@pytest.fixture(scope="module")
async def desk(fla: Product) -> Desk:
    await fla.has_enterprise(BAKERY, "bakery")
    await fla.has_enterprise(GARAGE, "garage")
    await fla.has_writer(CLERK, BAKERY)
    made = Desk(fla, fla.software("bakery"), await fla.browser(CLERK, "Els", "Bediende"))
    number = ssin(901)
    hired = await made.software.post("/employments", json=EMPLOYMENT | NAMES | {"ssin": number, "reference": "OWN"})
    trained = await made.software.post("/trainings", json=TRAINING | {"ssin": number, "reference": "OWN"})
    figure = await made.software.post("/entitlements", json=FIGURE | {"ssin": number, "reference": "OWN"})
    made.own = {"employment": hired.json()["id"], "training": trained.json()["id"], "figure": figure.json()["id"]}
    return made


Ask = Callable[[Desk, str, str], Coroutine[Any, Any, httpx.Response]]


def posted(path: str, fields: dict[str, Any], *, bulk: bool = False, referenced: bool = True) -> Ask:
    async def ask(desk: Desk, number: str, reference: str) -> httpx.Response:
        body: dict[str, Any] = fields | {"ssin": number} | ({"reference": reference} if referenced else {})
        return await desk.software.post(path, json={"items": [body, body]} if bulk else body)

    return ask


def changed(method: str, path: str, fields: dict[str, Any]) -> Ask:
    """Something of one's own, said to be about somebody else."""

    async def ask(desk: Desk, number: str, _: str) -> httpx.Response:
        body = {name: value for name, value in fields.items() if name != "enterpriseNumber"} | {"ssin": number}
        return await desk.software.request(method, path.format(**desk.own), json=body)

    return ask


def form(**names: str) -> Ask:
    async def ask(desk: Desk, number: str, reference: str) -> httpx.Response:
        typed = {"ssin": number, "startDate": "2024-01-01", "jointCommittee": "200", "workingTime": "100"}
        page = f"/enterprises/{BAKERY}/employees/new"
        answer = await desk.browser.posts(page, typed | {"reference": reference} | names)
        assert answer.status_code == 303, answer.text
        return await desk.browser.http.get(answer.headers["location"])

    return ask


REASON = {"reason": "Typed wrong"}
DOORS: dict[str, Ask] = {
    "a training": posted("/trainings", TRAINING),
    "a training without a reference": posted("/trainings", TRAINING, referenced=False),
    "trainings": posted("/trainings/bulk", TRAINING, bulk=True),
    "finding trainings": posted("/trainings/query", {"enterpriseNumber": BAKERY}, referenced=False),
    "an employment with a name": posted("/employments", EMPLOYMENT | NAMES),
    "an employment without a name": posted("/employments", EMPLOYMENT),
    "an employment without a reference": posted("/employments", EMPLOYMENT | NAMES, referenced=False),
    "employments": posted("/employments/bulk", EMPLOYMENT | NAMES, bulk=True),
    "a figure": posted("/entitlements", FIGURE),
    "figures": posted("/entitlements/bulk", FIGURE, bulk=True),
    "the form": form(),
    "the form with a name": form(**NAMES),
    "a correction": changed("PUT", "/trainings/{training}", TRAINING | REASON),
    "a cancellation": changed("POST", "/trainings/{training}/cancel", REASON),
    "a change": changed("PUT", "/employments/{employment}", EMPLOYMENT),
    "a cancelled employment": changed("POST", "/employments/{employment}/cancel", REASON),
    "a cancelled figure": changed("POST", "/entitlements/{figure}/cancel", REASON),
}


async def known_elsewhere(desk: Desk) -> str:
    """Someone who works at the garage, signed in, and was trained; looked up a moment ago."""
    number = ssin(next(_ranks))
    garage = desk.fla.software("garage")
    theirs = {"ssin": number, "enterpriseNumber": GARAGE, "reference": number[-6:]}
    await garage.post("/employments", json=EMPLOYMENT | {"givenName": "Marie", "familyName": "Curie"} | theirs)
    assert (await garage.post("/trainings", json=TRAINING | theirs)).status_code == 201
    await desk.fla.browser(number, "Marie", "Sklodowska")
    return number


def alike(text: str, number: str, reference: str) -> str:
    """A text without what differs anyway: the number that was asked about, ids, moments."""
    for own, word in ((number, "SSIN"), (reference, "REFERENCE"), (number[-6:], "SSIN")):
        text = text.replace(own, word)
    text = re.sub(r'(csrf_token|submission_key)" value="[^"]*"', r'\1"', text)
    text = re.sub(r"\d{2}\.\d{2}\.\d{2}[-‑]\S*", "SHOWN", text)
    return _MOMENT.sub("MOMENT", _UUID.sub("ID", text))


async def answered(desk: Desk, door: str, number: str, reference: str) -> dict[str, Any]:
    await desk.statements()
    forget_callers()
    answer = await DOORS[door](desk, number, reference)
    asked = await desk.statements()
    headers = {name: alike(value, number, reference) for name, value in answer.headers.items()}
    return {
        "status": answer.status_code,
        "headers": {name: value for name, value in headers.items() if name != "content-length"},
        "body": alike(answer.text, number, reference),
        "statements": asked,
    }


@pytest.mark.parametrize("door", DOORS)
async def test_an_answer_is_the_same_whoever_is_known(desk: Desk, door: str) -> None:
    # Whatever a first use of a connection or a cache would add is out of the way.
    await answered(desk, door, ssin(next(_ranks)), f"warm-{next(_ranks)}")
    known, unknown = await known_elsewhere(desk), ssin(next(_ranks))
    of_known = await answered(desk, door, known, f"ref-{next(_ranks)}")
    of_unknown = await answered(desk, door, unknown, f"ref-{next(_ranks)}")
    assert any(of_known["statements"])
    for seen in zip(of_known.pop("statements"), of_unknown.pop("statements"), strict=True):
        asked, other = map(Counter, seen)
        assert (asked - other, other - asked) == (Counter(), Counter())
    assert of_known == of_unknown
    for name in ("Marie", "Curie", "Sklodowska"):
        assert name not in of_known["body"]


KINDS = {
    "trainingRegistration": "{who}<title>Brood</title><startDate>2025-05-05</startDate><endDate>2025-05-05</endDate>"
    "<duration>PT7H36M</duration>",
    "trainingCorrection": "{who}<title>Brood</title><startDate>2025-05-05</startDate><endDate>2025-05-05</endDate>"
    "<duration>PT7H36M</duration><reason>Typed wrong</reason>",
    "trainingCancellation": "{who}<reason>Typed wrong</reason>",
    "employmentRegistration": "{who}<givenName>Xx</givenName><familyName>Yy</familyName>"
    "<startDate>2024-01-01</startDate><terms><validFrom>2024-01-01</validFrom><jointCommittee>200</jointCommittee><workingTime>1</workingTime></terms>",
    "employmentChange": "{who}<familyName>Yy</familyName><startDate>2024-01-01</startDate><terms><validFrom>2024-01-01"
    "</validFrom><jointCommittee>200</jointCommittee><workingTime>1</workingTime></terms>",
    "employmentCancellation": "{who}<reason>Typed wrong</reason>",
    "entitlementRegistration": "{who}<year>2025</year><basis>resultingDays</basis><days>7</days>"
    "<rightType>company</rightType><reason>Own agreement</reason>",
    "entitlementCancellation": "{who}<reason>Typed wrong</reason>",
}


def file_about(number: str) -> bytes:
    """A declaration of every kind about somebody."""
    inner = ""
    for rank, (kind, content) in enumerate(KINDS.items()):
        who = f"<reference>F-{number[-6:]}-{rank}</reference><ssin>{number}</ssin>"
        inner += f"<{kind}>{content.format(who=who + f'<enterpriseNumber>{BAKERY}</enterpriseNumber>')}</{kind}>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><batch xmlns="{NAMESPACE}" schemaVersion="1.0">'
        f"<header><sender>{BAKERY}</sender></header>{inner}</batch>"
    ).encode()


@pytest.mark.parametrize("mode", Mode)
async def test_a_report_is_the_same_whoever_is_known(desk: Desk, mode: Mode) -> None:
    """Everything that a file can say, and what travels because of it."""
    found = []
    for number in (await known_elsewhere(desk), ssin(next(_ranks))):
        desk.fla.pump.sent.clear()
        id_ = await desk.fla.sends_file(file_about(number), BAKERY, mode)
        batch = await desk.fla.files.find(id_, BAKERY)
        assert batch is not None
        assert (batch.declared, batch.rejection) == (len(KINDS), None)
        pieces = [
            piece
            async for piece in report(
                desk.fla.engines["gateway"], desk.fla.files.folders, batch, Format.JSON, Language.ENGLISH
            )
        ]
        kinds = sorted(json.loads(one.value)["type"] for one in desk.fla.pump.sent)
        found.append((alike(b"".join(pieces).decode(), number, f"F-{number[-6:]}"), kinds))
    assert found[0] == found[1]
    assert "Marie" not in found[0][0]
