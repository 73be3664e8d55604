"""The employer's own figures."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, OfPerson, Page, Year
from shared.contracts.vocabulary import Days, EnterpriseNumber, LocalDate, Moment, RightType, Uuid


class Entitlement(OfPerson):
    """A version of an own figure: the days of a year, and why they deviate from what is calculated."""

    entitlement: Uuid
    version: int
    employment: Uuid
    enterprise: EnterpriseNumber
    year: Year
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: RightType
    validFrom: LocalDate
    validUntil: LocalDate
    registeredAt: Moment
    cancelled: bool
    reason: NotRequired[str]
    collectiveAgreement: NotRequired[str]


class EntitlementPage(Page):
    """A page of own figures as they stand."""

    items: list[Entitlement]


class EntitlementVersions(TypedDict):
    """Every version of an own figure, newest first."""

    self: Address
    items: list[Entitlement]
