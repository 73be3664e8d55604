"""Who works where, since when and how much."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from deploy.demo.generator.cast import BAKERY, BRASSERIE, LOGISTICS, PEOPLE, ROOFERS, DemoEnterprise, Person
from deploy.demo.generator.numbers import Sex, national_number


@dataclass(frozen=True)
class DemoTerms:
    """Joint committee and part of full time (as text, never a float) from a day on."""

    valid_from: date
    joint_committee: str
    working_time: str


@dataclass(frozen=True)
class DemoEmployment:
    """An employment: one person at one enterprise."""

    reference: str
    person: Person
    enterprise: DemoEnterprise
    start: date
    terms: tuple[DemoTerms, ...]
    end: date | None = None
    end_reason: str | None = None

    def covers(self, first: date, last: date) -> bool:
        """Tell whether the person was employed on every day from first to last."""
        return self.start <= first and (self.end is None or last <= self.end)


@dataclass(frozen=True)
class _Crew:
    """The make-up of one enterprise's staff. `committees`: joint committee -> how many of ten belong to it."""

    enterprise: DemoEnterprise
    prefix: str
    language: str
    size: int
    committees: dict[str, int]
    ordinal: int


_CREWS: Final = (
    _Crew(BAKERY, "BM", "de", 6, {"118.03": 10}, 1),
    _Crew(BRASSERIE, "GS", "nl", 14, {"302": 10}, 2),
    _Crew(LOGISTICS, "NZ", "nl", 26, {"140.03": 7, "226": 3}, 3),
    _Crew(ROOFERS, "TB", "fr", 16, {"124": 8, "200": 2}, 4),
)

_GIVEN_NAMES: Final = {
    "nl": (
        *("Bram", "Lotte", "Wim", "Inge", "Stijn", "Fatima", "Kobe", "An", "Joris", "Greet", "Youssef", "Liesbeth"),
        *("Dirk", "Nele", "Ruben", "Hanne", "Gert", "Ilse", "Sander", "Ayse", "Filip", "Katrien"),
    ),
    "fr": (
        *("Olivier", "Céline", "Michel", "Aurore", "Julien", "Samira", "Didier", "Sandrine", "Kevin", "Isabelle"),
        *("Rachid", "Valérie", "Quentin", "Fabienne"),
    ),
    "de": ("Markus", "Sabine", "Jürgen", "Petra"),
}
_FAMILY_NAMES: Final = {
    "nl": (
        *("Verhaegen", "Goossens", "De Smet", "Willems", "Aerts", "El Amrani", "Mertens", "Van Damme", "Wauters"),
        *("De Clercq", "Bogaert", "Lenaerts", "Yilmaz", "Cools", "Verbeke", "Michiels", "Pauwels", "De Wilde"),
        *("Segers", "Van den Broeck", "Thys", "Moens"),
    ),
    "fr": (
        *("Leroy", "Delvaux", "Renard", "Benali", "Gilles", "Collard", "Marchal", "Bodart", "Henrard", "Lecomte"),
        *("Noël", "Piron", "Charlier", "Dumont"),
    ),
    "de": ("Keller", "Brüls", "Heinen", "Mreyen"),
}

_SIGNING_IN: Final = {
    BAKERY.key: {"karin": date(2011, 1, 1), "anna": date(2023, 9, 1)},
    BRASSERIE.key: {"amina": date(2024, 6, 17)},
    LOGISTICS.key: {
        "tom": date(2010, 5, 1),
        "sofie": date(2016, 2, 15),
        "pieter": date(2021, 9, 1),
        "jan": date(2012, 3, 1),
    },
    ROOFERS.key: {"thomas": date(2015, 1, 15), "mateusz": date(2022, 4, 1)},
}
"""Those of the sign-in page who are employees, full-time, with their first day."""


def employments() -> list[DemoEmployment]:
    """List all employments, enterprise by enterprise, in the order of their references."""
    people = {person.key: person for person in PEOPLE}
    drawn = [employment for crew in _CREWS for employment in _crew(crew, people)]
    return [*drawn, *_moves(people)]


def _crew(crew: _Crew, people: dict[str, Person]) -> Iterator[DemoEmployment]:
    draw = random.Random(crew.enterprise.key)  # noqa: S311 - the same data every time is the point
    committees = [committee for committee, of_ten in crew.committees.items() for _ in range(of_ten)]
    known = _SIGNING_IN[crew.enterprise.key]
    for rank, (key, start) in enumerate(known.items(), 1):
        terms = DemoTerms(start, committees[rank % len(committees)], "1")
        yield DemoEmployment(f"{crew.prefix}-{rank:03d}", people[key], crew.enterprise, start, (terms,))
    for rank, person in enumerate(_invented(crew, crew.size - len(known), draw), len(known) + 1):
        start = date(draw.randint(2008, 2024), draw.randint(1, 12), draw.choice((1, 1, 1, 15)))
        terms = DemoTerms(start, committees[rank % len(committees)], draw.choice(("1", "1", "1", "0.8", "0.5")))
        employment = DemoEmployment(f"{crew.prefix}-{rank:03d}", person, crew.enterprise, start, (terms,))
        yield _with_a_story(employment, rank)


def _with_a_story(employment: DemoEmployment, rank: int) -> DemoEmployment:
    """Change some: every seventh works less from March 2025 on, every ninth left in 2025."""
    if rank % 7 == 0:
        fewer = DemoTerms(date(2025, 3, 1), employment.terms[0].joint_committee, "0.8")
        return replace(employment, terms=(replace(employment.terms[0], working_time="1"), fewer))
    if rank % 9 == 0:
        return replace(employment, end=date(2025, rank % 12 + 1, 28), end_reason="resignation")
    return employment


def _invented(crew: _Crew, count: int, draw: random.Random) -> Iterator[Person]:
    """Invent people who only work here. Birth years differ per enterprise, so that no two share a number."""
    given, family = _GIVEN_NAMES[crew.language], _FAMILY_NAMES[crew.language]
    families = draw.sample(family, k=len(family))
    for index in range(count):
        sex = Sex.MALE if index % 2 == 0 else Sex.FEMALE
        born = date(1962 + (index * 3) % 42, draw.randint(1, 12), draw.randint(1, 28))
        number = national_number(born, sex, rank=crew.ordinal)
        name = (given[index % len(given)], families[index % len(families)])
        yield Person(f"{crew.prefix.lower()}{index}", number, *name, crew.language)


def _moves(people: dict[str, Person]) -> Sequence[DemoEmployment]:
    """List second employments: Amina was at the logistics firm before; Jan waits tables beside his job there."""
    left, joined = date(2024, 5, 31), date(2023, 2, 1)
    before = DemoTerms(joined, "226", "0.8")
    weekends = DemoTerms(date(2025, 4, 1), "302", "0.2")
    return (
        DemoEmployment("NZ-090", people["amina"], LOGISTICS, joined, (before,), left, "mutualAgreement"),
        DemoEmployment("GS-090", people["jan"], BRASSERIE, weekends.valid_from, (weekends,)),
    )
