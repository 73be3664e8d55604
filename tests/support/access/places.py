"""Enterprises with one employee each, made up: every case of a test has its own, so that none sees another's."""

from dataclasses import dataclass
from functools import cached_property

from shared.identifiers import derived_id
from tests.support.access.cast import At


def enterprise_number(serial: int) -> str:
    """A valid enterprise number: 1998 and four digits, then the check."""
    first = 19_980_000 + serial
    return f"{first}{97 - first % 97:02d}"


def national_number(serial: int) -> str:
    """A valid national number of someone born in 1980, one for each number below 28,000."""
    day, counter = divmod(serial, 997)
    first = f"8001{day + 1:02d}{counter + 1:03d}"
    return f"{first}{97 - int(first) % 97:02d}"


@dataclass(frozen=True)
class Place:
    """An enterprise with one employment, one training, one own figure, and files that it sent."""

    serial: int

    @cached_property
    def number(self) -> str:
        return enterprise_number(self.serial)

    @property
    def name(self) -> str:
        return f"Enterprise {self.serial}"

    @property
    def employee_ssin(self) -> str:
        return national_number(self.serial)

    @cached_property
    def employee(self) -> str:
        """The id in the vault of the only employee."""
        return derived_id("place", "employee", self.number)

    @cached_property
    def employment(self) -> str:
        return derived_id("place", "employment", self.number)

    @cached_property
    def training(self) -> str:
        return derived_id("place", "training", self.number)

    @cached_property
    def for_all(self) -> str:
        """The id of its own figure for everybody."""
        return derived_id("place", "for all", self.number)

    @cached_property
    def entitlement(self) -> str:
        return derived_id("place", "entitlement", self.number)

    @cached_property
    def batch(self) -> str:
        """A file that is done."""
        return derived_id("place", "batch", self.number)

    @cached_property
    def registered_together(self) -> str:
        """The submission with its training."""
        return derived_id("place", "registered together", self.number)

    @cached_property
    def waiting_batch(self) -> str:
        """A file that can still be cancelled."""
        return derived_id("place", "waiting batch", self.number)


class WithPlaces:
    """Somebody, or a client, with places of its own."""

    serial: int

    @property
    def places(self) -> dict[At, Place]:
        """One of each relation."""
        return {at: Place(4 * self.serial + n) for n, at in enumerate((At.TARGET, At.MANDATARY, At.ELSEWHERE))}

    @property
    def target(self) -> Place:
        return self.places[At.TARGET]

    @property
    def unregistered(self) -> Place:
        """An enterprise that nobody registered yet."""
        return Place(4 * self.serial + 3)
