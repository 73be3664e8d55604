"""`fla.entitlements.v1`: the right and the balance of an employment, per year. Key: the person's id. Kept for ever."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.envelope import Envelope
from shared.contracts.vocabulary import Days, EnterpriseNumber, Moment, Uuid

TOPIC = "fla.entitlements.v1"


class YearBalance(TypedDict):
    """One year's figures in days, each the exact sum of ledger lines.

    `balance` = granted + carriedOver - charged - lost; `available` = balance - reserved.
    `incomplete`: a month of this year, or of one before it, could not be decided (no size, or no arrangement).
    `gone`: nothing is booked in this year any more, and it has not begun for this employment: as if it never was.
    """

    year: int
    granted: Days
    carriedOver: Days
    charged: Days
    reserved: Days
    lost: Days
    balance: Days
    available: Days
    incomplete: bool
    gone: NotRequired[Literal[True]]


class BalanceState(TypedDict):
    """An employment's balances after the event: the years that changed."""

    employment: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    years: list[YearBalance]
    recordedAt: Moment


class BalanceChanged(Envelope):
    type: Literal["be.fla.entitlement.balance-changed.v1"]
    data: BalanceState


Event = Annotated[BalanceChanged, Field()]
