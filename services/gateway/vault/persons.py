"""Persons in the vault: found and added in chunks."""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import asyncpg
from cryptography.exceptions import InvalidTag

from services.gateway.vault.national_number_cipher import Cipher
from shared.identifiers import derived_id, new_id

FIND = "select id::text, ssin_hash from person where ssin_hash = any($1::bytea[])"

# Two who add the same person at once: one wins, both read the winner's id.
ADD = """
insert into person (id, ssin_hash, ssin_encrypted, language)
select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[])
on conflict (ssin_hash) do nothing
"""

ANY_HIDDEN = "select id::text, ssin_encrypted from person limit 1"
HIDDEN = "select id::text, ssin_encrypted from person where id = any($1::uuid[])"
HASH_OF = "select ssin_hash from person where id = $1::uuid"

_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Someone who may not be known yet. Names are kept apart (`vault.name_versions`): each belongs to who gave it."""

    ssin: str
    language: str | None = None


class WrongVaultKeyError(Exception):
    """The vault holds persons that this key does not open: with it, everybody would be registered a second time."""


class Persons:
    """The vault's persons. Ids never change, so they are remembered: number hash -> id."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher
        self._ids: dict[bytes, str] = {}

    async def check_key(self, connection: asyncpg.Connection) -> None:
        """Check that the vault was made with this key, by one of its persons; an empty vault is open to any key.

        Raises WrongVaultKeyError.
        """
        row = await connection.fetchrow(ANY_HIDDEN)
        try:
            if row is not None:
                self._cipher.decrypt(row["ssin_encrypted"], row["id"])
        except InvalidTag as error:
            raise WrongVaultKeyError(
                "FLA_VAULT_KEY is not the key that this identity vault was made with: put that one back"
            ) from error

    def hidden(self, ssin: str) -> bytes:
        """Hash a number, keyed: 32 bytes that stand for it where the number itself must not be."""
        return self._cipher.look_up(ssin)

    async def find(self, connection: asyncpg.Connection, ssins: Collection[str]) -> dict[str, str]:
        """Find the persons of these numbers: dict[number, person id], of those that are known."""
        by_hash = {self._cipher.look_up(ssin): ssin for ssin in ssins}
        missing = [hashed for hashed in by_hash if hashed not in self._ids]
        if missing:
            if len(self._ids) + len(missing) > _REMEMBERED:
                self._ids.clear()
                missing = list(by_hash)
            for row in await connection.fetch(FIND, missing):
                self._ids[row["ssin_hash"]] = row["id"]
        return {ssin: self._ids[hashed] for hashed, ssin in by_hash.items() if hashed in self._ids}

    async def ensure(self, connection: asyncpg.Connection, people: Iterable[NewPerson]) -> dict[str, str]:
        """Find or add persons: dict[number, person id] for all of them.

        Ids are random, so the caller commits before it tells anyone: they are remembered only once seen committed.
        """
        wanted = {person.ssin: person for person in people}
        known = await self.find(connection, wanted)
        new = [person for ssin, person in wanted.items() if ssin not in known]
        if not new:
            return known
        await self._add(connection, new)
        return known | await self._look_up(connection, [person.ssin for person in new])

    async def resolve(
        self, connection: asyncpg.Connection, ssins: Collection[str], new: Collection[str], *, remembered: bool = False
    ) -> dict[str, str]:
        """Find the persons of `ssins`, adding those of `new`: dict[number, person id].

        Of a number that is not known, a stand-in's id.

        Nobody can tell a number that is known from another by what happens here: the same statements run, and with a
        stand-in everything goes on as with somebody of whom the asker knows nothing. `remembered`: for the chunks of a
        file, which nobody watches, what was found before is not looked up again.
        """
        if remembered:
            found = await self.find(connection, set(ssins) - set(new))
            if new:
                found |= await self.ensure(connection, map(NewPerson, new))
        else:
            if new:
                await self._add(connection, [NewPerson(ssin) for ssin in new])
            found = await self._look_up(connection, ssins) if ssins else {}
        return {ssin: found.get(ssin) or self._stand_in(ssin) for ssin in ssins}

    async def _add(self, connection: asyncpg.Connection, people: Sequence[NewPerson]) -> None:
        # In one order for all: two transactions that add the same people then wait for each other, never in a circle.
        ordered = sorted(people, key=lambda person: self._cipher.look_up(person.ssin))
        ids = [new_id() for _ in ordered]
        await connection.execute(
            ADD,
            ids,
            [self._cipher.look_up(person.ssin) for person in ordered],
            [self._cipher.encrypt(person.ssin, id_) for person, id_ in zip(ordered, ids, strict=True)],
            [person.language for person in ordered],
        )

    async def _look_up(self, connection: asyncpg.Connection, ssins: Collection[str]) -> dict[str, str]:
        by_hash = {self._cipher.look_up(ssin): ssin for ssin in ssins}
        return {by_hash[row["ssin_hash"]]: row["id"] for row in await connection.fetch(FIND, list(by_hash))}

    def _stand_in(self, ssin: str) -> str:
        """Derive the id of nobody, always the same one for a number."""
        return derived_id("nobody", self._cipher.look_up(ssin).hex())

    async def is_number_of(self, connection: asyncpg.Connection, ssin: str, person: str) -> bool:
        """Check whether a national number (11 digits) is this person's, by its hash: nothing is decrypted."""
        found: bytes | None = await connection.fetchval(HASH_OF, person)
        return found is not None and hmac.compare_digest(found, self._cipher.look_up(ssin))

    async def ssins(self, connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, str]:
        """Decrypt the national numbers of these people: dict[person id, number].

        Only where a number is shown, or asked of an authentic source. A declaration about somebody who is known already
        names the id (`Declared.person`).
        """
        rows = await connection.fetch(HIDDEN, list(ids))
        return {row["id"]: self._cipher.decrypt(row["ssin_encrypted"], row["id"]) for row in rows}
