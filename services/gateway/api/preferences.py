"""Request headers that change what a request does: `Prefer` (RFC 7240), `Fla-Mode` and preconditions.

What is not known, or not possible at an address, is refused: who asks for a simulation must not register for real.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.routing import APIRoute

from services.gateway.api.problems import ProblemError, bad_request, issue, language_of
from services.gateway.limits import LONGEST_PREFER, LONGEST_WAIT_SECONDS
from shared.anomalies import anomaly

Mode = Literal["production", "simulation"]

SIMULATES: Final = "x-fla-simulates"
"""In a route's description: this address can rehearse."""
CHANGES: Final = "x-fla-changes"
"""In a route's description: it changes one version of a thing, so that `If-Match` has a meaning."""

_OURS: Final = "fla-"
_MODE: Final = "Fla-Mode"
_MODES: Final[tuple[Mode, ...]] = ("production", "simulation")
_SAID_ONCE: Final = frozenset(
    {b"authorization", b"content-encoding", b"content-type", b"idempotency-key", b"if-match", b"fla-mode"}
)
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_CONDITIONS: Final = ("if-match", "if-none-match", "if-unmodified-since")
_POSSIBLE: Final = "wait=0 … wait=30, respond-async"
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE: Final = rf'(?:{_WORD}|"(?:[^"\\]|\\.)*")'
_PREFERENCE: Final = re.compile(
    rf"(?P<name>{_WORD})[ \t]*(?:=[ \t]*(?P<value>{_VALUE})?[ \t]*)?(?P<more>;[^,]*)?(?:,|$)"
)
_SECONDS: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What `Prefer` asks for. `applied`: what to say of it in `Preference-Applied`."""

    wait: float = 0.0
    applied: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        return {"Preference-Applied": self.applied} if self.applied else {}


_NONE: Final = Preferences()


async def only_possible(request: Request) -> None:
    """Refuse headers that would change what is done, and that this address does not know. A dependency."""
    headers = request.headers
    sent = [name for name, _ in headers.raw if name in _SAID_ONCE]
    for name in sent:
        if sent.count(name) > 1:
            raise _refused(request, "saidTwice", name.decode().title(), "is sent more than once")
    mode_of(request)
    if request.method in _READING:
        return
    preferences_of(request)
    for condition in _CONDITIONS:
        if condition in headers and not (condition == "if-match" and _said_of(request, CHANGES)):
            raise _refused(request, "unknownInput", condition.title(), "means nothing here")


def mode_of(request: Request) -> Mode | None:
    """Read `Fla-Mode`. Raises 400 where the address cannot do it, and for every other header of ours."""
    unknown = [name for name in request.headers if name.startswith(_OURS) and name != _MODE.lower()]
    if unknown:
        raise _refused(request, "unknownInput", sorted(unknown)[0].title(), "is not known here")
    said = request.headers.get(_MODE)
    possible = _MODES if _said_of(request, SIMULATES) else _MODES[:1]
    if said is None:
        return None
    wanted = next((mode for mode in possible if mode == said.strip().lower()), None)
    if wanted is None:
        raise _refused(request, "notInList", _MODE, "is not possible here", allowed=", ".join(possible))
    return wanted


def agreed_mode(request: Request, asked: Mode | None) -> Mode:
    """Read the mode by header or query parameter `mode`, production where neither says. Raises 400 if they differ."""
    said = mode_of(request)
    if said is not None and asked is not None and said != asked:
        raise _refused(request, "notInList", _MODE, "contradicts the parameter mode", allowed=asked)
    return said or asked or "production"


def preferences_of(request: Request) -> Preferences:
    """Read `Prefer`. Raises 400 for what is malformed, unknown, or not supported."""
    lines = request.headers.getlist("prefer")
    if not lines:
        return _NONE
    text = ",".join(lines)
    if len(text) > LONGEST_PREFER:
        raise _refused(request, "tooLong", "Prefer", "is too long", maximum=LONGEST_PREFER)
    asked = _parsed(request, text)
    wait, applied = 0, []
    for name, value in asked.items():
        if name == "wait":
            if not _SECONDS.fullmatch(value):
                raise _refused(request, "invalidNumber", "Prefer", "wait needs a whole number of seconds")
            wait = min(int(value), LONGEST_WAIT_SECONDS)
            applied.append(f"wait={wait}")
        elif name == "respond-async" and not value:
            applied.append(name)
        else:
            raise _refused(request, "notInList", "Prefer", f"{name} is not supported", allowed=_POSSIBLE)
    return Preferences(float(wait), ", ".join(applied))


def _parsed(request: Request, text: str) -> dict[str, str]:
    """Parse `Prefer`: dict[preference, value]; of one that is said twice the first counts (RFC 7240, section 2)."""
    asked: dict[str, str] = {}
    place = 0
    while place < len(text):
        if text[place] in ", \t":
            place += 1
            continue
        found = _PREFERENCE.match(text, place)
        if found is None or (found["more"] or "").strip("; \t"):
            raise _refused(request, "invalidText", "Prefer", "cannot be read (RFC 7240)")
        asked.setdefault(found["name"].lower(), (found["value"] or "").strip('"'))
        place = found.end()
    return asked


def _said_of(request: Request, what: str) -> bool:
    route = request.scope.get("route")
    return isinstance(route, APIRoute) and bool((route.openapi_extra or {}).get(what))


def _refused(request: Request, code: str, header: str, detail: str, **params: Any) -> ProblemError:
    found = issue(anomaly(code, header, **params), language_of(request), where="header")
    return bad_request([found], f"The header {header} {detail}")
