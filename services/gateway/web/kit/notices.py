"""Notices: messages above a page after something was done, shown once.

They travel in a cookie of this session, encrypted: an address with names in it would stay in histories and logs, and
whoever sends somebody an address could have the page say anything.
"""

import hashlib
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from services.gateway.web.kit import sessions
from services.gateway.web.kit.cookies import cookie, delete_cookie, keep, kept
from services.gateway.web.kit.frame import Notice, Tone
from shared.i18n import N_, Language, translate

REASON_NEEDED = N_("Nothing was done: a reason of 3 to 1,000 characters is needed, without a national number in it.")

_TEXTS: dict[str, tuple[Tone, str]] = {
    "registered": (Tone.POSITIVE, N_("The training is registered for %(count)s employees.")),
    "registeredOne": (Tone.POSITIVE, N_("The training is registered.")),
    "partly": (Tone.CAUTION, N_("Registered for %(count)s; refused for %(refused)s: %(names)s.")),
    "exceptThere": (
        Tone.POSITIVE,
        N_("Registered for %(count)s. It was there already for %(names)s and is not registered again for them."),
    ),
    "corrected": (Tone.POSITIVE, N_("The training is corrected. The earlier version stays in the history.")),
    "cancelled": (Tone.POSITIVE, N_("The training is cancelled. It stays visible in the history.")),
    "allCorrected": (Tone.POSITIVE, N_("The training is corrected for %(count)s employees.")),
    "allCancelled": (Tone.POSITIVE, N_("The training is taken back for %(count)s employees.")),
    "someChanged": (Tone.CAUTION, N_("Changed for %(count)s employees; refused for %(refused)s.")),
    "unchanged": (Tone.INFO, N_("This was registered before; nothing changed.")),
    "pending": (
        Tone.INFO,
        N_("Received and kept safe. It is still being processed; load this page again in a moment."),
    ),
    "employeeAdded": (Tone.POSITIVE, N_("The employee is registered.")),
    "nameDiffers": (
        Tone.CAUTION,
        N_("The employee is registered. Another name was given for this person before: this one is shown from now on."),
    ),
    "employeeChanged": (Tone.POSITIVE, N_("The employment is changed.")),
    "entitledOne": (Tone.POSITIVE, N_("The entitlement is registered.")),
    "entitled": (Tone.POSITIVE, N_("The entitlement is registered for %(count)s employees.")),
    "entitledAll": (Tone.POSITIVE, N_("The entitlement is registered for everybody. All rights are calculated again.")),
    "figureTakenBack": (Tone.POSITIVE, N_("The figure is taken back. What the arrangement gives counts again.")),
    "employmentCancelled": (Tone.POSITIVE, N_("The employment is cancelled. What was granted on it is taken back.")),
    "represented": (Tone.POSITIVE, N_("It is proven that you represent this enterprise. You can act for it now.")),
    "claimQueued": (Tone.INFO, N_("Your request is kept. An operator decides on it.")),
    "claimWithdrawn": (Tone.POSITIVE, N_("Your request is withdrawn.")),
    "claimGranted": (Tone.POSITIVE, N_("The request is granted.")),
    "claimRefused": (Tone.POSITIVE, N_("The request is refused. The asker reads your reason.")),
    "claimNotNow": (Tone.CAUTION, N_("This cannot be done now: look at how the request stands.")),
    "sourceAsked": (Tone.INFO, N_("The authentic source was asked again.")),
    "claimRevoked": (Tone.POSITIVE, N_("The right is revoked.")),
    "reasonNeeded": (Tone.CAUTION, REASON_NEEDED),
    "contested": (Tone.POSITIVE, N_("Your message is kept. The operator looks into it.")),
    "contestResolved": (Tone.POSITIVE, N_("The contest is dealt with. The employee reads your answer.")),
    "enterpriseRegistered": (Tone.POSITIVE, N_("The enterprise is registered. Now add its employees.")),
    "factsChanged": (Tone.POSITIVE, N_("The facts are changed. Rights that depend on them are calculated again.")),
    "outside": (Tone.CAUTION, N_("Days outside the employment are registered but not charged.")),
    "numberNotSearched": (
        Tone.CAUTION,
        N_("A national number is not searched for: it would stand in the address. Search by name instead."),
    ),
    "batchReceived": (Tone.POSITIVE, N_("The file is received and kept safe.")),
    "accessReopened": (Tone.POSITIVE, N_("Access is open again.")),
    "accessWithdrawn": (Tone.POSITIVE, N_("Access is closed again.")),
    "released": (Tone.POSITIVE, N_("The key is tried again within seconds.")),
    "reasonRefused": (
        Tone.CAUTION,
        N_(
            "The record is not dropped: its reason is too short or too long, or holds a national number or characters "
            "that are not allowed."
        ),
    ),
    "notParked": (Tone.CAUTION, N_("Nothing was done: nothing is parked under this key any more.")),
    "dropped": (Tone.POSITIVE, N_("The first record is dropped; the next ones are tried again.")),
}
_COOKIE: Final = "fla_notice"
_SECONDS: Final = 60
_LONGEST: Final = 300


class NoticedAddress(str):
    """An address to redirect to, and what its page says then."""

    notice: str
    parameters: dict[str, str]


def with_notice(address: str, notice: str, **parameters: object) -> NoticedAddress:
    """Let the page at an address say this when it is redirected to. Never give a national number as a parameter."""
    noticed = NoticedAddress(address)
    noticed.notice = notice
    noticed.parameters = {name: str(value)[:_LONGEST] for name, value in parameters.items()}
    return noticed


def send_notice(request: Request, response: Response, noticed: NoticedAddress) -> None:
    """Let the browser bring the notice to the next page."""
    content = {"notice": noticed.notice, "parameters": noticed.parameters, "session": _session(request)}
    keep(request, response, _COOKIE, content, _SECONDS)


def notices(request: Request, language: Language) -> tuple[Notice, ...]:
    """Get the notice that the browser brings, if it is of this session. Parts of a page take none."""
    brought: dict[str, Any] | None = None if _is_part(request) else kept(request, _COOKIE)
    if brought is None or brought["session"] != _session(request):
        return ()
    tone, text = _TEXTS[brought["notice"]]
    return (Notice(tone, translate(language, text, **brought["parameters"])),)


def forget_notice(request: Request, response: Response) -> None:
    """Take the notice back once its page is shown."""
    if cookie(request, _COOKIE) and not _is_part(request):
        delete_cookie(request, response, _COOKIE)


def _is_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def _session(request: Request) -> str:
    return hashlib.sha256((cookie(request, sessions.COOKIE) or "").encode()).hexdigest()


MOST_NAMES = 5
