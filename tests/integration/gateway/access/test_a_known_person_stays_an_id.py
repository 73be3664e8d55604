"""Whoever is known already is declared by id: no national number is decrypted to be looked up again.

Lost otherwise: numbers in memory, and on their way through the code, where nobody needs them.
"""

import json
from collections.abc import Iterator

import pytest

from services.gateway.vault.national_number_cipher import Cipher
from shared.access.scope import Role
from shared.messaging.outbox import unpack
from tests.integration.gateway.access.test_every_page import _send
from tests.integration.gateway.access.test_every_question_of_the_api import _ask
from tests.support.access.api_rows import ROWS as API_ROWS
from tests.support.access.api_rows import Row as ApiRow
from tests.support.access.cast import At, Right, Someone
from tests.support.access.gateway import Visit, World
from tests.support.access.software import SCOPES, Call, Software, add_calls
from tests.support.access.web_rows import ROWS, Row, Stores

VISIT = Visit(Someone("declares about who is known", (Right(Role.EMPLOYER_WRITE, At.TARGET),)), 3_000)
CALL, NUMBERED = (Call(Software(name), 3_100 + n) for n, name in enumerate(("tells no number", "tells numbers")))
# What needs the employment comes before its cancellation.
FORMS = sorted(
    (row for row in ROWS if row.stores is Stores.OF_THE_ACTING),
    key=lambda row: row.path.endswith("{employment}/cancel"),
)
QUESTIONS = sorted(
    (row for row in API_ROWS if row.submits == "api" and "{" in row.path and "{enterprise_" not in row.path),
    key=lambda row: row.path.endswith("{employment}/cancel"),
)


@pytest.fixture(scope="module")
async def known(world: World) -> World:
    await world.add_visits([VISIT])
    await add_calls(world, [CALL, NUMBERED])
    return world


@pytest.fixture
def decrypted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The people whose numbers were decrypted."""
    people: list[str] = []
    decrypt = Cipher.decrypt

    def spied(self: Cipher, hidden: bytes, person: str) -> str:
        people.append(person)
        return decrypt(self, hidden, person)

    monkeypatch.setattr(Cipher, "decrypt", spied)
    yield people


def test_every_way_to_declare_is_here() -> None:
    assert {row.path.rpartition("/")[2] for row in FORMS} == {
        "facts", "new", "change", "cancel", "correct", "take-back",
    }  # fmt: skip
    assert len(QUESTIONS) == 5


async def _declared_of(world: World, actor: str) -> list[str]:
    """The people whom the events of this actor are about, oldest first; Kafka is away, so that they wait here."""
    rows = await world.database.fetch("select events from outbox order by id")
    events = [json.loads(one.value) for row in rows for one in unpack(row["events"])]
    return [one["data"]["person"] for one in events if one["actor"] == actor and "person" in one["data"]]


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row.path)
async def test_a_form_decrypts_nothing(known: World, row: Row, decrypted: list[str]) -> None:
    before = len(await known.submitted_by(VISIT.actor))
    async with known.browser(VISIT) as browser:
        answer = await _send(known, browser, VISIT, row, row.path, VISIT.csrf)
    assert answer.status_code == 303, answer.text[:300]
    assert len(await known.submitted_by(VISIT.actor)) == before + 1
    assert set(await _declared_of(known, VISIT.actor)) <= {VISIT.target.employee}
    assert decrypted == []


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: f"{row.method} {row.path}")
async def test_a_change_over_the_api_decrypts_nothing(known: World, row: ApiRow, decrypted: list[str]) -> None:
    before = len(await known.submitted_by(CALL.actor))
    headers = {"authorization": f"Bearer {known.access_token(CALL.client_id, SCOPES)}"}
    async with known.client(headers=headers) as software:
        answer = await _ask(software, CALL, row)
        assert answer.status_code == 202, answer.text[:300]
    assert len(await known.submitted_by(CALL.actor)) == before + 1
    assert set(await _declared_of(known, CALL.actor)) == {CALL.target.employee}
    assert decrypted == []


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: f"{row.method} {row.path}")
async def test_a_number_in_the_body_must_be_the_persons_own(known: World, row: ApiRow, decrypted: list[str]) -> None:
    """It need not be there; told, it is held against the person's, and another one is refused as before."""
    assert row.body is not None
    body = row.body(NUMBERED)
    assert isinstance(body, dict)
    ssin = NUMBERED.target.employee_ssin
    punctuated = f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-{ssin[6:9]}.{ssin[9:]}"
    headers = {"authorization": f"Bearer {known.access_token(NUMBERED.client_id, SCOPES)}"}
    async with known.client(headers=headers) as software:
        for own in (ssin, punctuated):
            answer = await software.request(row.method, row.address(NUMBERED), json=body | {"ssin": own})
            assert answer.status_code == 202, answer.text[:300]
        for another in (VISIT.target.employee_ssin, "85073003328", "", 1, None, [ssin]):
            answer = await software.request(row.method, row.address(NUMBERED), json=body | {"ssin": another})
            assert answer.status_code == 400
            issues = answer.json()["issues"]
            assert [(one["code"], one["name"]) for one in issues] == [("identifiesAnother", "ssin")]
        answer = await software.request(
            row.method, row.address(NUMBERED), json=body | {"person": NUMBERED.target.employee}
        )
        assert [(one["code"], one["name"]) for one in answer.json()["issues"]] == [("unknownInput", "person")]
    assert decrypted == []
