"""If these failed, who truly represents an enterprise would find a stranger's facts and trainings in its figures."""

from typing import Any

from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import OPERATOR, Dashboard, employer

US, OTHERS = examples.ENTERPRISE, "0300000007"
ANNA, BRAM, CARL = (examples.identifier(name) for name in ("anna", "bram", "carl"))


async def line(dashboard: Dashboard, **asked: Any) -> dict[str, Any]:
    overview = await dashboard.answer("/enterprises", employer(US), year=2026, **asked)
    (item,) = overview["items"]
    found: dict[str, Any] = item
    return found


async def test_a_withdrawn_enterprise_is_not_known_until_it_is_registered_anew(dashboard: Dashboard) -> None:
    await dashboard.project([examples.enterprise(OTHERS)])
    await dashboard.project([examples.enterprise(US, name="Vals")])
    # In any order: the newest version counts.
    await dashboard.project([examples.enterprise(US, version=3, withdrawn=True)])
    await dashboard.project([examples.enterprise(US, version=2, name="Vals")])
    assert (await dashboard.ask(f"/enterprises/{US}", employer(US))).status_code == 404
    assert "name" not in await line(dashboard)
    assert "name" not in await dashboard.answer(f"/enterprises/{US}/summary", employer(US), year=2026)
    assert (await dashboard.answer("/enterprises", employer(US), year=2026, text="Vals"))["items"] == []
    every = await dashboard.answer("/enterprises", OPERATOR, year=2026)
    assert [item["enterprise"] for item in every["items"]] == [OTHERS]
    assert (await dashboard.answer("/totals", OPERATOR))["enterprises"] == 1

    await dashboard.project([examples.enterprise(US, version=4, name="Echt")])
    facts = await dashboard.answer(f"/enterprises/{US}", employer(US))
    assert (facts["name"], facts["version"]) == ("Echt", 4)
    assert (await line(dashboard))["name"] == "Echt"


async def test_trainings_of_who_never_worked_there_are_in_no_figure(dashboard: Dashboard) -> None:
    """Of its own employees, and of who is not known to be employed, an enterprise sees what was cancelled."""
    await dashboard.project(
        [
            examples.employment("anna", ANNA, version=2, cancelled=True),
            examples.training("anna", ANNA, start="2023-05-02", version=2, status="cancelled", minutes=60),
            examples.training("anna too", ANNA, start="2026-05-02", version=2, status="cancelled", minutes=60),
        ]
    )
    summary = await dashboard.answer(f"/enterprises/{US}/summary", employer(US), year=2026)
    assert {one["status"]: one["trainings"] for one in summary["byStatus"] if one["trainings"]} == {}
    assert summary["years"] == [2026]
    assert "lastRegistration" not in await line(dashboard)

    await dashboard.project(
        [
            examples.employment("bram", BRAM),
            examples.employment("bram too", BRAM, version=2, cancelled=True),
            examples.training("bram", BRAM, start="2026-05-02", version=2, status="cancelled", minutes=90),
            examples.training("carl", CARL, start="2025-05-02", version=2, status="cancelled", minutes=30),
        ]
    )
    summary = await dashboard.answer(f"/enterprises/{US}/summary", employer(US), year=2026)
    listed = await dashboard.answer(f"/enterprises/{US}/trainings", employer(US), **{"from": "2026-01-01"})
    (cancelled,) = [one for one in summary["byStatus"] if one["trainings"]]
    assert cancelled == {"status": "cancelled", "trainings": 1, "minutes": 90}
    assert listed["totals"] == {"trainings": 1, "minutes": 90}
    assert summary["years"] == [2026, 2025]
    assert "lastRegistration" in await line(dashboard)
