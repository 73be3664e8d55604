"""What several answers are made of."""

from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

Item = TypeVar("Item")


class Answer(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An answer, or a part of one. Every subclass says `frozen=True, kw_only=True`; the rest is inherited."""


class Page(Answer, Generic[Item], frozen=True, kw_only=True):
    """One page of a list, from 1; `total` counts the items of all pages."""

    items: list[Item]
    page: int
    page_size: int
    total: int


class Credit(Answer, frozen=True, kw_only=True):
    """Days of right, of one employment or added up.

    `balance` = granted + carried_over - charged - lost; `available` = balance - reserved.
    """

    granted: Decimal
    carried_over: Decimal
    charged: Decimal
    reserved: Decimal
    lost: Decimal
    balance: Decimal
    available: Decimal
