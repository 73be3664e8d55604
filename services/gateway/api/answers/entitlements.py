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
    untilYear: NotRequired[Year]
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: RightType
    validFrom: LocalDate
    validUntil: LocalDate
    registeredAt: Moment
    cancelled: bool
    reason: NotRequired[str]
    collectiveAgreement: NotRequired[str]


class EnterpriseEntitlement(TypedDict):
    """A version of an own figure for everybody at an enterprise."""

    entitlement: Uuid
    version: int
    enterprise: EnterpriseNumber
    year: Year
    untilYear: NotRequired[Year]
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: RightType
    validFrom: LocalDate
    validUntil: LocalDate
    registeredAt: Moment
    cancelled: bool
    reason: NotRequired[str]
    collectiveAgreement: NotRequired[str]


class EnterpriseEntitlementPage(Page):
    """A page of own figures for everybody as they stand."""

    items: list[EnterpriseEntitlement]


class EnterpriseEntitlementVersions(TypedDict):
    """Every version of an own figure for everybody, newest first."""

    self: Address
    items: list[EnterpriseEntitlement]


class EntitlementPage(Page):
    """A page of own figures as they stand."""

    items: list[Entitlement]


class EntitlementVersions(TypedDict):
    """Every version of an own figure, newest first."""

    self: Address
    items: list[Entitlement]
