"""Create databases and roles: each service owns one database, and nobody else may even connect to it."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.setup.service_names import DATABASES, SERVICES

# Names and passwords are quoted by the server itself: data definition takes no parameters.
_CREATE_ROLE = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"
_SET_PASSWORD = "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)"  # noqa: S105 - a statement
_CREATE_READER = "SELECT format('CREATE ROLE %I NOLOGIN', $1::text)"
_GRANT = "SELECT format('GRANT %I TO %I', $1::text, $2::text)"
_CREATE_DATABASE = "SELECT format('CREATE DATABASE %I OWNER %I', $1::text, $1::text)"
_CLOSE_DATABASE = "SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $1::text)"
_ROLES = "SELECT rolname FROM pg_roles WHERE rolname = ANY($1::text[])"
_DATABASES = "SELECT datname FROM pg_database WHERE datname = ANY($1::text[])"
# Raised when two starts make the same at once: the other one was faster.
_ALREADY_THERE = (asyncpg.DuplicateObjectError, asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError)


def reader_of(database: str) -> str:
    """Name the role without login on which row-level security acts; the owner switches to it for questions."""
    return f"{database}_reader"


def owner_url(administrator_url: str, database: str, password: str) -> str:
    """Build the URL with another role, password and database in it. The role is named as its database."""
    parts = urlsplit(administrator_url)
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{database}:{quote(password, safe='')}@{server}", path=f"/{database}"))


def owner_urls(administrator_url: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Build each service's own URL, by service. `passwords` by database name."""
    return {
        service: owner_url(administrator_url, database, passwords[database])
        for service, database in zip(SERVICES, DATABASES, strict=True)
    }


async def create_databases(administrator_url: str, passwords: Mapping[str, str]) -> None:
    """Create what is missing and set the owners' passwords. `passwords` by database name. Safe to repeat.

    Each database gets an owner of its own name, and a role without login for reading that its owner may become.
    """
    connection = await asyncpg.connect(administrator_url, timeout=10)
    try:
        readers = [reader_of(database) for database in passwords]
        roles = {row["rolname"] for row in await connection.fetch(_ROLES, [*passwords, *readers])}
        there = {row["datname"] for row in await connection.fetch(_DATABASES, list(passwords))}
        for database, password in passwords.items():
            await _create_roles(connection, database, password, roles)
        for database in passwords:
            if database not in there:
                await _execute(connection, _CREATE_DATABASE, database)
                await _execute(connection, _CLOSE_DATABASE, database)
    finally:
        await connection.close()


async def _create_roles(
    connection: "asyncpg.Connection[asyncpg.Record]", database: str, password: str, roles: set[str]
) -> None:
    reader = reader_of(database)
    if database not in roles:
        await _execute(connection, _CREATE_ROLE, database, password)
    else:
        await _execute(connection, _SET_PASSWORD, database, password)
    if reader not in roles:
        await _execute(connection, _CREATE_READER, reader)
    await _execute(connection, _GRANT, reader, database)
    if not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        # A role that is no superuser may give a database only to a role that it is a member of.
        await _execute(connection, _GRANT, database, await connection.fetchval("SELECT current_user"))


async def _execute(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *names: str) -> None:
    try:
        await connection.execute(await connection.fetchval(statement, *names))
    except _ALREADY_THERE:
        return
