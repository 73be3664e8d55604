"""One reference, one thing; the sender's order; a simulation that judges as the real run: on the whole product."""

import random
from decimal import Decimal
from typing import Any

import pytest

from services.gateway.intake.declared import DeclarationKind as Kind
from tests.end_to_end.product.conftest import ENTERPRISE, Api
from tests.support.batch_xml import batch, declaration
from tests.support.intake_in_chunks import amendment, employment, figure, people, training

NUMBERS = people(400)
"""Born in 1985; nobody of the demo or of other tests. Each test takes its own."""

Declarations = list[tuple[Kind, dict[str, Any]]]
Outcomes = dict[int, tuple[str, list[str]]]


def sent(api: Api, declared: Declarations, mode: str = "production") -> Outcomes:
    """The outcome of each line of a file: its status and codes."""
    content = batch(*(declaration(kind.value, fields) for kind, fields in declared))
    answer = api.http.post(
        "/batches", params={"mode": mode}, content=content, headers={"Content-Type": "application/xml"}
    )
    assert answer.status_code == 202, answer.text
    found = api.completed(f"/batches/{answer.json()['id']}", lambda one: one["state"] in ("completed", "rejected"))
    assert found["state"] == "completed", found
    report = api.get(f"/batches/{found['id']}/report", format="json")
    assert len(report["items"]) == len(declared)
    return {
        item["line"]: (item["status"], [one["code"] for one in item.get("anomalies", ())]) for item in report["items"]
    }


def granted(api: Api, ssin: str, year: int) -> list[Decimal]:
    """A person's rights of a year, one for each employment, smallest first."""
    items, page = [], 1
    while True:
        found = api.get("/employments", enterpriseNumber=ENTERPRISE, year=year, page=page, pageSize=500)
        items += [item for item in found["items"] if item["ssin"] == ssin]
        if "next" not in found:
            return sorted(Decimal(item["credit"]["granted"]) for item in items)
        page += 1


def test_a_figure_of_another_year_under_the_same_reference_is_refused(api: Api) -> None:
    """What was lost: 8 days of 2025 that fell back to 5."""
    ssin = NUMBERS[0]
    sent(api, [employment(ssin, "ORD-1")])
    first = api.post("/entitlements", figure(ssin, "ORD-F")[1], Prefer="wait=20")
    assert first.status_code == 201, first.text
    second = api.post("/entitlements", figure(ssin, "ORD-F", year=2026)[1], Prefer="wait=20")
    assert second.status_code == 409, second.text
    assert [one["code"] for one in second.json()["issues"]] == ["referenceAlreadyUsed"]
    assert granted(api, ssin, 2025) == [8]


def test_two_half_time_contracts_from_the_same_day_both_count(api: Api) -> None:
    ssin = NUMBERS[1]
    half = [{"validFrom": "2025-01-01", "jointCommittee": code, "workingTime": "0.5"} for code in ("140.03", "200")]
    answers = [api.post("/employments", employment(ssin)[1] | {"terms": [terms]}, Prefer="wait=20") for terms in half]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [one["code"] for one in answers[1].json()["issues"]] == ["looksLikeAnother"]
    api.completed(
        f"/employments?enterpriseNumber={ENTERPRISE}&year=2025&pageSize=1", lambda _: len(granted(api, ssin, 2025)) == 2
    )
    assert granted(api, ssin, 2025) == [Decimal("1.5"), Decimal("2.5")]


def test_a_figure_for_one_of_two_contracts_must_name_it(api: Api) -> None:
    ssin = NUMBERS[2]
    sent(api, [employment(ssin, "ORD-2A"), employment(ssin, "ORD-2B", startDate="2025-03-01")])
    answer = api.post("/entitlements", figure(ssin, "ORD-2F")[1], Prefer="wait=20")
    assert answer.status_code == 400, answer.text
    [issue] = answer.json()["issues"]
    assert issue["code"] == "ambiguousEmployment"
    assert "ORD-2A" in issue["detail"] and "ORD-2B" in issue["detail"]


def test_of_two_requests_in_flight_the_first_counts(api: Api) -> None:
    """Neither waits for an outcome; they are about two people, whose events travel on two partitions."""
    one, two = NUMBERS[3:5]
    sent(api, [employment(one, "ORD-3A"), employment(two, "ORD-3B")])
    for round_ in range(10):
        people_ = (one, two) if round_ % 2 else (two, one)
        answers = [
            api.post("/trainings", training(ssin, f"ORD-3-{round_}", title=f"Cursus {round_}")[1]) for ssin in people_
        ]
        assert [answer.status_code for answer in answers] in ([202, 409], [202, 202])
        if answers[1].status_code == 202:
            path = answers[1].headers["Location"].removeprefix("/api/v1")
            state = api.completed(path, lambda found: found["status"] == "completed")
            assert state["refused"] == 1
        path = answers[0].headers["Location"].removeprefix("/api/v1")
        assert api.completed(path, lambda found: found["status"] == "completed")["refused"] == 0


def test_any_order_of_a_file_gives_the_same_register(api: Api) -> None:
    """ "In any number and order": a training may stand before its employment."""
    ssin = NUMBERS[5]
    declared = [
        amendment(Kind.TRAINING_CORRECTION, ssin, "ORD-5T"),
        training(ssin, "ORD-5T", title="Veiligheid, dag twee"),
        figure(ssin, "ORD-5F", employmentReference="ORD-5E"),
        employment(ssin, "ORD-5E"),
    ]
    assert {status for status, _ in sent(api, declared).values()} == {"accepted"}
    assert granted(api, ssin, 2025) == [8]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_simulation_judges_as_the_real_run_does(api: Api, seed: int) -> None:
    """Random files in which everything collides: references, people, kinds; twice, so that the second meets the first.

    What was lost: a rehearsal that calls everything accepted, and a performance full of refusals.
    """
    chance = random.Random(seed)
    numbers = NUMBERS[10 + 10 * seed : 16 + 10 * seed]
    for round_ in range(2):
        declared = [_anything(chance, numbers, f"SIM{seed}") for _ in range(60)]
        simulated = sent(api, declared, "simulation")
        real = sent(api, declared)
        different = {line: (simulated[line], real[line]) for line in real if simulated[line] != real[line]}
        assert not different, [(line, *declared[line - 1], *both) for line, both in different.items()]
        statuses = {status for status, _ in real.values()}
        assert statuses >= {"accepted", "refused"}, round_


def _anything(chance: random.Random, numbers: list[str], series: str) -> tuple[Kind, dict[str, Any]]:
    ssin, reference = chance.choice(numbers), f"{series}-{chance.randrange(9)}"
    make = chance.choice([employment, employment, training, training, figure, None])
    if make is not None:
        kind, fields = make(ssin, reference)
        if make is figure and chance.random() < 0.5:
            fields |= {"employmentReference": f"{series}-{chance.randrange(9)}"}
        if make is employment:
            fields |= {"startDate": (start := chance.choice(["2025-01-01", "2025-04-01"]))}
            fields["terms"] = [fields["terms"][0] | {"validFrom": start, "workingTime": chance.choice(["1", "0.5"])}]
        if make is training:
            fields |= {"title": chance.choice(["Veiligheid", "Heftruck"])}
        return kind, fields
    kinds = [kind for kind in Kind if not kind.value.endswith("Registration")]
    return amendment(chance.choice(kinds), ssin, reference)
