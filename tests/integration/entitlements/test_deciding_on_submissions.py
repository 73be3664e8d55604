"""What senders would lose: a right decided silently wrong, an outcome twice or never, a refusal without a why."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shared.anomalies import anomaly
from tests.support.entitlements import (
    ENTERPRISE,
    OTHER_ENTERPRISE,
    Entitlements,
    Submissions,
    balances,
    employment_id,
    outcomes,
    person,
    size,
    terms,
    training,
)

REFUSED, WARNED = "refused", "acceptedWithWarnings"


async def test_an_employment_gets_its_right_from_size_terms_and_months(
    service: Entitlements, declared: Submissions
) -> None:
    """The field's own example: 2 days x 50 % x 6/12 = 0.5 day, here with 1 day."""
    published = await service.receives(
        declared.enterprise(size("15")),
        declared.employment(startDate="2025-07-01", terms=[terms("2025-07-01", "0.5")]),
    )
    assert outcomes(published) == [("accepted", []), ("accepted", [])]
    assert balances(published)[employment_id(), 2025]["granted"] == "0.250000"
    states = [one for one in published if one["type"] == "be.fla.employment.registered.v1"]
    assert [state["data"]["version"] for state in states] == [1]


@pytest.mark.parametrize(("workers", "granted"), [("9.99", "0"), ("10", "1"), ("20", "1"), ("20.01", "5")])
async def test_the_brochures_size_rule(
    service: Entitlements, declared: Submissions, workers: str, granted: str
) -> None:
    await service.receives(declared.enterprise(size(workers)), declared.employment(startDate="2026-01-01"))
    assert Decimal((await service.years())[2026]["granted"]) == Decimal(granted)


async def test_an_item_is_decided_once_however_often_it_comes(service: Entitlements, declared: Submissions) -> None:
    event = declared.employment()
    assert outcomes(await service.receives(event, event)) == [("accepted", [])]
    assert await service.receives(event) == []


async def test_what_intake_noticed_is_told_with_what_is_decided(service: Entitlements, declared: Submissions) -> None:
    """Lost: the sender who is never told that nobody knows the joint committee of 300 employees."""
    doubt = [{"code": "unknownJointCommittee", "field": "terms[0].jointCommittee"}]
    published = await service.receives(declared.employment(warnings=doubt))
    assert outcomes(published) == [(WARNED, ["unknownJointCommittee"])]
    published = await service.receives(declared.employment(warnings=doubt))
    assert outcomes(published) == [("unchanged", ["unchanged"])]
    published = await service.receives(declared.employment(endDate="2024-01-01", warnings=doubt))
    assert outcomes(published) == [(REFUSED, ["endBeforeStart"])]


async def test_the_same_employment_again_is_unchanged(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.employment())
    published = await service.receives(declared.employment(terms=[terms("2025-01-01", "1.000")]))
    assert outcomes(published) == [("unchanged", ["unchanged"])]
    assert len(published) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"terms": [terms("2025-01-01", "0.5")]}, "referenceAlreadyUsed"),
        ({"person": person(1)}, "referenceAlreadyUsed"),
        (
            {"reference": None, "employment": employment_id(), "terms": [terms("2025-01-01", "0.5")]},
            "employmentOverlaps",
        ),
        ({"endDate": "2024-01-01"}, "endBeforeStart"),
        ({"terms": [terms("2025-02-01")]}, "termsOutOfOrder"),
        ({"terms": [terms("2025-01-01"), terms("2025-01-01", "0.5")]}, "termsOutOfOrder"),
    ],
)
async def test_a_registration_that_cannot_be(
    service: Entitlements, declared: Submissions, changes: dict[str, object], code: str
) -> None:
    await service.receives(declared.employment())
    assert outcomes(await service.receives(declared.employment(**changes))) == [(REFUSED, [code])]
    assert len(await service.fetch("select from employment")) == 1


async def test_two_contracts_from_the_same_day_both_count(service: Entitlements, declared: Submissions) -> None:
    """Two half-time contracts under two joint committees: each has its own right; a warning says they look alike."""
    first = declared.employment(terms=[terms("2025-01-01", "0.5", "140.03")])
    second = declared.employment("E2", terms=[terms("2025-01-01", "0.5", "200")])
    published = await service.receives(declared.enterprise(size("25")), first, second)
    assert sorted(outcomes(published)) == [("accepted", []), ("accepted", []), (WARNED, ["looksLikeAnother"])]
    granted = {key: year["granted"] for key, year in balances(published).items() if key[1] == 2025}
    assert granted == {(employment_id(), 2025): "2.500000", (employment_id("E2"), 2025): "1.500000"}


@pytest.mark.parametrize(
    ("fractions", "codes"),
    [
        (("0.5", "0.5"), []),
        (("0.5", "0.6"), ["workingTimeOverFull"]),
        (("1", "0.1"), ["workingTimeOverFull"]),
    ],
)
async def test_more_than_full_time_together_is_warned_about(
    service: Entitlements, declared: Submissions, fractions: tuple[str, str], codes: list[str]
) -> None:
    await service.receives(declared.employment(terms=[terms("2025-01-01", fractions[0])]))
    later = declared.employment("E2", startDate="2025-02-01", terms=[terms("2025-02-01", fractions[1])])
    assert outcomes(await service.receives(later)) == [(WARNED if codes else "accepted", codes)]


async def test_a_change_recalculates_and_keeps_every_version(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01"))
    halved = [terms("2026-01-01"), terms("2026-07-01", "0.5")]
    published = await service.receives(
        declared.employment(change=True, startDate="2026-01-01", terms=halved, expectedVersion=1)
    )
    assert outcomes(published) == [("accepted", [])]
    assert balances(published)[employment_id(), 2026]["granted"] == "3.750000"
    kept = await service.fetch("select version from employment_version order by version")
    assert [row["version"] for row in kept] == [1, 2]
    lines = await service.fetch("select kind, amount::text from ledger_line order by id")
    assert [tuple(line) for line in lines] == [("grant", "5.000000"), ("recalculation", "-1.250000")]


async def test_a_change_of_what_is_not_there_or_changed_meanwhile(service: Entitlements, declared: Submissions) -> None:
    assert outcomes(await service.receives(declared.employment(change=True))) == [(REFUSED, ["employmentNotFound"])]
    await service.receives(declared.employment())
    elsewhere = declared.employment(change=True, person=person(1))
    assert outcomes(await service.receives(elsewhere)) == [(REFUSED, ["employmentNotFound"])]
    stale = declared.employment(change=True, expectedVersion=7, endDate="2026-01-31")
    assert outcomes(await service.receives(stale)) == [(REFUSED, ["versionConflict"])]
    assert outcomes(await service.receives(declared.employment(change=True))) == [("unchanged", ["unchanged"])]


async def test_an_end_takes_what_is_left_and_a_withdrawn_end_gives_it_back(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-01-01"))
    ended = declared.employment(change=True, startDate="2026-01-01", endDate="2026-02-28", endReason="resignation")
    published = balances(await service.receives(ended))[employment_id(), 2026]
    assert (published["granted"], published["lost"], published["balance"]) == ("0.833333", "0.833333", "0.000000")
    published = balances(await service.receives(declared.employment(change=True, startDate="2026-01-01")))
    assert published[employment_id(), 2026]["balance"] == "5.000000"


async def test_a_cancelled_employment_leaves_nothing_and_its_reference_leads_to_another(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment())
    await service.receives(training())
    published = await service.receives(declared.employment_cancellation())
    assert outcomes(published) == [("accepted", [])]
    assert {year["balance"] for year in balances(published).values()} == {"0.000000"}
    assert outcomes(await service.receives(declared.employment_cancellation())) == [("unchanged", ["unchanged"])]
    change = await service.receives(declared.employment(change=True))
    assert outcomes(change) == [(REFUSED, ["employmentCancelled"])]
    assert outcomes(await service.receives(declared.employment())) == [(REFUSED, ["employmentCancelled"])]
    assert outcomes(await service.receives(declared.employment("E2"))) == [("accepted", [])]
    assert (await service.years("E2"))[2026]["charged"] == "1.000000"


async def test_cancelling_what_is_not_known(service: Entitlements, declared: Submissions) -> None:
    published = await service.receives(declared.employment_cancellation())
    assert outcomes(published) == [(REFUSED, ["employmentNotFound"])]


async def test_an_own_figure_replaces_the_arrangement(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment())
    published = await service.receives(declared.entitlement())
    assert outcomes(published) == [("accepted", [])]
    assert balances(published)[employment_id(), 2026]["granted"] == "7.000000"
    assert outcomes(await service.receives(declared.entitlement())) == [("unchanged", ["unchanged"])]
    await service.receives(declared.entitlement("R2", days="6"))
    assert (await service.years())[2026]["granted"] == "6.000000"
    assert len(await service.fetch("select from entitlement_override")) == 2


async def test_of_two_figures_sent_together_the_later_one_counts(service: Entitlements, declared: Submissions) -> None:
    """They were received in the same moment: only their order in the file says which is newer."""
    await service.receives(declared.enterprise(size("25")), declared.employment())
    for round_ in range(4):
        days = [str(7 + (2 * round_ + n) % 3) for n in range(2)]
        await service.receives(
            *(declared.entitlement(f"R{round_}.{n}", days=one) for n, one in enumerate(days)),
        )
        assert Decimal((await service.years())[2026]["granted"]) == Decimal(days[-1])


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 2025},
        {"days": "8.5"},
        {"basis": "fullTimeDays"},
        {"reason": "Another reason"},
        {"collectiveAgreement": "181682/CO/200"},
        {"employment": employment_id("E2")},
    ],
)
async def test_a_figures_reference_never_replaces_another_figure_in_silence(
    service: Entitlements, declared: Submissions, changes: dict[str, object]
) -> None:
    """What an employer lost: 8 days of 2025 fell back to 5 because 2026 was registered under the same reference."""
    await service.receives(
        declared.enterprise(size("25")), declared.employment(),
        declared.employment("E2", startDate="2025-06-01"), declared.entitlement(days="8"),
    )  # fmt: skip
    before = await service.years()
    published = await service.receives(declared.entitlement(**({"days": "8"} | changes)))
    assert outcomes(published) == [(REFUSED, ["referenceAlreadyUsed"])]
    assert await service.years() == before
    assert before[2026]["granted"] == "8.000000"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"days": "3"}, (REFUSED, ["lowerThanArrangement"])),
        ({"days": "3", "collectiveAgreement": "181682/CO/200"}, ("accepted", [])),
        ({"days": "3", "collectiveAgreement": "none"}, (REFUSED, ["invalidCollectiveAgreement"])),
        ({"employment": employment_id("E9")}, (REFUSED, ["employmentNotFound"])),
        ({"person": person(1)}, (REFUSED, ["employmentNotFound"])),
        ({"year": 2024}, (REFUSED, ["yearOutsideEmployment"])),
        ({"reason": " "}, (REFUSED, ["reasonRequired"])),
        ({"validFrom": "2026-03-01"}, (REFUSED, ["notWholeYear"])),
        ({"basis": "fullTimeDays", "validFrom": "2026-03-01"}, ("accepted", [])),
    ],
)
async def test_own_figures_and_what_becomes_of_them(
    service: Entitlements, declared: Submissions, changes: dict[str, object], outcome: tuple[str, list[str]]
) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment())
    assert outcomes(await service.receives(declared.entitlement(**changes))) == [outcome]


async def test_an_own_figure_taken_back_leaves_what_the_arrangement_gives(
    service: Entitlements, declared: Submissions
) -> None:
    """What an employer loses otherwise: one wrong figure, and a person's right is wrong for ever."""
    await service.receives(declared.enterprise(size("25")), declared.employment(), declared.entitlement(days="70"))
    published = await service.receives(declared.entitlement_cancellation(reason="verkeerde persoon"))
    assert outcomes(published) == [("accepted", [])]
    assert balances(published)[employment_id(), 2026]["granted"] == "5.000000"
    assert outcomes(await service.receives(declared.entitlement_cancellation())) == [("unchanged", ["unchanged"])]
    # Its reference leads to another one, as for all that was cancelled; every version stays.
    assert outcomes(await service.receives(declared.entitlement(days="70"))) == [(REFUSED, ["entitlementCancelled"])]
    assert outcomes(await service.receives(declared.entitlement("R2", days="70"))) == [("accepted", [])]
    assert (await service.years())[2026]["granted"] == "70.000000"
    kept = await service.fetch("select cancelled, reason from entitlement_override order by registered_at, version")
    assert sorted(tuple(row) for row in kept) == [
        (False, "Own agreement"), (False, "Own agreement"), (True, "verkeerde persoon"),
    ]  # fmt: skip


async def test_an_own_figure_in_one_file_with_its_cancellation(service: Entitlements, declared: Submissions) -> None:
    published = await service.receives(
        declared.enterprise(size("25")), declared.employment(), declared.entitlement(),
        declared.entitlement_cancellation(),
    )  # fmt: skip
    assert outcomes(published) == [("accepted", [])] * 4
    assert balances(published)[employment_id(), 2026]["granted"] == "5.000000"


@pytest.mark.parametrize("changes", [{"person": person(1)}, {"enterprise": OTHER_ENTERPRISE}, {"reference": "R9"}])
async def test_nobody_takes_back_what_is_not_theirs_or_not_there(
    service: Entitlements, declared: Submissions, changes: dict[str, str]
) -> None:
    await service.receives(declared.enterprise(size("25")), declared.employment(), declared.entitlement())
    published = await service.receives(declared.entitlement_cancellation(**changes))
    assert outcomes(published) == [(REFUSED, ["entitlementNotFound"])]
    assert (await service.years())[2026]["granted"] == "7.000000"


@pytest.mark.parametrize(("basis", "days", "arranged"), [("fullTimeDays", "4.5", "5"), ("resultingDays", "2", "2.5")])
async def test_too_few_days_are_compared_in_what_was_asked_for(
    service: Entitlements, declared: Submissions, basis: str, days: str, arranged: str
) -> None:
    """ "4.5 is less than 2.5" would be no answer to who registers full-time days for a half-timer."""
    half_time = declared.employment(terms=[terms("2025-01-01", "0.5")])
    await service.receives(declared.enterprise(size("25")), half_time)
    published = await service.receives(declared.entitlement(basis=basis, days=days))
    ((anomaly,),) = [
        other["anomalies"]
        for one in published
        if one["type"] == "be.fla.submission.decided.v1"
        for other in one["data"]["others"]
    ]
    assert (anomaly["code"], anomaly["params"]) == ("lowerThanArrangement", {"days": arranged})


async def test_one_reference_for_two_people_is_refused_for_the_second(
    service: Entitlements, declared: Submissions
) -> None:
    """Together in one batch, and apart."""
    other = {"person": person(1)}
    published = await service.receives(
        declared.enterprise(size("25")), declared.employment(), declared.employment(**other), declared.entitlement(),
        declared.employment("E2", **other), declared.entitlement(employment=employment_id("E2"), **other),
    )  # fmt: skip
    used = (REFUSED, ["referenceAlreadyUsed"])
    assert outcomes(published) == [("accepted", []), ("accepted", []), used, ("accepted", []), ("accepted", []), used]
    again = await service.receives(declared.entitlement(employment=employment_id("E2"), **other))
    assert outcomes(again) == [used]


async def test_an_own_figure_lower_in_some_months_is_warned_about(service: Entitlements, declared: Submissions) -> None:
    await service.receives(
        declared.enterprise(size("15", valid_until="2026-06-30"), size("25", "2026-07-01")), declared.employment()
    )
    published = await service.receives(declared.entitlement(basis="fullTimeDays", days="3"))
    assert outcomes(published) == [(WARNED, ["partlyLowerThanArrangement"])]
    # Half a year at 3 days instead of 1, and the arrangement's 5 where 3 would be less.
    assert balances(published)[employment_id(), 2026]["granted"] == "4.000000"


async def test_without_a_size_the_right_is_unknown_and_said_to_be(service: Entitlements, declared: Submissions) -> None:
    published = balances(await service.receives(declared.employment()))
    assert published[employment_id(), 2026]["incomplete"]
    figure = await service.receives(declared.entitlement())
    assert outcomes(figure) == [(WARNED, ["arrangementUnknown"])]
    assert balances(figure)[employment_id(), 2026]["granted"] == "7.000000"


async def test_a_size_that_comes_later_reaches_everybody(service: Entitlements, declared: Submissions) -> None:
    people = [declared.employment(f"E{n}", person=person(n), startDate="2026-01-01") for n in range(5)]
    await service.receives(*people)
    published = await service.receives(declared.enterprise(size("25")))
    assert [one["type"] for one in published] == ["be.fla.enterprise.registered.v1", "be.fla.submission.decided.v1"]
    published = await service.recalculates(most=2)
    assert {key: year["granted"] for key, year in balances(published).items()} == {
        (employment_id(f"E{n}"), 2026): "5.000000" for n in range(5)
    }
    (job,) = await service.fetch("select * from recalculation")
    assert (job["total"], job["done"], job["finished_at"] is None) == (5, 5, False)
    assert await service.recalculates() == []


async def test_a_new_size_ends_the_one_before(service: Entitlements, declared: Submissions) -> None:
    await service.receives(declared.enterprise(size("15")), declared.employment(startDate="2025-01-01"))
    published = await service.receives(declared.enterprise(size("25", "2026-01-01")))
    assert outcomes(published) == [("accepted", [])]
    (state,) = [one["data"] for one in published if one["type"] == "be.fla.enterprise.registered.v1"]
    assert state["sizes"] == [size("15", valid_until="2025-12-31"), size("25", "2026-01-01")]
    await service.recalculates()
    years = await service.years()
    assert (years[2025]["granted"], years[2026]["granted"]) == ("1.000000", "5.000000")


@pytest.mark.parametrize(
    "sizes",
    [
        [size("15", "2024-01-01", "2024-12-31"), size("25", "2024-06-01", "2024-08-31")],
        [size("15", "2024-01-01"), size("25", "2024-01-01")],
        [size("15", "2023-06-01", "2024-02-01")],
    ],
)
async def test_sizes_that_contradict_each_other(
    service: Entitlements, declared: Submissions, sizes: list[dict[str, str]]
) -> None:
    await service.receives(declared.enterprise(size("12", "2024-01-01", "2024-03-31")))
    assert outcomes(await service.receives(declared.enterprise(*sizes))) == [(REFUSED, ["sizesOverlap"])]


async def test_a_corrected_size_keeps_the_earlier_figure_as_history(
    service: Entitlements, declared: Submissions
) -> None:
    await service.receives(declared.enterprise(size("15")))
    assert outcomes(await service.receives(declared.enterprise(size("15")))) == [("unchanged", ["unchanged"])]
    assert outcomes(await service.receives(declared.enterprise(size("16")))) == [("accepted", [])]
    rows = await service.fetch("select workers, replaced_at is null as holds from enterprise_size order by id")
    assert [(int(row["workers"]), row["holds"]) for row in rows] == [(15, False), (16, True)]


async def test_who_is_hired_later_has_a_right_from_that_day(service: Entitlements, declared: Submissions) -> None:
    published = await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2026-07-01"))
    assert balances(published) == {}
    service.now = datetime(2026, 6, 30, 23, tzinfo=UTC)  # already 1 July in Brussels
    published = await service.looks_at_the_calendar()
    assert balances(published)[employment_id(), 2026]["granted"] == "2.500000"


async def test_the_year_turns_after_any_standstill(service: Entitlements, declared: Submissions) -> None:
    service.now = datetime(2024, 2, 1, tzinfo=UTC)
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2024-01-01"))
    service.now = datetime(2026, 1, 31, tzinfo=UTC)
    published = balances(await service.looks_at_the_calendar())
    assert published[employment_id(), 2026]["balance"] == "15.000000"
    assert await service.looks_at_the_calendar() == []


async def test_a_training_on_new_years_day_finds_the_new_year_granted(
    service: Entitlements, declared: Submissions
) -> None:
    """Before the calendar was looked at: midnight passed a second ago."""
    service.now = datetime(2025, 12, 1, tzinfo=UTC)
    await service.receives(declared.enterprise(size("25")), declared.employment(startDate="2025-01-01"))
    service.now = datetime(2026, 1, 1, 8, tzinfo=UTC)
    published = balances(await service.receives(training(startDate="2026-01-01", endDate="2026-01-01")))
    assert published[employment_id(), 2026]["balance"] == "9.000000"


async def test_outcomes_are_told_once_per_submission(service: Entitlements, declared: Submissions) -> None:
    published = await service.receives(declared.enterprise(size("25")), declared.employment(), declared.entitlement())
    decided = [one["data"] for one in published if one["type"] == "be.fla.submission.decided.v1"]
    assert [one["accepted"] for one in decided] == [[1, 2, 3]]
    assert await service.fetch("select from enterprise where number = $1", ENTERPRISE)


@pytest.mark.parametrize("change", [False, True])
async def test_another_name_alone_is_a_change(service: Entitlements, declared: Submissions, change: bool) -> None:
    """Lost: the correction of a name, called "unchanged", and with it the version that says that something changed."""
    await service.receives(declared.employment())
    published = await service.receives(declared.employment(change=change, nameChanged=True))
    assert outcomes(published) == [("accepted", [])]
    changed = [one["data"] for one in published if one["type"] == "be.fla.employment.changed.v1"]
    assert [(one["version"], one["terms"]) for one in changed] == [(2, [terms("2025-01-01")])]
    warned = declared.employment(change=change, nameChanged=True, warnings=[anomaly("nameDiffers", "familyName")])
    assert outcomes(await service.receives(warned)) == [("acceptedWithWarnings", ["nameDiffers"])]
    assert outcomes(await service.receives(declared.employment(change=change))) == [("unchanged", ["unchanged"])]


async def test_a_first_registration_carries_its_warnings(service: Entitlements, declared: Submissions) -> None:
    published = await service.receives(declared.employment(warnings=[anomaly("nameDiffers", "familyName")]))
    assert outcomes(published) == [("acceptedWithWarnings", ["nameDiffers"])]
