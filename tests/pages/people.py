"""The readers and enterprises of the samples."""

from dataclasses import replace
from datetime import UTC, datetime

from services.gateway.web.kit.frame import Access, ActingFor, Area, Capacity, Frame, Party
from shared.i18n import Language

NOW = datetime(2024, 9, 18, 12, 34, 56, tzinfo=UTC)
BAKERY = Party("0403170701", "Bakkerij Van den Broeck & Zonen NV")
LOGISTICS = Party("0417497106", "Transport Lejeune SA")
WORKSHOP = Party("0202239951", "Maatwerkbedrijf De Klimop vzw")

EMPLOYEES = (
    "Amina Benali",
    "Céline Dupont-Vandermeersch",
    "Dirk Peeters",
    "Elke Janssens",
    "Fatima El Idrissi",
    "Günther Schmitz",
    "Hugo Lambert",
    "Inge Maes",
    "Joris Claes",
    "Karel Willems",
    "Lotte Goossens",
    "Mehmet Yılmaz",
)

_NO_SESSION = "sample"
_EMPLOYER_AREAS = (Area.DASHBOARD, Area.EMPLOYEES, Area.TRAININGS, Area.BATCHES)


def visitor(language: Language, path: str, **query: str) -> Frame:
    """Someone who has not signed in."""
    return Frame(language=language, path=path, query=tuple(query.items()), csrf_token=_NO_SESSION, now=NOW)


def employer(language: Language, path: str, area: Area | None, **query: str) -> Frame:
    """Someone of the enterprise who may register."""
    return replace(
        visitor(language, path, **query),
        user_name="Sofie Van den Broeck",
        acting_for=ActingFor(BAKERY, Capacity.OWN, Access.WRITE),
        may_act=True,
        areas=_EMPLOYER_AREAS,
        area=area,
    )


def reader(language: Language, path: str, area: Area) -> Frame:
    """Someone of the enterprise who may only look."""
    return replace(employer(language, path, area), acting_for=ActingFor(BAKERY, Capacity.OWN, Access.READ))


def mandatary(language: Language, path: str, area: Area, **query: str) -> Frame:
    """Someone of a social secretariat, acting for a client."""
    return replace(
        employer(language, path, area, **query),
        user_name="Pieter Desmet",
        acting_for=ActingFor(BAKERY, Capacity.MANDATARY, Access.WRITE),
        may_act=True,
        may_switch=True,
        areas=(Area.ENTERPRISES, *_EMPLOYER_AREAS),
    )


def newcomer(language: Language, path: str) -> Frame:
    """Someone who has signed in and has not chosen for whom to act yet."""
    return replace(visitor(language, path), user_name="Pieter Desmet", may_act=True, may_switch=True)


def citizen(language: Language, path: str) -> Frame:
    """An employee in the own account."""
    return replace(visitor(language, path), user_name="Amina Benali", areas=(Area.ME,), area=Area.ME)


def operator(language: Language, path: str) -> Frame:
    """Whoever keeps the system running."""
    return replace(visitor(language, path), user_name="Nadia Operator", areas=(Area.OPERATOR,), area=Area.OPERATOR)
