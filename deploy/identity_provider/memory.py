"""State in memory: authorization codes and used assertions. After a restart people only have to try again."""

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
    """The grant that an authorization code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    scopes: tuple[str, ...]
    person: DemoPerson
    means: SignInMeans
    signed_in_at: int


class Codes:
    """The authorization codes: each is valid for one exchange within a minute."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._grants: dict[str, tuple[float, AuthorizationGrant]] = {}

    def issue(self, grant: AuthorizationGrant) -> str:
        """Issue a code for this grant."""
        now = self._clock()
        self._grants = {code: entry for code, entry in self._grants.items() if entry[0] > now}
        code = secrets.token_urlsafe(32)
        self._grants[code] = (now + CODE_LIFETIME, grant)
        return code

    def redeem(self, code: str) -> AuthorizationGrant | None:
        """Redeem a code for its grant, once; None for a code that is unknown, used or too old."""
        expires, grant = self._grants.pop(code, (0.0, None))
        return grant if expires > self._clock() else None


class SeenOnce:
    """The memory that refuses the second use of an assertion's identifier (`jti`) until it has expired."""

    def __init__(self, clock: Clock = time.time) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}

    def first_time(self, client_id: str, jti: str, expires: float) -> bool:
        """Remember this client's identifier; False if it was used before."""
        now = self._clock()
        self._seen = {key: until for key, until in self._seen.items() if until > now}
        if (client_id, jti) in self._seen:
            return False
        self._seen[client_id, jti] = expires
        return True
