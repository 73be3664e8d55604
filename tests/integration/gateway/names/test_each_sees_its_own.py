"""A name belongs to who gave it, at every door: a number tells no name, and everybody can correct what they gave.

Lost: someone's true name to whoever typed the number, or a misspelling that no employer and not even the person can
ever put right.
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest

from tests.support.batch_xml import NAMESPACE
from tests.support.numbers import ssin
from tests.support.product_in_process import Browser, Product

BAKERY, GARAGE = "1999010345", "1999010444"
CLERK, MECHANIC = ssin(900), ssin(901)
TODAY = datetime.now(UTC).date().isoformat()
YEAR = TODAY[:4]

_numbers = count()


def employment(number: str, enterprise: str, reference: str, **changes: Any) -> dict[str, Any]:
    start = "2024-01-01"
    terms = [{"validFrom": start, "jointCommittee": "200", "workingTime": "1"}]
    fields = {
        "reference": reference,
        "ssin": number,
        "enterpriseNumber": enterprise,
        "startDate": start,
        "terms": terms,
    }
    return fields | changes


def xml(kind: str, fields: dict[str, Any], sender: str) -> bytes:
    terms = "".join(f"<{name}>{text}</{name}>" for name, text in fields["terms"][0].items())
    order = (
        "reference", "ssin", "enterpriseNumber", "givenName", "familyName", "startDate", "endDate", "endReason"
    )  # fmt: skip
    inner = "".join(f"<{name}>{fields[name]}</{name}>" for name in order if name in fields)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><batch xmlns="{NAMESPACE}" schemaVersion="1.0">'
        f"<header><sender>{sender}</sender></header><{kind}>{inner}<terms>{terms}</terms></{kind}></batch>"
    ).encode()


class House:
    """An enterprise with software and somebody at its desk."""

    def __init__(self, fla: Product, number: str, software: httpx.AsyncClient, browser: Browser) -> None:
        self.fla, self.number, self.software, self.browser = fla, number, software, browser

    async def hires(self, number: str, reference: str, **names: str) -> httpx.Response:
        return await self.software.post("/employments", json=employment(number, self.number, reference, **names))

    async def trains(self, number: str, reference: str) -> str:
        answer = await self.software.post(
            "/trainings",
            json={
                "reference": reference, "ssin": number, "enterpriseNumber": self.number, "title": "Brood",
                "startDate": TODAY, "endDate": TODAY, "duration": "PT7H36M",
            },
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def names(self, employment: str, training: str, figure: str) -> dict[str, str]:
        """The person's name at every door that shows one to this enterprise."""
        api, number = self.software, self.number
        query = {"enterpriseNumber": number}
        person = (await api.get(f"/employments/{employment}")).json()
        asked = query | {"ssin": person["ssin"]}
        items = {
            "GET /employments": (await api.get("/employments", params=query)).json()["items"],
            "GET /employments/{id}": [person],
            "GET /trainings": (await api.get("/trainings", params=query)).json()["items"],
            "GET /trainings/{id}": [(await api.get(f"/trainings/{training}")).json()],
            "GET /trainings/{id}/versions": (await api.get(f"/trainings/{training}/versions")).json()["items"],
            "POST /trainings/query": (await api.post("/trainings/query", json=asked)).json()["items"],
            "GET /entitlements": (await api.get("/entitlements", params=query)).json()["items"],
            "GET /entitlements/{id}": [(await api.get(f"/entitlements/{figure}")).json()],
        }
        ssin_ = person["ssin"]
        shown = {door: _told(of_door, ssin_) for door, of_door in items.items()}
        at = f"/enterprises/{number}"
        pages = {
            "dashboard": at,
            "employees": f"{at}/employees",
            "employee": f"{at}/employees/{employment}",
            "change of employment": f"{at}/employees/{employment}/change",
            "cancellation of employment": f"{at}/employees/{employment}/cancel",
            "trainings": f"{at}/trainings",
            "training": f"{at}/trainings/{training}",
            "correction": f"{at}/trainings/{training}/correct",
            "cancellation": f"{at}/trainings/{training}/cancel",
            "picker of a training": f"{at}/trainings/new?employee={employment}",
            "picker of an entitlement": f"{at}/entitlements/new?employee={employment}",
            "cancellation of a figure": f"{at}/entitlements/{figure}/cancel",
        }
        for door, address in pages.items():
            shown[door] = await self.browser.text(address)
        return shown


def _told(items: list[dict[str, Any]], number: str) -> str:
    of_person = {
        " ".join(filter(None, (item.get("givenName"), item.get("familyName")))) or "—"
        for item in items
        if item["ssin"] == number
    }
    assert len(of_person) == 1, of_person
    return of_person.pop()


@pytest.fixture(scope="module")
async def houses(fla: Product) -> tuple[House, House]:
    made = []
    for number, client, who in ((BAKERY, "bakery", CLERK), (GARAGE, "garage", MECHANIC)):
        await fla.has_enterprise(number, client)
        await fla.has_writer(who, number)
        browser = await fla.browser(who, "Els", "Bediende")
        made.append(House(fla, number, fla.software(client), browser))
    return made[0], made[1]


@pytest.fixture
def number() -> str:
    """Somebody of whom nobody has heard."""
    return ssin(next(_numbers))


async def figure(house: House, number: str, reference: str) -> str:
    answer = await house.software.post(
        "/entitlements",
        json={
            "reference": reference, "ssin": number, "enterpriseNumber": house.number, "year": int(YEAR), "days": "7",
            "reason": "Own agreement",
        },
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def name(house: House, employment: str) -> str:
    """The name in the API, which stands for all doors: they all ask in one way (`test_every_door`)."""
    found = (await house.software.get(f"/employments/{employment}")).json()
    return " ".join(filter(None, (found.get("givenName"), found.get("familyName")))) or "—"


async def test_every_door_shows_an_enterprise_the_name_that_it_gave(houses: tuple[House, House], number: str) -> None:
    bakery, garage = houses
    shown = {}
    for house, given, family in ((bakery, "Jaan", "Peters"), (garage, "Jan", "Peeters")):
        reference = f"D-{number[-6:]}-{family}"
        hired = await house.hires(number, reference, givenName=given, familyName=family)
        assert (hired.status_code, hired.json()["status"]) == (201, "accepted"), hired.text
        training, own = await house.trains(number, reference), await figure(house, number, reference)
        shown[house.number] = await house.names(hired.json()["id"], training, own)
    await fla_signs_in(bakery.fla, number, "Johannes", "Peeters-De Witte")
    for doors, own_name, others in (
        (shown[BAKERY], "Jaan Peters", ("Jan Peeters", "Johannes")),
        (shown[GARAGE], "Jan Peeters", ("Jaan Peters", "Johannes")),
    ):
        for door, text in doors.items():
            assert own_name in text, (door, own_name)
            assert not any(other in text for other in others), door


async def fla_signs_in(fla: Product, number: str, given: str, family: str) -> Browser:
    return await fla.browser(number, given, family)


async def test_a_true_name_known_elsewhere_is_not_told(houses: tuple[House, House], number: str) -> None:
    bakery, garage = houses
    await bakery.hires(number, f"T-{number[-6:]}", givenName="Marie", familyName="Curie")
    hired = await garage.hires(number, f"U-{number[-6:]}", givenName="Xx", familyName="Yy")
    assert "issues" not in hired.json()
    assert await name(garage, hired.json()["id"]) == "Xx Yy"


async def test_nobody_is_shown_a_name_that_nobody_told(houses: tuple[House, House], number: str) -> None:
    bakery, garage = houses
    await bakery.hires(number, f"T-{number[-6:]}", givenName="Marie", familyName="Curie")
    hired = await garage.hires(number, f"U-{number[-6:]}")
    assert await name(garage, hired.json()["id"]) == "—"
    await fla_signs_in(bakery.fla, number, "Marie", "Sklodowska")
    assert await name(garage, hired.json()["id"]) == "—"
    page = await garage.browser.text(f"/enterprises/{GARAGE}/employees/{hired.json()['id']}")
    assert "Marie" not in page


async def api(house: House, known: dict[str, Any], **names: str) -> Any:
    fields = {name: known[name] for name in ("startDate", "terms")} | names
    answer = await house.software.put(f"/employments/{known['id']}", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def form(house: House, known: dict[str, Any], **names: str) -> None:
    address = f"/enterprises/{house.number}/employees/{known['id']}/change"
    answer = await house.browser.posts(address, names)
    assert answer.status_code == 303, answer.text


async def file(house: House, known: dict[str, Any], **names: str) -> None:
    kind = "employmentChange"
    batch = await house.fla.sends_file(xml(kind, known | names, house.number), house.number)
    found = await house.fla.files.find(batch, house.number)
    assert found is not None
    assert (found.accepted, found.refused) == (1, 0)


@pytest.mark.parametrize("correct", [api, form, file])
async def test_a_name_is_corrected_on_every_channel(houses: tuple[House, House], number: str, correct: Any) -> None:
    bakery, garage = houses
    reference = f"C-{number[-6:]}"
    hired = (await bakery.hires(number, reference, givenName="Jaan", familyName="Peters")).json()["id"]
    elsewhere = (await garage.hires(number, reference, givenName="Jaan", familyName="Peters")).json()["id"]
    before = (await bakery.software.get(f"/employments/{hired}")).headers["etag"]
    known = employment(number, BAKERY, reference) | {"id": hired}
    answer = await correct(bakery, known, givenName="Jan", familyName="Peeters")
    assert answer is None or (answer["status"], "issues" in answer) == ("accepted", False)
    assert await name(bakery, hired) == "Jan Peeters"
    assert await name(garage, elsewhere) == "Jaan Peters"
    # A new version says that something changed, and whoever looked before must look again.
    assert (await bakery.software.get(f"/employments/{hired}")).headers["etag"] != before
    kept = await bakery.fla.fetch(
        "select given_name, actor, superseded_at is null as holds from person_name "
        "where origin = $1 and person = (select person from employment where id = $2::uuid) order by version",
        BAKERY,
        hired,
    )
    assert [(row["given_name"], row["holds"]) for row in kept] == [("Jaan", False), ("Jan", True)]
    assert all(row["actor"].partition(":")[0] in ("client", "person") for row in kept)


@pytest.mark.parametrize("correct", [api, file])
async def test_a_part_that_is_told_later_is_added(houses: tuple[House, House], number: str, correct: Any) -> None:
    bakery, _ = houses
    reference = f"L-{number[-6:]}"
    hired = (await bakery.hires(number, reference, familyName="Peeters")).json()["id"]
    assert await name(bakery, hired) == "Peeters"
    await correct(bakery, employment(number, BAKERY, reference) | {"id": hired}, givenName="Jan")
    assert await name(bakery, hired) == "Jan Peeters"


async def test_a_part_is_added_by_registering_again_too(houses: tuple[House, House], number: str) -> None:
    bakery, _ = houses
    reference = f"A-{number[-6:]}"
    hired = (await bakery.hires(number, reference, familyName="Peeters")).json()["id"]
    again = (await bakery.hires(number, reference, givenName="Jan")).json()
    assert (again["id"], again["status"], "issues" in again) == (hired, "accepted", False)
    assert await name(bakery, hired) == "Jan Peeters"
    same = (await bakery.hires(number, reference, givenName="Jan", familyName="Peeters")).json()
    assert same["status"] == "unchanged"


async def test_another_name_warns_and_holds(houses: tuple[House, House], number: str) -> None:
    """Only against what this employer said; and without telling the other name."""
    bakery, garage = houses
    reference = f"W-{number[-6:]}"
    await garage.hires(number, reference, givenName="Els", familyName="Maes")
    hired = (await bakery.hires(number, reference, givenName="Jaan", familyName="Peters")).json()["id"]
    answer = await bakery.hires(number, reference, givenName="Jan", familyName="Peeters")
    told = answer.json()
    assert (told["status"], [(one["code"], one["name"]) for one in told["issues"]]) == (
        "acceptedWithWarnings",
        [("nameDiffers", "familyName")],
    )
    assert "Peters" not in answer.text
    assert await name(bakery, hired) == "Jan Peeters"
    # The first declaration once more, as a payroll run sends it month after month: it takes nothing back.
    stale = (await bakery.hires(number, reference, givenName="Jaan", familyName="Peters")).json()
    assert stale["status"] == "unchanged"
    assert await name(bakery, hired) == "Jan Peeters"


@pytest.mark.parametrize(
    ("given", "family"), [("JAN", "PEETERS"), ("Jàn", "Peeters"), ("Peeters", "Jan"), ("J a n", "Pee-ters")]
)
async def test_the_same_name_written_otherwise_does_not_warn(
    houses: tuple[House, House], number: str, given: str, family: str
) -> None:
    bakery, _ = houses
    await bakery.hires(number, f"S-{number[-6:]}", givenName="Jan", familyName="Peeters")
    told = (await bakery.hires(number, f"S-{number[-6:]}", givenName=given, familyName=family)).json()
    assert "issues" not in told, told


async def test_a_refused_declaration_changes_no_name(houses: tuple[House, House], number: str) -> None:
    bakery, _ = houses
    reference = f"R-{number[-6:]}"
    hired = (await bakery.hires(number, reference, givenName="Jan", familyName="Peeters")).json()["id"]
    other = employment(number, BAKERY, reference, startDate="2024-02-01", givenName="Piet", familyName="Claes")
    other["terms"][0]["validFrom"] = "2024-02-01"
    refused = await bakery.software.post("/employments", json=other)
    assert refused.status_code == 409, refused.text
    known = {"startDate": "2024-01-01", "terms": employment(number, BAKERY, reference)["terms"], "expectedVersion": 9}
    late = await bakery.software.put(f"/employments/{hired}", json=known | {"familyName": "Claes"})
    assert late.status_code == 412, late.text
    assert await name(bakery, hired) == "Jan Peeters"
    # Nothing is left of it that a later declaration would be compared with.
    again = (await bakery.hires(number, reference, givenName="Jan", familyName="Peeters")).json()
    assert again["status"] == "unchanged"
    assert await bakery.fla.fetch("select from declared_name") == []


async def test_what_a_refused_first_declaration_told_is_forgotten(houses: tuple[House, House], number: str) -> None:
    bakery, _ = houses
    known = employment(number, BAKERY, f"N-{number[-6:]}")
    batch = await bakery.fla.sends_file(xml("employmentChange", known | {"familyName": "Claes"}, BAKERY), BAKERY)
    found = await bakery.fla.files.find(batch, BAKERY)
    assert found is not None
    assert found.refused == 1
    hired = await bakery.hires(number, f"N-{number[-6:]}", familyName="Peeters")
    assert "issues" not in hired.json()
    assert await name(bakery, hired.json()["id"]) == "Peeters"


async def test_a_name_is_shown_and_found_before_its_declaration_is_decided(
    houses: tuple[House, House], number: str
) -> None:
    """Lost: whom one picks, while the deciding service is away."""
    bakery, _ = houses
    bakery.fla.pump.held = True
    try:
        await bakery.software.post(
            "/employments",
            json=employment(number, BAKERY, f"P-{number[-6:]}", givenName="Quirine", familyName="Ondecided"),
            headers={"Prefer": "wait=0"},
        )
        assert "Quirine Ondecided" in await bakery.browser.text(f"/enterprises/{BAKERY}/trainings/new")
        again = employment(number, BAKERY, f"P-{number[-6:]}", givenName="Quirine", familyName="Anders")
        await bakery.software.post("/employments", json=again, headers={"Prefer": "wait=0"})
    finally:
        bakery.fla.pump.held = False
    hired = (await bakery.hires(number, f"P-{number[-6:]}", familyName="Anders")).json()
    assert hired["status"] == "unchanged"
    assert await name(bakery, hired["id"]) == "Quirine Anders"


async def test_a_signed_in_person_has_the_own_name_whatever_employers_say(
    houses: tuple[House, House], number: str
) -> None:
    bakery, _ = houses
    await bakery.hires(number, f"I-{number[-6:]}", givenName="Jaan", familyName="Peters")
    first = await (await fla_signs_in(bakery.fla, number, "Johanna", "Peeters")).text("/me")
    assert "Johanna Peeters" in first
    assert "Peters" not in first
    married = await (await fla_signs_in(bakery.fla, number, "Johanna", "De Witte")).text("/me")
    assert "Johanna De Witte" in married


async def test_who_acted_is_shown_with_the_name_of_the_sign_in(houses: tuple[House, House], number: str) -> None:
    bakery, garage = houses
    hired = (await bakery.hires(number, f"V-{number[-6:]}", familyName="Peeters")).json()["id"]
    # The clerk of the garage works for the bakery too, which calls him otherwise.
    await garage.hires(CLERK, f"V-{number[-6:]}", givenName="Foute", familyName="Naam")
    new = f"/enterprises/{BAKERY}/trainings/new"
    whole = await bakery.browser.fields(new)
    fields = {name: whole[name] for name in ("csrf_token", "submission_key")}
    fields |= {"employees": hired, "title": "Brood", "startDate": TODAY, "endDate": TODAY, "durationHours": "7"}
    fields |= {"kind": "formal", "context": "professional", "rightType": "legal"}
    answer = await bakery.browser.http.post(new, data=fields)
    history = await bakery.browser.text(answer.headers["location"])
    assert "Els Bediende" in history
    assert "Foute" not in history


async def test_the_form_adds_someone_with_one_name_and_warns_of_another(
    houses: tuple[House, House], number: str
) -> None:
    bakery, _ = houses
    new = f"/enterprises/{BAKERY}/employees/new"
    typed = {"ssin": number, "startDate": "2024-01-01", "jointCommittee": "200", "workingTime": "100"}
    answer = await bakery.browser.posts(new, typed | {"familyName": "Madonna"})
    assert answer.status_code == 303, answer.text
    assert "Madonna" in await bakery.browser.text(answer.headers["location"])
    answer = await bakery.browser.posts(new, typed | {"familyName": "Ciccone"})
    assert answer.status_code == 303, answer.text
    page = await bakery.browser.text(answer.headers["location"])
    assert "Another name was given" in page
    assert "Madonna" not in page


async def test_a_part_that_is_emptied_is_not_said_to_be_gone(houses: tuple[House, House], number: str) -> None:
    bakery, _ = houses
    hired = (await bakery.hires(number, f"E-{number[-6:]}", givenName="Jan", familyName="Peeters")).json()["id"]
    answer = await bakery.browser.posts(f"/enterprises/{BAKERY}/employees/{hired}/change", {"givenName": ""})
    assert (answer.status_code, "not taken away" in answer.text) == (422, True)
    assert await name(bakery, hired) == "Jan Peeters"


async def test_search_and_order_go_by_the_names_that_one_gave(houses: tuple[House, House], number: str) -> None:
    bakery, garage = houses
    await bakery.hires(number, f"Z-{number[-6:]}", givenName="Zoë", familyName="D’Hoøge")
    await garage.hires(number, f"Z-{number[-6:]}", givenName="Anna", familyName="Zwart")
    await fla_signs_in(bakery.fla, number, "Zoé", "Dhooghe-Van Official")
    for typed in ("zoe dhooge", "D'HOOGE ZOE", "d hooge", "Zoë d’hoøge", "hoogezoe"):
        for page in (f"/enterprises/{BAKERY}/employees?q={typed}", f"/enterprises/{BAKERY}/trainings/new"):
            text = await search(bakery, page, typed)
            assert "Zoë D’Hoøge" in text, (page, typed)
    for typed in ("official", "zwart"):
        for page in (f"/enterprises/{BAKERY}/employees?q={typed}", f"/enterprises/{BAKERY}/trainings/new"):
            assert "Zoë" not in await search(bakery, page, typed), (page, typed)


async def search(house: House, page: str, typed: str) -> str:
    if "?q=" in page:
        return await house.browser.text(page)
    fields = {"employeeSearch": typed, "action": "search"}
    return (await house.browser.posts(page, fields)).text


async def test_a_confirmed_employment_shows_the_official_name(houses: tuple[House, House], number: str) -> None:
    """No connector confirms anything yet; the rule is here before it."""
    bakery, garage = houses
    reference = f"O-{number[-6:]}"
    hired = (await bakery.hires(number, reference, givenName="Jaan", familyName="Peters")).json()["id"]
    elsewhere = (await garage.hires(number, reference, givenName="Jaan", familyName="Peters")).json()["id"]
    await fla_signs_in(bakery.fla, number, "Johanna", "Peeters")
    assert await name(bakery, hired) == "Jaan Peters"
    await bakery.fla.execute("update employment set confirmed_by = 'dimona' where id = $1::uuid", hired)
    assert await name(bakery, hired) == "Johanna Peeters"
    assert await name(garage, elsewhere) == "Jaan Peters"
    await bakery.fla.execute(
        "insert into person_name select person, 'authenticSource', 1, 'Johanna Maria', 'Peeters', "
        "'johannamariapeeters', 'peetersjohannamaria', 'dimona', now() from employment where id = $1::uuid",
        hired,
    )
    assert await name(bakery, hired) == "Johanna Maria Peeters"
    told = (await bakery.hires(number, reference, givenName="Els", familyName="Claes")).json()
    assert [one["code"] for one in told["issues"]] == ["nameDiffers"]
    assert await name(bakery, hired) == "Johanna Maria Peeters"
    assert await fla_page(bakery, f"/enterprises/{BAKERY}/employees?q=maria")
    # What the employer corrects is what it said itself.
    fields = await bakery.browser.fields(f"/enterprises/{BAKERY}/employees/{hired}/change")
    assert (fields["givenName"], fields["familyName"]) == ("Els", "Claes")


async def fla_page(house: House, address: str) -> bool:
    return "Johanna Maria Peeters" in await house.browser.text(address)
