"""Signing in and out with the identity provider."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.gateway.access.identity import IncompleteIdentityError, Means
from services.gateway.access.identity_provider import ProviderUnavailableError
from services.gateway.access.oidc import SignInError, Transaction
from services.gateway.rate_limits import Limited
from services.gateway.vault import name_versions
from services.gateway.vault.name import SIGN_IN, Name
from services.gateway.vault.persons import NewPerson
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.kit import addresses as kit_addresses
from services.gateway.web.kit import sessions
from services.gateway.web.kit.access import SignedIn
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.cookies import cookie, delete_cookie, keep, kept, set_cookie
from services.gateway.web.kit.csrf import read_form
from services.gateway.web.kit.visitor import CurrentVisitor, Visitor
from services.gateway.web.monitoring import addresses as monitoring_addresses
from services.gateway.web.my_account import addresses as my_account_addresses
from services.gateway.wiring import count_request, gateway_of
from shared.access.scope import Role
from shared.database.engine import driver, transaction

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()
TRANSACTION_COOKIE = "fla_sign_in"
TRANSACTION_SECONDS = 900


@dataclass(frozen=True)
class SignInMethod:
    """A way to sign in: the address that starts it, and its own name (`eID`, `itsme`), which is not translated."""

    href: str
    name: str


@dataclass(frozen=True)
class SignInView:
    """`/sign-in`. `failed`: the last attempt came back without a signed-in person. `expired`: the session ended while
    its pages were still in use. `demo`: people who do not exist.
    """

    template: ClassVar[str] = "sign_in/sign_in.html"

    methods: Sequence[SignInMethod]
    failed: bool = False
    demo: bool = False
    expired: bool = False


@router.get("/sign-in", response_class=HTMLResponse)
async def choose_means(
    request: Request, visitor: CurrentVisitor, failed: bool = False, expired: bool = False
) -> Response:
    """Show the ways to sign in."""
    if visitor.session is not None:
        return see_other(request, _first_page(visitor))
    methods = [
        SignInMethod(f"/sign-in/start?means={means.value}", name)
        for means, name in ((Means.EID, "eID"), (Means.ITSME, "itsme®"))
    ]
    demo = gateway_of(request).issuer.startswith("http://127.0.0.1")
    return page(request, visitor.frame(request), SignInView(methods, failed=failed, demo=demo, expired=expired))


@router.get("/sign-in/start")
async def start(request: Request, visitor: CurrentVisitor, means: Means | None = None) -> Response:
    """Redirect to the identity provider, keeping in this browser what must come back."""
    gateway = gateway_of(request)
    count_request(request, Limited.SIGN_IN)
    try:
        address, began = await gateway.sign_in.begin(visitor.language.value, means)
    except ProviderUnavailableError as error:
        log.warning("identity provider away", error=str(error))
        return see_other(request, "/sign-in?failed=true")
    response = RedirectResponse(address, 303)
    keep(request, response, TRANSACTION_COOKIE, began.as_json(), TRANSACTION_SECONDS)
    return response


@router.get("/sign-in/callback")
async def come_back(
    request: Request,
    code: str = "",
    state: str = "",
    iss: Annotated[str | None, Query()] = None,
) -> Response:
    """Complete the sign-in of a browser that comes back, and begin its session."""
    gateway = gateway_of(request)
    count_request(request, Limited.SIGN_IN)
    try:
        began = Transaction.from_json(kept(request, TRANSACTION_COOKIE) or {})
        identity = await gateway.sign_in.complete(code, state, began, iss)
    except (
        ValueError,
        KeyError,
        TypeError,
        SignInError,
        IncompleteIdentityError,
        ProviderUnavailableError,
    ) as e:
        log.warning("sign-in failed", error=f"{type(e).__name__}: {e}")
        return see_other(request, "/sign-in?failed=true")
    someone = NewPerson(identity.ssin, began.locale)
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        person = (await gateway.persons.ensure(raw, [someone]))[identity.ssin]
        called = Name(identity.given_name, identity.family_name)
        await name_versions.give(
            raw, [name_versions.NameGiven(person, SIGN_IN, called, f"person:{person}", datetime.now(UTC))]
        )
        earlier = await sessions.find(raw, cookie(request, sessions.COOKIE))
        if earlier is not None:
            # Whoever was signed in here before is not any more: nobody has the cookie to sign out with.
            await sessions.end(raw, earlier)
        token = await sessions.begin(raw, person, identity.means.value, timedelta(hours=gateway.settings.session_hours))
    response = see_other(request, "/start")
    set_cookie(request, response, sessions.COOKIE, token, gateway.settings.session_hours * 3600)
    delete_cookie(request, response, TRANSACTION_COOKIE)
    return response


@router.get("/start")
async def begin(request: Request, visitor: SignedIn) -> Response:
    """Redirect to the page that fits who signed in."""
    return see_other(request, _first_page(visitor))


@router.post("/sign-out")
async def sign_out(request: Request, visitor: CurrentVisitor) -> Response:
    """End the session here, and at the provider if it has an address for that."""
    if visitor.session is None:
        return see_other(request, kit_addresses.HOME)
    await read_form(request, visitor)
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        await sessions.end(driver(connection), visitor.session)
    try:
        address = await gateway.sign_in.end_session_url(visitor.language.value)
    except ProviderUnavailableError:
        address = None
    response = see_other(request, address or kit_addresses.HOME)
    delete_cookie(request, response, sessions.COOKIE)
    return response


def _first_page(visitor: Visitor) -> str:
    if visitor.has(Role.OPERATOR) and not visitor.may_act:
        return monitoring_addresses.OPERATOR
    if visitor.only_enterprise is not None:
        return dashboard_addresses.dashboard(visitor.only_enterprise)
    return kit_addresses.PARTIES if visitor.may_act else my_account_addresses.ME
