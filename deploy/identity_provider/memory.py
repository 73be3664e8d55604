"""What the provider remembers for a moment. All of it is lost at a restart, which only asks people to try again."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from deploy.identity_provider.people import DemoPerson, SignInMeans

CODE_LIFETIME: Final = 60
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class AuthorizationGrant:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    scopes: tuple[str, ...]
    person: DemoPerson
    means: SignInMeans
    signed_in_at: int


class Codes:
    """Authorization codes: each is good for one exchange within a minute."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._grants: dict[str, tuple[float, AuthorizationGrant]] = {}

    def issue(self, grant: AuthorizationGrant) -> str:
        """A new code for this grant."""
        now = self._clock()
        self._grants = {code: entry for code, entry in self._grants.items() if entry[0] > now}
        code = secrets.token_urlsafe(32)
        self._grants[code] = (now + CODE_LIFETIME, grant)
        return code

    def redeem(self, code: str) -> AuthorizationGrant | None:
        """The grant behind a code, once; None for a code that is unknown, used or too old."""
        expires, grant = self._grants.pop(code, (0.0, None))
        return grant if expires > self._clock() else None


class SeenOnce:
    """Refuses the second use of an assertion's identifier (`jti`) until the assertion itself has expired."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}

    def first_time(self, client_id: str, jti: str, expires: float) -> bool:
        """Whether this client shows this identifier for the first time; remembers it if so."""
        now = self._clock()
        self._seen = {key: until for key, until in self._seen.items() if until > now}
        if (client_id, jti) in self._seen:
            return False
        self._seen[client_id, jti] = expires
        return True
