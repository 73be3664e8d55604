"""Batch files to test with: as many trainings of as many people as asked, with deliberate faults of every kind.

The same plan always gives the same bytes. Numbers are valid by python-stdnum and belong to nobody (see
`deploy/demo/generator/numbers.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import cycle, islice
from pathlib import Path

from stdnum.be import nn, vat

NAMESPACE = "urn:fla:batch:1"

_TITLES = (
    "Veiligheid op de werkvloer",
    "Conduite défensive",
    "Excel: draaitabellen",
    "Erste Hilfe im Betrieb",
    "Coaching op de werkplek",
    "Négocier avec ses clients",
    "Heftruck & stapelaar",
    "Brandbestrijding",
    "Nederlands op de werkvloer",
    "Gegevensbescherming",
)
_PROVIDERS = ("Leerhaven Opleidingen BV", "Savoir Plus ASBL", "Fonds Toitform FSE")
_THEMES = ("1022", "1041", "0611", "0913", "0413", "0414", "1032", "0231")
_DURATIONS = {"PT7H36M": 456, "PT3H48M": 228, "PT2H": 120, "PT15H12M": 912, "PT45M": 45}
_LENGTHS = tuple(_DURATIONS)
_DAYS = (1, 1, 1, 2, 1)


class Fault(Enum):
    """What can be wrong with a training that is valid to the schema; the value is the anomaly it must get."""

    INVALID_SSIN = "invalidSsin"
    END_BEFORE_START = "endBeforeStart"
    REUSED_REFERENCE = "referenceAlreadyUsed"
    UNKNOWN_EMPLOYEE = "employmentNotFound"
    CHARGED_TOO_MUCH = "chargedMoreThanDuration"
    UNKNOWN_ENTERPRISE = "enterpriseNotFound"
    COMPLETED_AHEAD = "completedInFuture"
    INVALID_ENTERPRISE = "invalidEnterpriseNumber"


class Wording(Enum):
    """How much a training says: all that payroll software usually sends, indented, or the least there is, on a line."""

    USUAL = "usual"
    TERSE = "terse"


@dataclass(frozen=True)
class Worker:
    """Someone employed at one enterprise, whole years long."""

    ssin: str
    enterprise: str
    given_name: str
    family_name: str


@dataclass(frozen=True)
class Plan:
    """What the file holds. `sender` is the organisation that sends it, and may act for all `enterprises`.

    `employments`: first an employment registration for each person, so that the trainings are not refused.
    `first_person`: plans for one database give each its own people, or the second file hires someone twice.
    """

    sender: str
    enterprises: tuple[str, ...]
    trainings: int = 1000
    people: int = 200
    faults: int = 0
    employments: bool = False
    year: int = field(default_factory=lambda: date.today().year - 1)
    series: str = "A"
    first_person: int = 0
    wording: Wording = Wording.USUAL

    @property
    def declared(self) -> int:
        return self.trainings + (self.people if self.employments else 0)


@dataclass(frozen=True)
class Written:
    """The file, and which lines (from 1) must be refused for which fault."""

    path: Path
    plan: Plan
    faults: dict[int, Fault]

    @property
    def refused(self) -> int:
        return len(self.faults)

    @property
    def accepted(self) -> int:
        return self.plan.declared - self.refused


def enterprise_numbers(count: int) -> tuple[str, ...]:
    """Valid numbers of enterprises that do not exist; other ones than the demo's."""
    return tuple(_enterprise_number(5000 + rank) for rank in range(count))


def workers(plan: Plan) -> list[Worker]:
    """The plan's people, spread over its enterprises."""
    return [
        Worker(_ssin(rank), plan.enterprises[rank % len(plan.enterprises)], _given(rank), _family(rank))
        for rank in range(plan.first_person, plan.first_person + plan.people)
    ]


def reference_of(plan: Plan, rank: int) -> str:
    """The sender's reference of the rank-th training, from 0."""
    return f"{plan.series}-T{rank:07d}"


def minutes_of(rank: int) -> int:
    """How long the rank-th training lasts."""
    return _DURATIONS[_LENGTHS[rank % 5]]


def write_batch(path: Path, plan: Plan) -> Written:
    """Write the file as it would come from payroll software: indented, UTF-8."""
    people = workers(plan)
    faults = _fault_places(plan)
    before = plan.declared - plan.trainings
    with path.open("w", encoding="utf-8") as out:
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<batch xmlns="{NAMESPACE}" schemaVersion="1.0">\n')
        out.write(f"  <header>\n    <sender>{plan.sender}</sender>\n    <software>Example payroll 4.2</software>\n")
        out.write("  </header>\n")
        if plan.employments:
            out.writelines(_employment(plan, rank, worker) for rank, worker in enumerate(people))
        for rank in range(plan.trainings):
            out.write(_training(plan, rank, people, faults.get(rank)))
        out.write("</batch>\n")
    return Written(path, plan, {before + rank + 1: fault for rank, fault in faults.items()})


def _fault_places(plan: Plan) -> dict[int, Fault]:
    """Faults of alternating kinds, spread evenly; never the first training, whose reference is reused."""
    assert plan.faults < plan.trainings
    kinds = islice(cycle(Fault), plan.faults)
    step = (plan.trainings - 1) / max(plan.faults, 1)
    return {1 + int(number * step): kind for number, kind in enumerate(kinds)}


def _employment(plan: Plan, rank: int, worker: Worker) -> str:
    return f"""  <employmentRegistration>
    <reference>{plan.series}-E{rank:06d}</reference>
    <ssin>{worker.ssin}</ssin>
    <enterpriseNumber>{worker.enterprise}</enterpriseNumber>
    <givenName>{worker.given_name}</givenName>
    <familyName>{worker.family_name}</familyName>
    <startDate>{plan.year - 2}-03-01</startDate>
    <terms>
      <validFrom>{plan.year - 2}-03-01</validFrom>
      <jointCommittee>200</jointCommittee>
      <workingTime>{("1", "0.8", "0.5")[rank % 3]}</workingTime>
    </terms>
  </employmentRegistration>
"""


def _training(plan: Plan, rank: int, people: Sequence[Worker], fault: Fault | None) -> str:
    worker, turn = people[rank % plan.people], rank // plan.people
    start = date(plan.year, 1, 4) + timedelta(days=turn * 3 % 350)
    end = start + timedelta(days=_DAYS[rank % 5] - 1)
    ssin, enterprise, reference, status = worker.ssin, worker.enterprise, reference_of(plan, rank), "completed"
    # Another series is about other trainings: the same ones of the same people would be doubles.
    title, charged = f"{_TITLES[turn % 10]} {turn // 10 + 1}{'' if plan.series == 'A' else f' ({plan.series})'}", ""
    match fault:
        case Fault.INVALID_SSIN:
            ssin = ssin[:-2] + f"{(int(ssin[-2:]) + 1) % 98:02d}"
        case Fault.INVALID_ENTERPRISE:
            enterprise = enterprise[:-2] + f"{(int(enterprise[-2:]) + 1) % 98:02d}"
        case Fault.END_BEFORE_START:
            end = start - timedelta(days=1)
        case Fault.UNKNOWN_ENTERPRISE:
            enterprise = _enterprise_number(9999)
        case Fault.UNKNOWN_EMPLOYEE:
            ssin = _ssin(900_000 + rank % 50_000)
        case Fault.CHARGED_TOO_MUCH:
            charged = "    <chargedDuration>PT90H</chargedDuration>\n"
        case Fault.COMPLETED_AHEAD:
            start = end = date(date.today().year + 2, 5, 5)
        case Fault.REUSED_REFERENCE:
            # The first training's reference and person, other content: it is decided after the first, and refused.
            ssin, enterprise, reference = people[0].ssin, people[0].enterprise, reference_of(plan, 0)
    kind = "informal" if turn % 10 == 4 else "formal"
    if plan.wording is Wording.TERSE:
        return (
            f"<trainingRegistration><reference>{reference}</reference><ssin>{ssin}</ssin>"
            f"<enterpriseNumber>{enterprise}</enterpriseNumber><title>{title.replace('&', '&amp;')}</title>"
            f"<startDate>{start}</startDate><endDate>{end}</endDate><duration>{_LENGTHS[rank % 5]}</duration>"
            f"<kind>{kind}</kind>{charged.strip()}</trainingRegistration>\n"
        )
    return f"""  <trainingRegistration>
    <reference>{reference}</reference>
    <ssin>{ssin}</ssin>
    <enterpriseNumber>{enterprise}</enterpriseNumber>
    <title>{title.replace("&", "&amp;")}</title>
    <startDate>{start}</startDate>
    <endDate>{end}</endDate>
    <duration>{_LENGTHS[rank % 5]}</duration>
    <status>{status}</status>
    <kind>{kind}</kind>
{charged}    <provider>
      <name>{_PROVIDERS[turn % 3]}</name>
    </provider>
    <language>{("nl", "fr", "nl", "de")[rank % 4]}</language>
    <theme>{_THEMES[turn % 8]}</theme>
  </trainingRegistration>
"""


def _enterprise_number(rank: int) -> str:
    stem = f"1999{rank:04d}"
    return next(number for check in range(1, 98) if vat.is_valid(number := f"{stem}{check:02d}"))


def _ssin(rank: int) -> str:
    """The national number of the rank-th person: birth dates from 1960 on, counters that nobody has."""
    day, counter = date(1960, 1, 1) + timedelta(days=rank % 12_000), 970 + rank // 12_000 % 28
    # stdnum has no function for the check digits and trying all 97 takes a millisecond; it judges the result.
    stem = f"{day:%y%m%d}{counter:03d}"
    number = f"{stem}{97 - int(stem) % 97:02d}"
    assert nn.is_valid(number)
    return number


def _given(rank: int) -> str:
    return ("Emma", "Louis", "Noor", "Jules", "Mila", "Arthur", "Lea", "Adam")[rank % 8]


def _family(rank: int) -> str:
    return ("Peeters", "Dubois", "Janssens", "Lambert", "Maes", "Weber", "El Amrani")[rank % 7]


def lines_of(written: Written, fault: Fault) -> Iterator[int]:
    """The lines with this fault."""
    return (line for line, found in written.faults.items() if found is fault)
