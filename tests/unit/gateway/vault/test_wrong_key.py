"""With another key every employee would be registered a second time, and nobody's number could be read."""

import base64
from typing import Any

import pytest

from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import Persons, WrongVaultKeyError

OWN, OTHER = (Cipher(base64.b64encode(letter * 32).decode()) for letter in (b"k", b"o"))
PERSON = "0192f0c1-2345-7abc-8def-0123456789ab"


class Vault:
    """A connection to a vault with these rows."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    async def fetchrow(self, query: str) -> dict[str, Any] | None:
        return next(iter(self.rows), None)


FILLED = Vault({"id": PERSON, "ssin_encrypted": OWN.encrypt("85073003328", PERSON)})


async def test_the_key_that_the_vault_was_made_with_is_accepted() -> None:
    await Persons(OWN).check_key(FILLED)  # type: ignore[arg-type]


async def test_an_empty_vault_takes_any_key() -> None:
    await Persons(OTHER).check_key(Vault())  # type: ignore[arg-type]


async def test_another_key_is_refused_with_what_to_do() -> None:
    with pytest.raises(WrongVaultKeyError, match="put that one back"):
        await Persons(OTHER).check_key(FILLED)  # type: ignore[arg-type]
