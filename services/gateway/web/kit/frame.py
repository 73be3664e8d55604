"""The frame of a page: who visits, for whom, where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from services.gateway.web.kit.day_rounding import DayRounding
from shared.i18n import Language


class Area(StrEnum):
    """A part of the site that has an entry in the navigation."""

    DASHBOARD = "dashboard"
    EMPLOYEES = "employees"
    TRAININGS = "trainings"
    BATCHES = "batches"
    ENTERPRISES = "enterprises"
    ME = "me"
    OPERATOR = "operator"


class Capacity(StrEnum):
    """By what right someone acts for an enterprise."""

    OWN = "own"
    MANDATARY = "mandatary"
    PROVIDER = "provider"
    SECTOR_FUND = "sectorFund"
    INSPECTOR = "inspector"


class Access(StrEnum):
    """What one may do for the enterprise acted for."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Party:
    """An enterprise: ten digits without punctuation, and its name."""

    number: str
    name: str


@dataclass(frozen=True)
class ActingFor:
    """The enterprise that the visitor acts for at this moment, and by what right."""

    party: Party
    capacity: Capacity
    access: Access


class Tone(StrEnum):
    """How serious a message or a state is; each has its own colour and its own sign."""

    NEUTRAL = "neutral"
    INFO = "info"
    POSITIVE = "positive"
    CAUTION = "caution"
    NEGATIVE = "negative"


@dataclass(frozen=True)
class Notice:
    """A message above the page, already in the visitor's language."""

    tone: Tone
    text: str
    href: str | None = None
    link_text: str | None = None


@dataclass(frozen=True)
class Frame:
    """The visitor, the place and the moment.

    `path` and `query` are those of the request (a national number is never in them). `areas` are the entries of the
    navigation this reader may open, in order. `now` is an aware UTC moment. `may_act`:
    there is an enterprise to act for; `may_switch`: there are several, and the header offers the switch.
    """

    language: Language
    path: str
    csrf_token: str
    now: datetime
    query: tuple[tuple[str, str], ...] = ()
    user_name: str | None = None
    acting_for: ActingFor | None = None
    may_act: bool = False
    may_switch: bool = False
    areas: tuple[Area, ...] = ()
    area: Area | None = None
    notices: tuple[Notice, ...] = ()
    rounding: DayRounding = DayRounding.TWO_DECIMALS

    @property
    def can_write(self) -> bool:
        """Whether buttons that change something for this enterprise are shown."""
        return self.acting_for is not None and self.acting_for.access is Access.WRITE

    def with_query(self, **changes: object) -> str:
        """Give this page's address with some query parameters changed; None takes one away."""
        kept = [(name, value) for name, value in self.query if name not in changes and name != "lang"]
        added = [(name, str(value)) for name, value in changes.items() if value is not None]
        query = urlencode(kept + added)
        return f"{self.path}?{query}" if query else self.path

    def in_language(self, language: Language) -> str:
        """Give this page's address in another language."""
        return self.with_query(lang=language.value)
