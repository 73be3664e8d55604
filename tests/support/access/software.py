"""Software of every kind that may come to the API: whose it is, whether it is in force, and its scopes."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.identifiers import derived_id
from tests.support.access.cast import NOT_OF_A_MANDATE, NOT_OF_A_RIGHT, At, Force
from tests.support.access.gateway import World
from tests.support.access.places import Place, WithPlaces

SCOPES = frozenset(
    f"scope:fla:{what}:{how}"
    for what in ("trainings", "employments", "entitlements", "enterprises", "batches")
    for how in ("read", "write")
)


@dataclass(frozen=True)
class Software:
    """A client. `given`: its scopes here; `shown`: those of its access token."""

    name: str
    at: At = At.TARGET
    force: Force = Force.IN_FORCE
    mandates: tuple[Force, ...] = ()
    given: frozenset[str] = SCOPES
    shown: frozenset[str] = SCOPES
    registered: bool = True

    @property
    def comes_in(self) -> bool:
        return self.registered and self.force.holds

    @property
    def acts_for_target(self) -> bool:
        mandated = self.at is At.MANDATARY and any(force.holds for force in self.mandates)
        return self.at is At.TARGET or mandated


@dataclass(frozen=True)
class Call(WithPlaces):
    """A client with places of its own."""

    software: Software
    serial: int

    @property
    def own(self) -> Place:
        """The organisation whose software it is."""
        return self.places[self.software.at]

    @property
    def client_id(self) -> str:
        return f"software-{self.serial}"

    @property
    def actor(self) -> str:
        return f"client:{self.client_id}"

    @property
    def enterprises(self) -> frozenset[str]:
        """Numbers of those it may act for."""
        return frozenset({self.own.number} | ({self.target.number} if self.software.acts_for_target else set()))

    @property
    def strange_batch(self) -> str:
        """A file, and so a submission, of an organisation that it has nothing to do with."""
        return derived_id("place", "batch", self.unregistered.number)


def every_software() -> Iterator[Software]:
    """In every force, for every relation to the target, with and without each scope on either side."""
    yield Software("unknown", registered=False)
    for force in (Force.IN_FORCE, Force.FOR_A_TIME, *NOT_OF_A_RIGHT):
        yield Software(f"of its own, {force}", force=force)
        if not force.holds:
            yield Software(f"of a mandatary, {force}", At.MANDATARY, force, (Force.IN_FORCE,))
    for mandate in (Force.IN_FORCE, Force.FOR_A_TIME, *NOT_OF_A_MANDATE):
        yield Software(f"of a mandatary, mandate {mandate}", At.MANDATARY, mandates=(mandate,))
    again = (Force.WITHDRAWN, Force.IN_FORCE)
    yield Software("of a mandatary, mandated once and again", At.MANDATARY, mandates=again)
    yield Software("elsewhere", At.ELSEWHERE)
    for scope in sorted(SCOPES):
        only, others = frozenset({scope}), SCOPES - {scope}
        yield Software(f"given only {scope}", given=only)
        yield Software(f"shows only {scope}", shown=only)
        yield Software(f"not given {scope}", given=others)
        yield Software(f"does not show {scope}", shown=others)


async def add_calls(world: World, calls: list[Call]) -> None:
    """The clients with their places and mandates."""
    places = [Place(4 * call.serial + n) for call in calls for n in range(4)]
    await world.add_places(places)
    await world.database.executemany(
        "insert into api_client (client_id, organisation, name, scopes, valid_from, valid_until, withdrawn_at)"
        " values ($1, $2, 'software', $3, $4, $5, case when $6 then now() - interval '1 second' end)",
        [
            (
                call.client_id,
                call.own.number,
                sorted(call.software.given),
                *call.software.force.period(world.today),
                call.software.force is Force.WITHDRAWN,
            )
            for call in calls
            if call.software.registered
        ],
    )
    for call in calls:
        await world.add_mandates(call.target, call.places[At.MANDATARY], call.software.mandates)
