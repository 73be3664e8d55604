"""Every page of claims asks who is there before anything else: a new one that forgets it fails here."""

from itertools import product

import httpx
import pytest
from fastapi.routing import APIRoute

from services.gateway.access.rights_and_mandates import Grant
from services.gateway.web.claims import claim
from services.gateway.web.enterprises import enterprises, register_enterprise
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import Visitor
from services.gateway.web.monitoring import decide_claims, revoke_claim
from services.gateway.web.my_account import contest_employer
from services.gateway.web.my_account.my_account import shown_trainings
from shared.access.scope import Role
from shared.contracts.answers.dashboard import OwnEmployment, TrainingLine
from shared.i18n import Language
from tests.support.answering import whole
from tests.support.gateway_pages import pages

ID = "0191f7a0-77aa-7000-8000-0000000000c1"
SESSION = Session("token", ID, None, "csrf", "Anna Weber")


def addresses(*routers: object) -> list[tuple[str, str]]:
    return [
        (method, route.path.replace("{claim}", ID).replace("{employment}", ID))
        for router in routers
        for route in router.routes  # type: ignore[attr-defined]
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


async def answer(monkeypatch: pytest.MonkeyPatch, reader: Visitor, method: str, path: str) -> httpx.Response:
    async with pages(monkeypatch, reader=reader) as browser:
        return await browser.request(method, path, data={"csrf_token": masked("csrf")} if method == "POST" else None)


OTHERS = [role for role in Role if role is not Role.OPERATOR]


@pytest.mark.parametrize(
    ("address", "role"), list(product(addresses(decide_claims.router, revoke_claim.router), OTHERS))
)
async def test_only_an_operator_decides(monkeypatch: pytest.MonkeyPatch, address: tuple[str, str], role: Role) -> None:
    reader = Visitor(Language.DUTCH, SESSION, (Grant(role, "1999010345"),))
    assert (await answer(monkeypatch, reader, *address)).status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.OPERATOR])
@pytest.mark.parametrize("address", [("GET", "/enterprises/new"), ("POST", "/enterprises/new"), ("POST", "/claims")])
async def test_an_office_is_no_ground_for_a_claim(
    monkeypatch: pytest.MonkeyPatch, address: tuple[str, str], role: Role
) -> None:
    reader = Visitor(Language.DUTCH, SESSION, (Grant(role, None),))
    assert (await answer(monkeypatch, reader, *address)).status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(
    "address",
    addresses(
        decide_claims.router,
        revoke_claim.router,
        claim.router,
        contest_employer.router,
        enterprises.router,
        register_enterprise.router,
    ),
)
async def test_a_passer_by_is_asked_to_sign_in(monkeypatch: pytest.MonkeyPatch, address: tuple[str, str]) -> None:
    found = await answer(monkeypatch, Visitor(Language.DUTCH), *address)
    assert found.status_code == 419 or found.headers.get("location") == "/sign-in"


def test_an_account_shows_no_training_of_an_employer_that_never_was() -> None:
    """What was cancelled at a real employer stays visible; what a stranger registered does not."""
    employments = [
        whole(OwnEmployment, {"enterprise": "real"}),
        whole(OwnEmployment, {"enterprise": "real", "cancelled": True}),
        whole(OwnEmployment, {"enterprise": "stranger", "cancelled": True}),
    ]
    items = [
        whole(TrainingLine, {"training": f"{status} {enterprise}", "status": status, "enterprise": enterprise})
        for status in ("completed", "cancelled")
        for enterprise in ("real", "stranger", "elsewhere")
    ]
    hidden = {item.training for item in items} - {item.training for item in shown_trainings(items, employments)}
    assert hidden == {"cancelled stranger"}
