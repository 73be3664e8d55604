"""The port of the source that knows who represents which enterprise (KBO/BCE functions, a notary's register)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Protocol


class RepresentationStatus(StrEnum):
    """What the source says of one person and one enterprise. Only `REPRESENTS` is a proof."""

    REPRESENTS = "represents"
    OTHERS = "others"
    """It knows the enterprise, and names others."""
    UNKNOWN = "unknown"
    """It does not know the enterprise."""
    AWAY = "away"
    """It did not answer in time, or not in a way that can be understood."""
    NO_SOURCE = "noSource"
    """There is no source here."""


@dataclass(frozen=True, slots=True)
class RepresentationAnswer:
    """What was said, when, and where it is a proof as what and since when the person represents."""

    said: RepresentationStatus
    at: datetime
    function: str | None = None
    since: date | None = None

    def as_evidence(self) -> dict[str, Any]:
        """Write it as it is kept with a claim."""
        evidence = {"said": self.said.value, "at": self.at.isoformat()}
        if self.function:
            evidence["function"] = self.function
        if self.since:
            evidence["since"] = self.since.isoformat()
        return evidence


@dataclass(frozen=True, slots=True)
class Represented:
    """An enterprise that a person represents, as the source names it."""

    enterprise: str
    name: str
    function: str | None
    since: date | None


class RepresentationSource(Protocol):
    """Knows who represents which enterprise.

    Both questions take a national number (11 digits), which travels in the body of a request and never in an address,
    and end within a few seconds. Neither raises: a source that is away, slow or speaks nonsense gives `Said.AWAY`, and
    nobody. An implementation never answers `REPRESENTS` unless the source said so, in this answer, of exactly this
    enterprise, for today.
    """

    async def represents(self, ssin: str, enterprise: str) -> RepresentationAnswer:
        """Ask whether this person represents this enterprise today."""
        ...

    async def represented_by(self, ssin: str) -> Sequence[Represented]:
        """Ask which enterprises this person represents today, for an offer; a claim asks again."""
        ...


class NoSource:
    """No source is set: nothing is proven, and whoever asks is decided on by the operator."""

    async def represents(self, ssin: str, enterprise: str) -> RepresentationAnswer:
        """Answer that there is no source."""
        return RepresentationAnswer(RepresentationStatus.NO_SOURCE, datetime.now(UTC))

    async def represented_by(self, ssin: str) -> Sequence[Represented]:
        """Answer that there are none."""
        return ()
