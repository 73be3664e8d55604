"""Asks the source of representation by HTTP: two questions, each a POST, because a national number is sensitive.

POST {address}/representation/query    {"ssin", "enterpriseNumber"}
  -> {"enterpriseNumber", "known", "represents", "function"?, "since"?, "until"?}
POST {address}/representations/query   {"ssin"}
  -> {"items": [{"enterpriseNumber", "name", "function"?, "since"?, "until"?}]}
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final

import httpx
import stamina
import structlog
from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from services.gateway.limits import LARGEST_SOURCE_ANSWER, LONGEST_LINE, MOST_REPRESENTED
from services.gateway.sources.representation import RepresentationAnswer, RepresentationStatus, Represented
from shared.clock import brussels_day
from shared.identifiers import is_valid_enterprise_number

SECONDS_AN_ATTEMPT: Final = 2.0
SECONDS_IN_ALL: Final = 4.0
_ATTEMPTS: Final = 3
_log = structlog.get_logger(__name__)

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]


class _Period(BaseModel):
    model_config = ConfigDict(extra="ignore")

    enterpriseNumber: Annotated[str, Field(pattern=r"^[01][0-9]{9}$")]
    function: Text | None = None
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or self.until >= day)


class _OfOne(_Period):
    known: StrictBool
    represents: StrictBool


class _Named(_Period):
    name: Text


class _OfAll(BaseModel):
    items: Annotated[list[_Named], Field(max_length=MOST_REPRESENTED)]


class _AwayError(Exception):
    """A moment later it may answer."""


class _NonsenseError(Exception):
    """It answers what nobody can understand; asking again would not help."""


class HttpRepresentationSource:
    """A source at an address. `key`, where there is one, is sent as a bearer token. Nothing that is asked is logged."""

    def __init__(self, address: str, key: str = "", http: httpx.AsyncClient | None = None) -> None:
        self._address = address.rstrip("/")
        self._headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._http = http or httpx.AsyncClient(timeout=SECONDS_AN_ATTEMPT)

    async def represents(self, ssin: str, enterprise: str) -> RepresentationAnswer:
        """Ask whether this person represents this enterprise today."""
        now = datetime.now(UTC)
        try:
            body = await self._ask("/representation/query", {"ssin": ssin, "enterpriseNumber": enterprise})
            answer = _OfOne.model_validate_json(body)
        except (_AwayError, _NonsenseError, ValidationError) as error:
            return self._away(error, now)
        if answer.enterpriseNumber != enterprise or (answer.represents and not answer.known):
            return self._away(_NonsenseError("it answers another question than was asked"), now)
        if answer.represents and answer.holds_on(brussels_day(now)):
            return RepresentationAnswer(RepresentationStatus.REPRESENTS, now, answer.function, answer.since)
        return RepresentationAnswer(RepresentationStatus.OTHERS if answer.known else RepresentationStatus.UNKNOWN, now)

    async def represented_by(self, ssin: str) -> Sequence[Represented]:
        """Ask which enterprises this person represents today."""
        now = datetime.now(UTC)
        try:
            answer = _OfAll.model_validate_json(await self._ask("/representations/query", {"ssin": ssin}))
        except (_AwayError, _NonsenseError, ValidationError) as error:
            self._away(error, now)
            return ()
        today = brussels_day(now)
        return tuple(
            Represented(one.enterpriseNumber, one.name, one.function, one.since)
            for one in answer.items
            if one.holds_on(today) and is_valid_enterprise_number(one.enterpriseNumber)
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _away(self, error: Exception, now: datetime) -> RepresentationAnswer:
        # A validation error repeats what it read: only its kind is logged.
        text = "" if isinstance(error, ValidationError) else str(error)
        _log.warning("representation source away", kind=type(error).__name__, error=text)
        return RepresentationAnswer(RepresentationStatus.AWAY, now)

    async def _ask(self, path: str, question: dict[str, str]) -> bytes:
        try:
            async with asyncio.timeout(SECONDS_IN_ALL):
                return await self._tried(path, question)
        except TimeoutError as error:
            raise _AwayError(f"no answer within {SECONDS_IN_ALL} seconds") from error

    async def _tried(self, path: str, question: dict[str, str]) -> bytes:
        attempts = stamina.retry_context(
            on=_AwayError, attempts=_ATTEMPTS, wait_initial=0.1, wait_max=0.5, wait_jitter=0.1
        )
        async for attempt in attempts:
            with attempt:
                return await self._once(path, question)
        raise AssertionError("the last attempt raises or returns")

    async def _once(self, path: str, question: dict[str, str]) -> bytes:
        try:
            answer = await self._http.post(
                self._address + path, json=question, headers=self._headers, timeout=SECONDS_AN_ATTEMPT
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _AwayError(type(error).__name__) from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _AwayError(f"status {answer.status_code}")
        if answer.status_code != httpx.codes.OK or len(answer.content) > LARGEST_SOURCE_ANSWER:
            raise _NonsenseError(f"status {answer.status_code}, {len(answer.content)} bytes")
        return answer.content
