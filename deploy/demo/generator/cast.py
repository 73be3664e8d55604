"""The enterprises and the people who sign in."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from deploy.demo.generator.numbers import Sex, bis_number, enterprise_number, national_number


@dataclass(frozen=True)
class DemoEnterprise:
    """A fictional enterprise: its number, its name, and the key that the other demo files name it by."""

    key: str
    number: str
    name: str


@dataclass(frozen=True)
class Person:
    """Someone who can sign in at the demo identity provider, or who works somewhere."""

    key: str
    ssin: str
    given_name: str
    family_name: str
    language: str


@dataclass(frozen=True)
class Right:
    """A role that a person has, in an enterprise where the role has one."""

    person: str
    role: str
    enterprise: str | None = None
    joint_committees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guest:
    """A line of the sign-in page: who, in which group, introduced as what."""

    person: str
    group: str
    introduction: str
    enterprise: str | None = None


BAKERY: Final = DemoEnterprise("morgenrot", enterprise_number(101), "Bäckerei Morgenrot GmbH")
BRASSERIE: Final = DemoEnterprise("gulden-sleutel", enterprise_number(102), "Brasserie De Gulden Sleutel BV")
LOGISTICS: Final = DemoEnterprise("noordzee", enterprise_number(103), "Noordzee Logistiek NV")
ROOFERS: Final = DemoEnterprise("beauregard", enterprise_number(104), "Toitures Beauregard SA")
COLD_STORE: Final = DemoEnterprise("noordzee-koel", enterprise_number(105), "Noordzee Koelhuis BV")
SOLAR: Final = DemoEnterprise("lejeune", enterprise_number(106), "Lejeune Énergie Solaire SRL")
FLOWERS: Final = DemoEnterprise("bloemen", enterprise_number(107), "Bloemen Van Aken BV")
SECRETARIAT: Final = DemoEnterprise("wegwijs", enterprise_number(201), "Sociaal Secretariaat Wegwijs VZW")
PROVIDER: Final = DemoEnterprise("leerhaven", enterprise_number(301), "Leerhaven Opleidingen BV")
FRENCH_PROVIDER: Final = DemoEnterprise("savoir-plus", enterprise_number(302), "Savoir Plus ASBL")
SECTOR_FUND: Final = DemoEnterprise("toitform", enterprise_number(401), "Fonds Toitform FSE")

EMPLOYERS: Final = (BAKERY, BRASSERIE, LOGISTICS, ROOFERS)
NOT_REGISTERED: Final = (COLD_STORE, SOLAR, FLOWERS)
"""Known to the authentic source and not registered here yet: for trying out how that is done."""
ENTERPRISES: Final = (*EMPLOYERS, SECRETARIAT, PROVIDER, FRENCH_PROVIDER, SECTOR_FUND)


def _person(key: str, born: str, sex: Sex, name: tuple[str, str], language: str) -> Person:
    return Person(key, national_number(date.fromisoformat(born), sex), *name, language)


PEOPLE: Final = (
    _person("els", "1971-04-23", Sex.FEMALE, ("Els", "Vandamme"), "nl"),
    _person("tom", "1980-09-02", Sex.MALE, ("Tom", "Claes"), "nl"),
    _person("sofie", "1988-01-17", Sex.FEMALE, ("Sofie", "Maes"), "nl"),
    _person("pieter", "1992-06-30", Sex.MALE, ("Pieter", "Wouters"), "nl"),
    _person("nathalie", "1976-11-08", Sex.FEMALE, ("Nathalie", "Lambert"), "fr"),
    _person("luc", "1969-02-14", Sex.MALE, ("Luc", "Hermans"), "nl"),
    _person("karin", "1973-07-19", Sex.FEMALE, ("Karin", "Schröder"), "de"),
    _person("julie", "1990-03-27", Sex.FEMALE, ("Julie", "Dubois"), "fr"),
    _person("koen", "1979-12-05", Sex.MALE, ("Koen", "De Backer"), "nl"),
    _person("marie", "1967-10-11", Sex.FEMALE, ("Marie-Claire", "Simon"), "fr"),
    _person("jan", "1985-05-12", Sex.MALE, ("Jan", "Peeters"), "nl"),
    _person("amina", "1994-08-21", Sex.FEMALE, ("Amina", "Haddad"), "nl"),
    _person("thomas", "1987-03-03", Sex.MALE, ("Thomas", "Lejeune"), "fr"),
    Person("mateusz", bis_number(date(1991, 4, 9), Sex.MALE), "Mateusz", "Kowalczyk", "fr"),
    _person("anna", "2002-11-29", Sex.FEMALE, ("Anna", "Weber"), "de"),
    _person("hilde", "1974-06-06", Sex.FEMALE, ("Hilde", "Janssens"), "nl"),
    _person("david", "1983-01-25", Sex.MALE, ("David", "Martin"), "fr"),
)

RIGHTS: Final = (
    Right("els", "legalRepresentative", LOGISTICS.key),
    Right("els", "accessManager", LOGISTICS.key),
    Right("tom", "accessManager", LOGISTICS.key),
    Right("sofie", "employerWrite", LOGISTICS.key),
    Right("pieter", "employerRead", LOGISTICS.key),
    Right("nathalie", "legalRepresentative", ROOFERS.key),
    Right("nathalie", "employerWrite", ROOFERS.key),
    Right("luc", "legalRepresentative", BRASSERIE.key),
    Right("luc", "employerWrite", BRASSERIE.key),
    Right("karin", "legalRepresentative", BAKERY.key),
    Right("karin", "employerWrite", BAKERY.key),
    Right("julie", "employerWrite", SECRETARIAT.key),
    Right("koen", "provider", PROVIDER.key),
    Right("marie", "sectorFund", SECTOR_FUND.key, ("124",)),
    Right("hilde", "inspector"),
    Right("david", "operator"),
)


@dataclass(frozen=True)
class Representative:
    """A line of the authentic source: who represents which enterprise, as what and since when."""

    person: str
    enterprise: str
    function: str
    since: date


REPRESENTATIVES: Final = (
    Representative("els", LOGISTICS.key, "bestuurder", date(2009, 6, 1)),
    Representative("els", COLD_STORE.key, "zaakvoerder", date(2026, 2, 2)),
    Representative("nathalie", ROOFERS.key, "administratrice", date(2012, 9, 1)),
    Representative("luc", BRASSERIE.key, "zaakvoerder", date(2019, 4, 1)),
    Representative("karin", BAKERY.key, "Geschäftsführerin", date(2011, 1, 1)),
    # The first is an employee who also has a firm; nobody of the demo represents the second.
    Representative("thomas", SOLAR.key, "gérant", date(2025, 5, 5)),
)

GUESTS: Final = (
    Guest("els", "employers", "legalRepresentative", LOGISTICS.key),
    Guest("tom", "employers", "accessManager", LOGISTICS.key),
    Guest("sofie", "employers", "employerWrite", LOGISTICS.key),
    Guest("pieter", "employers", "employerRead", LOGISTICS.key),
    Guest("nathalie", "employers", "employerWrite", ROOFERS.key),
    Guest("luc", "employers", "employerWrite", BRASSERIE.key),
    Guest("karin", "employers", "employerWrite", BAKERY.key),
    Guest("julie", "partners", "mandatary", SECRETARIAT.key),
    Guest("koen", "partners", "provider", PROVIDER.key),
    Guest("marie", "partners", "sectorFund", SECTOR_FUND.key),
    Guest("jan", "employees", "citizen", LOGISTICS.key),
    Guest("amina", "employees", "citizen", BRASSERIE.key),
    Guest("thomas", "employees", "citizen", ROOFERS.key),
    Guest("mateusz", "employees", "citizenWithBisNumber", ROOFERS.key),
    Guest("anna", "employees", "citizen", BAKERY.key),
    Guest("hilde", "authorities", "inspector"),
    Guest("david", "authorities", "operator"),
)

MANDATES: Final = (
    (BAKERY.key, SECRETARIAT.key, date(2024, 1, 1)),
    (BRASSERIE.key, SECRETARIAT.key, date(2024, 1, 1)),
    (ROOFERS.key, SECRETARIAT.key, date(2024, 7, 1)),
)


@dataclass(frozen=True)
class Client:
    """Software that calls the API in the name of an organisation."""

    client_id: str
    organisation: str
    name: str
    scopes: tuple[str, ...]


_AREAS: Final = ("enterprises", "employments", "entitlements", "trainings", "batches")
_READ: Final = tuple(f"scope:fla:{area}:read" for area in _AREAS)
_WRITE: Final = tuple(f"scope:fla:{area}:write" for area in _AREAS)

CLIENTS: Final = (
    Client("noordzee-hr", LOGISTICS.key, "Noordzee Logistiek, own HR software", _READ + _WRITE),
    Client("wegwijs-payroll", SECRETARIAT.key, "Wegwijs, payroll software for its customers", _READ + _WRITE),
    Client("noordzee-reporting", LOGISTICS.key, "Noordzee Logistiek, reporting (reads only)", _READ),
    Client(
        "leerhaven-catalogue",
        PROVIDER.key,
        "Leerhaven, registration of participants",
        ("scope:fla:trainings:read", "scope:fla:trainings:write"),
    ),
)
