"""Preconditions of a change: the thing in the address, in the version that was read (`If-Match`)."""

import re
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from services.gateway.api.caller import Caller
from services.gateway.api.idempotency_key import idempotency_key
from services.gateway.api.problems import ProblemError, bad_request, issue, language_of
from services.gateway.wiring import gateway_of
from shared.anomalies import anomaly
from shared.database.engine import driver, transaction
from shared.numbers import plain_number

_NUMBER = "ssin"
_NUMBERS = (_NUMBER, "enterpriseNumber")
_ETAG = re.compile(r'"?([0-9]{1,9})"?')


async def precondition(request: Request, caller: Caller, current: int) -> int | None:
    """Read the version that `If-Match` asks for, None where it asks for none. Raises 412 when another one is current.

    Not for a request that came before with the same Idempotency-Key: it gets the answer that it got then.
    """
    wanted = request.headers.get("if-match", "*").strip()
    if wanted == "*":
        return None
    match = _ETAG.fullmatch(wanted)
    if match is None:
        found = issue(anomaly("invalidText", "If-Match"), language_of(request), where="header")
        raise bad_request([found], 'If-Match must be the ETag that was read, like "3"')
    version = int(match[1])
    if version != current and not await known_request(request, caller):
        raise ProblemError(412, "preconditionFailed", f"It is at version {current} now; read it again first")
    return version


async def known_request(request: Request, caller: Caller) -> bool:
    """Check whether a request with this Idempotency-Key came before: it gets the answer that it got then."""
    key = idempotency_key(request)
    return key is not None and await gateway_of(request).writer.knows(caller.organisation, key)


async def only_its_own(request: Request, fields: dict[str, Any], own: Mapping[str, str]) -> dict[str, Any]:
    """Complete the fields with what identifies the thing in the address; 400 where they identify another one.

    `own`: field -> value; for `ssin` the id of the thing's person, which a number in the fields is held against. The
    number itself is left out of what is returned: the declaration names the id.
    """
    other = [
        issue(anomaly("identifiesAnother", name), language_of(request), fields=fields)
        for name, value in own.items()
        if name in fields and not await _is_same(request, name, fields[name], value)
    ]
    if other:
        raise bad_request(other)
    return {name: value for name, value in {**fields, **own}.items() if name != _NUMBER or name not in own}


async def _is_same(request: Request, name: str, sent: Any, own: str) -> bool:
    if name not in _NUMBERS or not isinstance(sent, str):
        return bool(sent == own)
    if name != _NUMBER:
        return plain_number(sent) == own
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        return await gateway.persons.is_number_of(driver(connection), plain_number(sent), own)
