"""Nobody becomes a legal representative by saying so: it is proven, or an operator decides, and can be undone whole."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from deploy.demo.generator.numbers import enterprise_number
from services.gateway.web.entitlements.preview_entitlement import fingerprint
from tests.end_to_end.product.conftest import ENTERPRISE, Api
from tests.support.person import Person
from tests.support.running_stack import RunningStack

QUEUE = "/operator/representation"
COLD_STORE, SOLAR = ("1999010543", "Noordzee Koelhuis BV"), ("1999010642", "Lejeune Énergie Solaire SRL")
FLOWERS = ("1999010741", "Bloemen Van Aken BV")
NOBODYS = (enterprise_number(155), "Onbestaand BV")


@pytest.fixture(scope="module", autouse=True)
def outcomes_are_read_again(api: Api) -> Iterator[None]:
    """Kafka waits for a killed gateway before it gives its place to the next: other tests begin when that is over."""
    yield
    known = api.get(f"/enterprises/{ENTERPRISE}")
    facts = {"enterpriseNumber": ENTERPRISE, "name": known["name"], "jointCommittees": known["jointCommittees"]}
    deadline = time.monotonic() + 120
    while api.post("/enterprises", facts, Prefer="wait=10").status_code != httpx.codes.CREATED:
        assert time.monotonic() < deadline, "the gateway reads no outcomes"


@pytest.fixture
def operator(stack: RunningStack) -> Person:
    return Person(stack, "David Martin")


def card(page: str, name: str) -> str:
    """The part of the operator's page about an enterprise."""
    return next((part for part in re.split(r'<div class="card', page)[1:] if name in part), "")


def decided_on(operator: Person, enterprise: tuple[str, str], action: str, reason: str) -> None:
    """The operator's decision on the claim that waits for this enterprise."""
    path = re.search(rf"{QUEUE}/[0-9a-f-]+/{action}", card(operator.page(QUEUE), enterprise[1]))
    assert path, f"no request for {enterprise[1]} waits"
    assert operator.goes_on_to(operator.sends(path[0], on=QUEUE, reason=reason)) == QUEUE


def revoke_path(operator: Person, enterprise: tuple[str, str]) -> str:
    rows = re.split(r"<tr>", operator.page(QUEUE))
    row = next(row for row in rows if enterprise[1] in row and "/revoke" in row)
    found = re.search(rf"{QUEUE}/[0-9a-f-]+/revoke", row)
    assert found
    return found[0]


def facts_shown(page: str) -> set[str]:
    """The cells of the tables on an enterprise's facts: its joint committees, its sizes and what applies."""
    return set(re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", page))


@pytest.mark.parametrize("name", ["Hilde Janssens", "David Martin"])
def test_who_holds_an_office_is_not_offered_an_enterprise_and_cannot_take_one(stack: RunningStack, name: str) -> None:
    someone = Person(stack, name)
    assert "/enterprises/new" not in someone.page("/parties")
    assert "/enterprises/new" not in someone.page("/me")
    assert someone.status("/enterprises/new") == httpx.codes.FORBIDDEN
    assert someone.registers(*NOBODYS).status_code == httpx.codes.FORBIDDEN
    assert someone.sends("/claims", enterprise=FLOWERS[0]).status_code == httpx.codes.FORBIDDEN


def test_an_employee_who_proves_nothing_waits_and_reads_why_it_was_refused(
    stack: RunningStack, operator: Person
) -> None:
    anna = Person(stack, "Anna Weber")
    assert "Enterprises you represent" not in anna.page("/me")
    claim = anna.goes_on_to(anna.registers(*NOBODYS))
    assert "Waiting for the operator" in anna.page(claim)
    assert f"/enterprises/{NOBODYS[0]}" not in anna.page("/parties")
    assert anna.status(f"/enterprises/{NOBODYS[0]}") == httpx.codes.FORBIDDEN
    assert anna.status(f"/enterprises/{NOBODYS[0]}/employees/new") == httpx.codes.FORBIDDEN
    assert NOBODYS[1] in anna.page("/me")
    assert "does not know the enterprise" in card(operator.page(QUEUE), NOBODYS[1])
    decided_on(operator, NOBODYS, "refuse", "De oprichtingsakte noemt iemand anders.")
    assert "De oprichtingsakte noemt iemand anders." in anna.page(claim)
    assert "is refused" in anna.page("/me")
    assert Person(stack, "Jan Peeters").status(claim) == httpx.codes.FORBIDDEN
    assert anna.goes_on_to(anna.sends(f"{claim}/close", on=claim)) == "/me"
    assert NOBODYS[1] not in anna.page("/me")


def test_who_asks_can_take_it_back_and_cannot_fill_the_queue(stack: RunningStack, operator: Person) -> None:
    mateusz = Person(stack, "Mateusz Kowalczyk")
    numbers = [enterprise_number(ordinal) for ordinal in (156, 157, 158, 159)]
    asked = [mateusz.goes_on_to(mateusz.registers(number, f"Firma {number}")) for number in numbers[:3]]
    assert mateusz.goes_on_to(mateusz.registers(numbers[0], f"Firma {numbers[0]}")) == asked[0]
    assert mateusz.registers(numbers[3], "Firma").status_code == httpx.codes.UNPROCESSABLE_ENTITY
    for claim in asked:
        assert mateusz.goes_on_to(mateusz.sends(f"{claim}/withdraw", on=claim)) == "/me"
    assert not any(f"Firma {number}" in operator.page(QUEUE) for number in numbers)


def test_who_is_proven_is_offered_the_enterprise_and_acts_for_it_at_once(stack: RunningStack, operator: Person) -> None:
    els = Person(stack, "Els Vandamme")
    offer = els.until("/me", lambda text: "Enterprises you represent" in text)
    assert f"/enterprises/new?enterprise={COLD_STORE[0]}" in offer
    assert COLD_STORE[1] in els.page(f"/enterprises/new?enterprise={COLD_STORE[0]}")
    assert els.goes_on_to(els.registers(*COLD_STORE)) == f"/enterprises/{COLD_STORE[0]}"
    assert COLD_STORE[1] in els.page(f"/enterprises/{COLD_STORE[0]}")
    assert "Enterprises you represent" not in els.page("/me")
    assert "Proven by the source" in operator.page(QUEUE)


def test_a_wrong_grant_is_revoked_with_all_it_brought(stack: RunningStack, operator: Person) -> None:
    number, name = FLOWERS
    amina, stranger = Person(stack, "Amina Haddad"), Person(stack, "Jan Peeters")
    claim = amina.goes_on_to(amina.registers(number, name))
    decided_on(operator, FLOWERS, "grant", "Uittreksel van de notaris.")
    assert "Granted" in amina.page(claim)
    assert "Uittreksel van de notaris." in operator.page(QUEUE)
    amina.until(f"/enterprises/{number}/facts", lambda text: "200" in text)

    # A stranger is made an employee by a national number alone, with a training and an own figure.
    employees = f"/enterprises/{number}/employees"
    own_page = amina.employs(number, "Jan", "Peeters")
    employment = own_page.removeprefix(f"{employees}/")
    stranger.until("/me", lambda text: f"New employer: {name}" in text)
    amina.until(employees, lambda text: "Peeters" in text)
    training = amina.sends(
        f"/enterprises/{number}/trainings/new", employees=employment, title="Bloemschikken voor vreemden",
        startDate="2026-02-02", endDate="2026-02-02", durationHours="7", kind="formal", context="professional",
        rightType="legal",
    )  # fmt: skip
    amina.goes_on_to(training)
    nine = {"year": "2026", "basis": "resultingDays", "days": "9", "reason": "zomaar", "rightType": "legal"}
    shown = fingerprint(nine | {"enterpriseNumber": number}, [employment])
    figure = amina.sends(
        f"/enterprises/{number}/entitlements/new", employees=employment, confirmed=shown, **nine,
    )  # fmt: skip
    amina.goes_on_to(figure)
    stranger.until("/me", lambda text: "Bloemschikken voor vreemden" in text)

    # The stranger contests it: the employer sees that, the operator reads what was written.
    contest = f"/me/employers/{employment}/contest"
    assert name in stranger.page(contest)
    assert Person(stack, "Anna Weber").status(contest) == httpx.codes.FORBIDDEN
    assert stranger.goes_on_to(stranger.sends(contest, text="Ik ken hen niet en werk er niet.")) == "/me"
    assert "is not your employer" in stranger.page("/me")
    seen = amina.page(own_page)
    assert "contested on" in seen
    assert "Ik ken hen niet" not in seen
    assert "Ik ken hen niet en werk er niet." in operator.page(QUEUE)
    resolve = f"{QUEUE}/contests/{employment}/resolve"
    operator.goes_on_to(operator.sends(resolve, on=QUEUE, reason="Wij draaien dit terug."))
    assert "Wij draaien dit terug." in stranger.page("/me")
    assert "contested on" not in amina.page(own_page)

    # Facts are made up too.
    facts = f"/enterprises/{number}/facts"
    changed = amina.sends(
        facts, name=name, jointCommittees="200, 302", sizes__workers="777", sizes__basis="stated",
        sizes__validFrom="2023-01-01",
    )  # fmt: skip
    amina.goes_on_to(changed)
    made_up = facts_shown(amina.until(facts, lambda text: "777" in facts_shown(text)))
    assert any(cell.endswith("302") for cell in made_up)

    # It is revoked; the gateway dies right then.
    path = revoke_path(operator, FLOWERS)
    assert "all that was declared for it is taken back" in operator.page(path)
    assert operator.sends(path, on=path, reason="").status_code == httpx.codes.UNPROCESSABLE_ENTITY
    operator.goes_on_to(operator.sends(path, on=path, reason="Valse volmacht."))
    stack.kill("gateway")
    operator.until(QUEUE, lambda text: "Revoked" in text and "being taken back" not in text)
    for page in ("/me", "/parties"):
        assert "Valse volmacht." in amina.page(claim)
        assert "Go to the enterprise" not in amina.page(page)
    assert amina.status(f"/enterprises/{number}") == httpx.codes.FORBIDDEN
    gone = stranger.until("/me", lambda text: name not in text and number not in text)
    assert "Bloemschikken" not in gone
    assert "1999.010.741" not in gone

    # The number is free: its true representative finds nothing of it.
    again = amina.goes_on_to(amina.registers(number, name))
    assert again.startswith("/claims/")
    decided_on(operator, FLOWERS, "grant", "Nu wel bewezen.")
    own = facts_shown(amina.until(facts, lambda text: "25" in facts_shown(text)))
    assert "777" not in own
    assert not any(cell.endswith("302") for cell in own)
    assert "Peeters" not in amina.page(employees)
    trainings = amina.page(f"/enterprises/{number}/trainings")
    assert "Peeters" not in trainings
    assert "Bloemschikken" not in trainings


def test_a_grant_survives_the_gateway_dying_and_registers_once(stack: RunningStack, operator: Person) -> None:
    """Between the decision and the declaration of the enterprise, whichever moment it is."""
    jan = Person(stack, "Jan Peeters")
    number, name = enterprise_number(160), "Peeters Klussen BV"
    jan.goes_on_to(jan.registers(number, name))
    decided_on(operator, (number, name), "grant", "Attest gezien.")
    stack.kill("gateway")
    jan.until(f"/enterprises/{number}/facts", lambda text: "200" in text)
    time.sleep(1)
    assert f"/enterprises/{number}" in jan.page("/me")
