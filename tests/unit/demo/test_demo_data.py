"""If these fail, whoever tries the product meets refused registrations or a real person's number."""

import json
from datetime import date
from typing import Any

import pytest
from stdnum.be import bis

from deploy.demo.generator.__main__ import DIRECTORY, files, rendered
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from shared.access.scope import Role
from shared.identifiers import is_valid_enterprise_number, is_valid_ssin

ACCESS = json.loads((DIRECTORY / "access.json").read_text(encoding="utf-8"))
SUBMISSIONS = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((DIRECTORY / "submissions").glob("*.json"))
}
KINDS = {
    "employments": DeclarationKind.EMPLOYMENT_REGISTRATION,
    "entitlements": DeclarationKind.ENTITLEMENT_REGISTRATION,
    "trainings": DeclarationKind.TRAINING_REGISTRATION,
}


def everything(name: str) -> list[dict[str, Any]]:
    return [item for submission in SUBMISSIONS.values() for item in submission[name]]


def test_the_committed_files_are_what_the_generator_writes() -> None:
    """Nobody edited them by hand, and writing them again changes nothing."""
    written = {
        str(path.relative_to(DIRECTORY)): path.read_text(encoding="utf-8") for path in DIRECTORY.glob("**/*.json")
    }
    assert written == {name: rendered(content) for name, content in files().items()}


def test_every_number_is_valid_and_nobodys() -> None:
    """Counters and ranges that are not given out, so that no real person or enterprise is named."""
    people = {person["ssin"] for person in ACCESS["people"]} | {line["ssin"] for line in everything("employments")}
    assert all(is_valid_ssin(number) and int(number[6:9]) >= 970 for number in people)
    assert any(bis.is_valid(number) for number in people)
    numbers = {enterprise["number"] for enterprise in ACCESS["enterprises"]}
    assert all(is_valid_enterprise_number(number) and number.startswith("1999") for number in numbers)


def test_one_number_is_one_person() -> None:
    """Two names for one number would show a warning at once."""
    names: dict[str, set[tuple[str, str]]] = {}
    for line in [*ACCESS["people"], *everything("employments")]:
        names.setdefault(line["ssin"], set()).add((line["givenName"], line["familyName"]))
    assert len(names) > 60
    assert all(len(known) == 1 for known in names.values())


@pytest.mark.parametrize("today", ["2026-01-15", "2026-11-24", "2029-02-01"])
@pytest.mark.parametrize("key", SUBMISSIONS)
def test_the_gateway_accepts_all_of_it_on_any_day(key: str, today: str) -> None:
    """Also years from now, when what is planned today has ended."""
    submission = SUBMISSIONS[key]
    declared = [Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, submission["enterprise"])]
    for name, kind in KINDS.items():
        declared += [Declared(line, kind, dict(item)) for line, item in enumerate(submission[name], 1)]
    findings = [(item.fields, found) for item in declared for found in validate(item, today)[1]]
    assert findings == []


def test_references_are_unique_per_sender() -> None:
    """A reference used twice is refused."""
    for name in KINDS:
        references = [(s["client"], item["reference"]) for s in SUBMISSIONS.values() for item in s[name]]
        assert len(references) == len(set(references))


def test_every_training_lies_within_an_employment() -> None:
    """Otherwise the demonstration starts with warnings."""
    employed: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for line in everything("employments"):
        key = (line["ssin"], line["enterpriseNumber"])
        employed.setdefault(key, []).append((line["startDate"], line.get("endDate", "9999-12-31")))
    for training in everything("trainings"):
        periods = employed[training["ssin"], training["enterpriseNumber"]]
        assert any(first <= training["startDate"] and training["endDate"] <= last for first, last in periods)


def test_the_brochures_example_is_there() -> None:
    """A training from 16/06/2024 to 19/06/2024."""
    assert any((t["startDate"], t["endDate"]) == ("2024-06-16", "2024-06-19") for t in everything("trainings"))


def test_all_size_bands_and_sector_arrangements_are_shown() -> None:
    """Fewer than ten, ten to twenty, more than twenty, and joint committees with arrangements of their own."""
    now = {key: float(s["enterprise"]["sizes"][-1]["workers"]) for key, s in SUBMISSIONS.items()}
    assert min(now.values()) < 10
    assert any(10 <= size <= 20 for size in now.values())
    assert max(now.values()) > 20
    committees = {line["terms"][0]["jointCommittee"] for line in everything("employments")}
    assert {"124", "200"} <= committees
    assert {"1", "0.8", "0.5"} <= {
        terms["workingTime"] for line in everything("employments") for terms in line["terms"]
    }
    assert any("endDate" in line for line in everything("employments"))


def test_every_sender_may_act_for_its_employers() -> None:
    """By being the employer, or by a mandate that has begun."""
    organisations = {client["clientId"]: client["organisation"] for client in ACCESS["clients"]}
    given = {(mandate["enterprise"], mandate["mandatary"]) for mandate in ACCESS["mandates"]}
    assert all(date.fromisoformat(mandate["from"]) < date(2025, 1, 1) for mandate in ACCESS["mandates"])
    for submission in SUBMISSIONS.values():
        employer, sender = submission["enterprise"]["enterpriseNumber"], organisations[submission["client"]]
        assert sender == employer or (employer, sender) in given


def test_every_role_is_given_to_someone() -> None:
    """Each can be tried; the citizen needs no right."""
    given = {right["role"] for right in ACCESS["accessRights"]}
    assert given == {role.value for role in Role} - {Role.CITIZEN.value}
    known = {person["ssin"] for person in ACCESS["people"]}
    assert all(right["ssin"] in known for right in ACCESS["accessRights"])
    sign_in = json.loads((DIRECTORY / "sign_in.json").read_text(encoding="utf-8"))
    assert {person["ssin"] for person in sign_in["people"]} <= known


def test_one_client_reads_only() -> None:
    """What a client may do is seen to differ."""
    by_client = {client["clientId"]: client["scopes"] for client in ACCESS["clients"]}
    assert not any(scope.endswith(":write") for scope in by_client["noordzee-reporting"])
    assert any(scope.endswith(":write") for scope in by_client["noordzee-hr"])
