"""Persons in the vault: found and added in chunks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import asyncpg
from cryptography.exceptions import InvalidTag

from services.gateway.vault.cipher import Cipher
from shared.identifiers import new_id

FIND = "select id::text, ssin_hash from person where ssin_hash = any($1::bytea[])"

# Two who add the same person at once: one wins, both read the winner's id.
ADD = """
insert into person (id, ssin_hash, ssin_encrypted, given_name, family_name, language)
select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::text[], $6::text[])
on conflict (ssin_hash) do nothing
"""

NAMES = "select id::text, given_name, family_name from person where id = any($1::uuid[])"
COMPLETE = """
update person p set given_name = n.given_name, family_name = n.family_name
from unnest($1::uuid[], $2::text[], $3::text[]) as n(id, given_name, family_name)
where p.id = n.id and p.family_name is null
"""
ANY_HIDDEN = "select id::text, ssin_encrypted from person limit 1"
HIDDEN = "select id::text, ssin_encrypted from person where id = any($1::uuid[])"

_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Someone who may not be known yet. Names are what the declaration says, if anything."""

    ssin: str
    given_name: str | None = None
    family_name: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as first registered; the parts may be unknown."""

    given: str | None
    family: str | None

    @property
    def full(self) -> str:
        """`Given Family`, or a dash for someone without a known name."""
        return " ".join(part for part in (self.given, self.family) if part) or "—"


class WrongVaultKeyError(Exception):
    """The vault holds persons that this key does not open: with it, everybody would be registered a second time."""


class Persons:
    """The vault's persons. Ids never change, so they are remembered: number hash -> id."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher
        self._ids: dict[bytes, str] = {}

    async def check_key(self, connection: asyncpg.Connection) -> None:
        """Raises WrongVaultKeyError when the key is not the one that the vault was made with. An empty vault is open to
        any key.
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
        """The keyed hash that stands for this number where the number itself must not be: 32 bytes."""
        return self._cipher.look_up(ssin)

    async def find(self, connection: asyncpg.Connection, ssins: Collection[str]) -> dict[str, str]:
        """Number -> id, for those that are known."""
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
        """Number -> id for all of them, adding who is new.

        Ids are random, so the caller commits before it tells anyone: they are remembered only once seen committed.
        """
        wanted = {person.ssin: person for person in people}
        known = await self.find(connection, wanted)
        # In one order for all: two transactions that add the same people then wait for each other, never in a circle.
        new = sorted(
            (person for ssin, person in wanted.items() if ssin not in known), key=lambda p: self._cipher.look_up(p.ssin)
        )
        if not new:
            return known
        ids = [new_id() for _ in new]
        hashes = [self._cipher.look_up(person.ssin) for person in new]
        await connection.execute(
            ADD,
            ids,
            hashes,
            [self._cipher.encrypt(person.ssin, id_) for person, id_ in zip(new, ids, strict=True)],
            [person.given_name for person in new],
            [person.family_name for person in new],
            [person.language for person in new],
        )
        added = {row["ssin_hash"]: row["id"] for row in await connection.fetch(FIND, hashes)}
        return known | {person.ssin: added[hashed] for person, hashed in zip(new, hashes, strict=True)}

    async def complete(
        self, connection: asyncpg.Connection, names: Mapping[str, tuple[str | None, str | None]]
    ) -> None:
        """Give names to persons who have none yet: the first registration decides."""
        ids = sorted(names)
        await connection.execute(COMPLETE, ids, [names[i][0] for i in ids], [names[i][1] for i in ids])

    async def names(self, connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, Name]:
        """Id -> name."""
        rows = await connection.fetch(NAMES, list(ids))
        return {row["id"]: Name(row["given_name"], row["family_name"]) for row in rows}

    async def ssins(self, connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, str]:
        """Id -> national number: only for pages and exports that must show it."""
        rows = await connection.fetch(HIDDEN, list(ids))
        return {row["id"]: self._cipher.decrypt(row["ssin_encrypted"], row["id"]) for row in rows}
