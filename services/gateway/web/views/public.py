"""Pages without an enterprise: landing, sign-in, help, errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from services.gateway.web.views.arrangements import SizeBand


@dataclass(frozen=True)
class LandingView:
    """`/`: what this is and how to begin. Someone who is signed in is led on by the route, not by this page.

    `general_rule` is empty while the service that knows it is away.
    """

    template: ClassVar[str] = "pages/landing.html"

    general_rule: Sequence[SizeBand] = ()


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

    template: ClassVar[str] = "pages/sign_in.html"

    methods: Sequence[SignInMethod]
    failed: bool = False
    demo: bool = False
    expired: bool = False


@dataclass(frozen=True)
class HelpView:
    """`/help`: instructions and frequent questions. `schema_href` is where the XML schema is published,
    `days_after_end` for how long after an employment its employer has access.
    """

    template: ClassVar[str] = "pages/help.html"

    schema_href: str
    days_after_end: int = 30


@dataclass(frozen=True)
class ExpiredFormView:
    """A form that came too late (419). `kept` is what was typed, to be sent to `action` once more; none if it could
    not be kept. `signed_in`: whether that can be done at once, or only after signing in again.
    """

    template: ClassVar[str] = "pages/form_expired.html"

    action: str
    kept: Sequence[tuple[str, str]]
    signed_in: bool


@dataclass(frozen=True)
class ErrorView:
    """The pages for 403, 404 and 500.

    `trace` is what the reader can give to whoever helps.
    """

    template: ClassVar[str] = "pages/error.html"

    status: int
    trace: str | None = None
