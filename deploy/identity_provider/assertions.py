"""Client authentication by a signed JWT (RFC 7523, `private_key_jwt`)."""

import json
import time
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError

from deploy.identity_provider.clients import Clients, MachineClient
from deploy.identity_provider.errors import OAuthError
from deploy.identity_provider.keys import ALGORITHM
from deploy.identity_provider.memory import Clock, SeenOnce

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFETIME: Final = 300
_LEEWAY: Final = 5


class Assertions:
    """The verification of client assertions; one that is wrong is refused with `invalid_client`."""

    def __init__(self, clients: Clients, token_endpoint: str, clock: Clock = time.time) -> None:
        self._clients = clients
        self._clock = clock
        self._seen = SeenOnce(clock)
        self._token_endpoint = token_endpoint

    def client(self, assertion_type: str, assertion: str) -> MachineClient:
        """Find the client that signed the assertion. Raises OAuthError."""
        if assertion_type != ASSERTION_TYPE:
            raise _refusal(f"client_assertion_type must be {ASSERTION_TYPE}")
        client = self._clients.machine(_claimed_subject(assertion))
        if client is None:
            raise _refusal("unknown client")
        claims = self._verified(assertion, client)
        expires = claims["exp"]
        if expires > self._clock() + LONGEST_LIFETIME + _LEEWAY:
            raise _refusal(f"the assertion may live {LONGEST_LIFETIME} seconds at most")
        if not self._seen.first_time(client.client_id, claims["jti"], expires + _LEEWAY):
            raise _refusal("the assertion was used before (jti)")
        return client

    def _verified(self, assertion: str, client: MachineClient) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": client.client_id},
            sub={"essential": True, "value": client.client_id},
            aud={"essential": True, "value": self._token_endpoint},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            claims = jwt.decode(assertion, client.public_key, algorithms=[ALGORITHM]).claims
            registry.validate(claims)
        except (JoseError, ValueError) as error:
            raise _refusal(f"the assertion is refused: {error}") from error
        return claims


def _claimed_subject(assertion: str) -> str:
    """Read whom the assertion says it comes from; the signature is verified afterwards."""
    try:
        claims = json.loads(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise _refusal("client_assertion is no JWT") from error
    return str(claims.get("sub")) if isinstance(claims, dict) else ""


def _refusal(description: str) -> OAuthError:
    return OAuthError("invalid_client", description, status=401)
