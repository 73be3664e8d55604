"""People are added in one order, whoever adds them."""

import base64
from typing import Any

from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import ADD, NewPerson, Persons

CIPHER = Cipher(base64.b64encode(b"k" * 32).decode())


class Connection:
    """Remembers in which order rows were to be inserted."""

    def __init__(self) -> None:
        self.added: list[bytes] = []
        self.ids: list[str] = []

    async def fetch(self, _: str, hashes: list[bytes]) -> list[dict[str, Any]]:
        return [{"id": i, "ssin_hash": h} for i, h in zip(self.ids, self.added, strict=True) if h in hashes]

    async def execute(self, statement: str, ids: list[str], hashes: list[bytes], *_: Any) -> None:
        assert statement == ADD
        self.ids, self.added = ids, hashes


async def test_rows_are_inserted_in_the_same_order_from_any_file() -> None:
    """Lost: two senders who hire the same people at once would wait for each other in a circle: a deadlock."""
    people = [NewPerson(f"{n:011d}") for n in range(200)]
    orders = []
    for one_way in (people, people[::-1]):
        connection = Connection()
        ids = await Persons(CIPHER).ensure(connection, one_way)
        assert set(ids) == {person.ssin for person in people}
        assert ids["00000000007"] == connection.ids[connection.added.index(CIPHER.look_up("00000000007"))]
        orders.append(connection.added)
    assert orders[0] == orders[1]
