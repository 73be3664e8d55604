"""Who calls the API: the client behind the token, its organisation, and what both may do."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Request

from services.gateway.access import former_employees, rights_and_mandates
from services.gateway.access.access_tokens import ExpiredTokenError, NoTokenError, TokenError
from services.gateway.access.identity_provider import ProviderUnavailableError
from services.gateway.access.rights_and_mandates import ApiClient
from services.gateway.api.problems import ProblemError, not_found
from services.gateway.api.route_parameters import EnterpriseNumber, QueriedEnterpriseNumber
from services.gateway.intake.declared import Sender
from services.gateway.rate_limits import Limited
from services.gateway.wiring import Gateway, count_request, gateway_of
from shared.access.expiring_cache import ExpiringCache
from shared.access.scope import ActorKind, Role, Scope
from shared.clock import brussels_today
from shared.database.engine import driver, transaction

REMEMBERED_SECONDS = 5.0
"""A client or mandate that is withdrawn or ends is noticed within this time."""

Known = tuple[ApiClient, former_employees.Window]
"""A client, and who is open to it at its enterprises."""

_known: ExpiringCache[tuple[int, str], Known] = ExpiringCache(1000)
_looking_up: dict[tuple[int, str], asyncio.Task[Known | None]] = {}


@dataclass(frozen=True, slots=True)
class Caller:
    """A client and what it may do now. `scopes` are the token's that the client was also given here."""

    client_id: str
    organisation: str
    scopes: frozenset[str]
    enterprises: frozenset[str]
    open_to_it: former_employees.Window = former_employees.EVERYONE

    @property
    def sender(self) -> Sender:
        """The client as the sender of a submission."""
        return Sender(self.organisation, f"client:{self.client_id}", self.enterprises)

    @property
    def scope(self) -> Scope:
        """The client as who asks the services behind the gateway."""
        return Scope(
            ActorKind.CLIENT,
            self.client_id,
            enterprises=self.enterprises,
            roles=frozenset({Role.EMPLOYER_READ}),
            open_since=self.open_to_it.since,
            reopened=self.open_to_it.reopened,
        )

    def enterprise(self, number: str) -> "EnterpriseAccess":
        """Open an enterprise for reading. Raises 404 where it is not one of the caller's."""
        if number not in self.enterprises:
            raise not_found("enterprise")
        return EnterpriseAccess(self, number)


@dataclass(frozen=True, slots=True)
class EnterpriseAccess:
    """One enterprise that is open to a caller."""

    caller: Caller
    number: str

    @property
    def scope(self) -> Scope:
        """The scope of a question about this enterprise, and about nothing else."""
        return self.caller.scope.narrowed_to([self.number])


@cache
def calling(*needed: str) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    """Make a dependency: the caller, who must have the scopes `scope:fla:<needed>`."""
    scopes = frozenset(f"scope:fla:{name}" for name in needed)

    async def may(request: Request) -> Caller:
        caller = await _caller(request)
        missing = scopes - caller.scopes
        if missing:
            raise ProblemError(
                403, "missingScope", f"This needs the scope {', '.join(sorted(missing))}", requiredScopes=sorted(scopes)
            )
        return caller

    may.needed = scopes  # type: ignore[attr-defined]
    return may


def reading_enterprise(*needed: str) -> Callable[..., EnterpriseAccess]:
    """Make a dependency: the enterprise of the address (`{number}`), open to a caller with these scopes.

    404 where it is not one of the caller's.
    """

    def open_to(caller: Annotated[Caller, Depends(calling(*needed))], number: EnterpriseNumber) -> EnterpriseAccess:
        return caller.enterprise(number)

    return open_to


def reading_queried_enterprise(*needed: str) -> Callable[..., EnterpriseAccess]:
    """Make a dependency: the same of the enterprise that the query names (`enterpriseNumber`)."""

    def open_to(
        caller: Annotated[Caller, Depends(calling(*needed))], number: QueriedEnterpriseNumber
    ) -> EnterpriseAccess:
        return caller.enterprise(number)

    return open_to


def calling_with_one_of(*possible: str) -> Callable[..., Caller]:
    """Make a dependency: the caller, who must have at least one of the scopes `scope:fla:<possible>`."""

    def may(caller: Annotated[Caller, Depends(calling())]) -> Caller:
        need_one_of(caller, possible)
        return caller

    return may


def need_one_of(caller: Caller, needed: Iterable[str]) -> None:
    """Check that the caller has at least one of the scopes `scope:fla:<needed>`; 403 otherwise."""
    scopes = [f"scope:fla:{name}" for name in needed]
    if caller.scopes.isdisjoint(scopes):
        detail = f"This needs one of the scopes {', '.join(scopes)}"
        raise ProblemError(403, "missingScope", detail, requiredScopes=scopes)


async def counted(request: Request) -> None:
    """Count a request that names nobody, of its address; who has a token is counted once it is verified."""
    if "authorization" not in request.headers:
        count_request(request, Limited.ADDRESS)


async def _caller(request: Request) -> Caller:
    gateway = gateway_of(request)
    try:
        token = await gateway.tokens.verify_header(request.headers.get("authorization"))
    except NoTokenError as error:
        raise _unauthorized("noAccessToken", "Send an access token: Authorization: Bearer …") from error
    except ExpiredTokenError as error:
        raise _unauthorized("expiredAccessToken", "The access token has expired; ask for a new one") from error
    except TokenError as error:
        count_request(request, Limited.ADDRESS)
        raise _unauthorized("invalidAccessToken", str(error)) from error
    except ProviderUnavailableError as error:
        raise ProblemError(503, "serviceUnavailable", "The identity provider does not answer; try again") from error
    known = await _look_up(gateway, token.client_id)
    if known is None:
        raise ProblemError(403, "missingPermission", "This client is not registered here, or not in force")
    client, open_to_it = known
    count_request(request, Limited.CLIENT, client.client_id)
    return Caller(client.client_id, client.organisation, token.scopes & client.scopes, client.enterprises, open_to_it)


async def _look_up(gateway: Gateway, client_id: str) -> Known | None:
    """Look a client up; concurrent look-ups of the same client share one query."""
    key = (id(gateway), client_id)
    known = _known.get(key, time.time())
    if known is not None:
        return known
    look_up = _looking_up.get(key)
    if look_up is None:
        look_up = _looking_up[key] = asyncio.create_task(_read(gateway, client_id))
        look_up.add_done_callback(lambda done: _looking_up.pop(key) if _looking_up.get(key) is done else None)
    # A caller who hangs up must not take the answer from the others.
    return await asyncio.shield(look_up)


async def _read(gateway: Gateway, client_id: str) -> Known | None:
    began = time.time()
    async with transaction(gateway.engine) as connection:
        raw, today = driver(connection), brussels_today()
        client = await rights_and_mandates.client(raw, client_id, today)
        if client is None:
            return None
        known = (
            client,
            await former_employees.window(raw, client.enterprises, today, gateway.settings.access_days_after_end),
        )
    if _looking_up.get((id(gateway), client_id)) is asyncio.current_task():
        _known.put((id(gateway), client_id), known, began + REMEMBERED_SECONDS)
    return known


def forget_callers() -> None:
    """Look everyone up anew, for instance after an enterprise was registered."""
    _known.clear()
    _looking_up.clear()


def _unauthorized(type_: str, detail: str) -> ProblemError:
    problem = ProblemError(401, type_, detail)
    problem.headers["WWW-Authenticate"] = "Bearer"
    return problem
