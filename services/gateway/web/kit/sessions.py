"""Sessions of people who signed in: a random cookie, of which only the hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from services.gateway.vault import visible_names

COOKIE = "fla_session"

BEGIN = """
insert into session (token_hash, person, means, csrf_token, expires_at) values ($1, $2, $3, $4, now() + $5)
"""
FIND = """
select s.person::text, s.acting_for, s.csrf_token from session s where s.token_hash = $1 and s.expires_at > now()
"""
END = "delete from session where token_hash = $1 or expires_at < now() - interval '1 day'"
ACT_FOR = "update session set acting_for = $2 where token_hash = $1"
AUDIT = "insert into audit_log (actor, party, action, subject) values ($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class Session:
    """Someone signed in. `acting_for` is the enterprise chosen last, which may be closed to them by now."""

    token: str
    person: str
    acting_for: str | None
    csrf_token: str
    name: str


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def begin(connection: asyncpg.Connection, person: str, means: str, lasts: timedelta) -> str:
    """Begin a session and return its token, for the cookie."""
    token = secrets.token_urlsafe(32)
    await connection.execute(BEGIN, _hash(token), person, means, secrets.token_urlsafe(24), lasts)
    await connection.execute(AUDIT, f"person:{person}", None, "signed in", means)
    return token


async def find(connection: asyncpg.Connection, token: str | None) -> Session | None:
    """Find the session behind a cookie, unless it expired or was ended."""
    row = await connection.fetchrow(FIND, _hash(token)) if token else None
    if row is None or token is None:
        return None
    name = await visible_names.of_oneself(connection, row["person"])
    return Session(token, row["person"], row["acting_for"], row["csrf_token"], name.full)


async def end(connection: asyncpg.Connection, session: Session) -> None:
    """End a session: the cookie opens nothing any more."""
    await connection.execute(END, _hash(session.token))
    await connection.execute(AUDIT, f"person:{session.person}", None, "signed out", None)


async def act_for(connection: asyncpg.Connection, session: Session, enterprise: str) -> None:
    """Store the enterprise chosen."""
    await connection.execute(ACT_FOR, _hash(session.token), enterprise)
