"""File names in the exchange folder: `FI.FLAT.<sender>.<yyyymmdd>.<unique>.<R|T>.1.1` and those that go with it."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Self

from services.gateway.batch.state import Mode
from shared.numbers import holds_national_number

_NAME: Final = re.compile(r"(FI|GO|TD|FS)\.FLAT\.([01][0-9]{9})\.([0-9]{8})\.([A-Za-z0-9_-]{1,40})\.([RT])\.1\.1")


class Part(StrEnum):
    """What a file in the folder is: the first part of its name."""

    FILE = "FI"
    START = "GO"
    CANCEL = "TD"
    SIGNATURE = "FS"


@dataclass(frozen=True, slots=True)
class ExchangeName:
    """A well-formed name. `common`: what the names of all files about one declaration file share."""

    part: Part
    sender: str
    common: str
    mode: Mode

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Parse a name; None if it is not well-formed, has an impossible date or holds a national number."""
        match = _NAME.fullmatch(name)
        if match is None or holds_national_number(match[4]):
            return None
        try:
            date.fromisoformat(match[3])
        except ValueError:
            return None
        return cls(Part(match[1]), match[2], name.split(".", 2)[2], Mode(match[5]))

    def sibling(self, part: Part) -> str:
        """Give the name of another file about the same declaration file."""
        return f"{part.value}.FLAT.{self.common}"


def acknowledgement_name(common: str) -> str:
    """Give the name of the acknowledgement's file."""
    return f"FO.ACRF.{common}"


def notification_name(common: str) -> str:
    """Give the name of the notification's file."""
    return f"FO.NOTI.{common}"
