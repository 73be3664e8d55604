"""The gateway as it is wired, on a real database, in this process: only what lies behind it and its provider is played.

Nothing of how it decides who may what is replaced: sessions, rights, clients and tokens are read as in production.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from services.gateway.access.access_tokens import AccessTokens
from services.gateway.access.identity_provider import IdentityProvider
from services.gateway.access.oidc import SignIn
from services.gateway.access.oidc_settings import OidcSettings
from services.gateway.main import build
from services.gateway.questions import HttpTransport, Questions
from services.gateway.settings import GatewaySettings
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.web.kit.sessions import COOKIE
from services.gateway.wiring import Gateway
from shared.access.internal_tokens import InternalTokens
from shared.clock import brussels_today
from shared.identifiers import derived_id
from tests.support.access.behind import Behind
from tests.support.access.cast import At, Force, SessionIs, Someone
from tests.support.access.places import Place, WithPlaces, national_number
from tests.support.scripted_provider import ISSUER, ScriptedProvider
from tests.support.without_limits import WITHOUT_LIMITS

ADDRESS = "https://fla"
HOST_COOKIE = f"__Host-{COOKIE}"
"""As the session's cookie is called over https."""
INTERNAL_KEY = "k" * 40
LONG_AGO = date(2023, 1, 1)
ACTORS_FROM = 20_000
"""Serial numbers of people in front of browsers, beyond those of employees."""


@dataclass(frozen=True)
class Visit(WithPlaces):
    """A person of the cast with places of their own."""

    someone: Someone
    serial: int

    @property
    def own_claim(self) -> str:
        """A claim of the visitor's that waits."""
        return derived_id("own claim", self.serial)

    @property
    def granted_claim(self) -> str:
        """A claim of somebody else's at the target that was granted."""
        return derived_id("granted claim", self.serial)

    @property
    def person(self) -> str:
        return derived_id("visitor", self.serial)

    @property
    def actor(self) -> str:
        return f"person:{self.person}"

    @property
    def token(self) -> str:
        return f"token-of-{self.serial}"

    @property
    def csrf(self) -> str:
        return f"csrf-of-{self.serial}"

    @property
    def cookies(self) -> dict[str, str]:
        shown = {SessionIs.NONE: None, SessionIs.TAMPERED: f"{self.token}x"}.get(self.someone.session, self.token)
        return {} if shown is None else {HOST_COOKIE: shown}


@dataclass
class World:
    """A gateway, what it asked, and its database."""

    app: FastAPI
    behind: Behind
    provider: ScriptedProvider
    database: asyncpg.Connection
    cipher: Cipher
    today: date

    @property
    def gateway(self) -> Gateway:
        gateway: Gateway = self.app.state.gateway
        return gateway

    def browser(self, visit: Visit | None = None) -> httpx.AsyncClient:
        """A browser of its own, with the visitor's session."""
        return self.client(cookies=visit.cookies if visit else {})

    def client(self, **options: Any) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url=ADDRESS, **options)

    def access_token(self, client_id: str, scopes: Iterable[str], **claims: Any) -> str:
        """A token as the identity provider gives it."""
        now = int(datetime.now(UTC).timestamp())
        told = {"iss": ISSUER, "aud": "fla-api", "sub": client_id, "client_id": client_id, "scope": " ".join(scopes),
                "iat": now, "exp": now + 3600}  # fmt: skip
        return self.provider.signed(told | claims, typ="at+jwt")

    async def submitted_by(self, actor: str) -> list[tuple[str, str]]:
        """Channel and sender of what this actor submitted, files included, oldest first."""
        found = await self.database.fetch(
            "select channel, sender from submission where actor = $1 order by received_at, id", actor
        )
        return [(row["channel"], row["sender"]) for row in found]

    async def add_places(self, places: Sequence[Place], *, registered: bool = True) -> None:
        """Enterprises with an employee, and files they sent."""
        self.behind.add(places)
        if not registered:
            return
        await self.database.executemany(
            "insert into enterprise (number, name, registered_by) values ($1, $2, 'test')",
            [(place.number, place.name) for place in places],
        )
        await self._add_people([(place.employee, place.employee_ssin, "Jan", "Peeters") for place in places])
        await self.database.executemany(
            "insert into employment (id, version, person, enterprise, start_date) values ($1, 1, $2, $3, $4)",
            [(place.employment, place.employee, place.number, LONG_AGO) for place in places],
        )
        await self.database.executemany(
            "insert into reference_holder (subject, person, submission, line) values ($1, $2, $3, 1)",
            [(place.training, place.employee, place.registered_together) for place in places],
        )
        await self._add_files(places)

    async def _add_people(self, people: Sequence[tuple[str, str, str, str]]) -> None:
        """Id, national number and names."""
        await self.database.executemany(
            "insert into person (id, ssin_hash, ssin_encrypted, given_name, family_name) values ($1, $2, $3, $4, $5)",
            [(id_, self.cipher.look_up(n), self.cipher.encrypt(n, id_), given, last) for id_, n, given, last in people],
        )

    async def _add_files(self, places: Sequence[Place]) -> None:
        await self.database.executemany(
            "insert into submission (id, kind, channel, sender, actor, received_at, declared, refused, completed_at)"
            " values ($1, 'batch', 'batch', $2, 'client:earlier', now(), $3::int, coalesce($3::int, 0),"
            "         case when $3::int = 1 then now() end)",
            [(id_, p.number, count) for p in places for id_, count in ((p.batch, 1), (p.waiting_batch, None))],
        )
        await self.database.executemany(
            "insert into submission_item (submission, line, status, anomalies) values ($1, 1, 'refused', '[]')",
            [(place.batch,) for place in places],
        )
        await self.database.executemany(
            "insert into batch (submission, sender, mode, file_name, file_hash, size, language, state, checkpoint,"
            " acknowledged_at, finished_at)"
            " values ($1, $2, 'R', 'file.xml', $3, 10, 'nl', $4, $5, case when $5 = 1 then now() end,"
            "         case when $5 = 1 then now() end)",
            [
                (id_, p.number, hashlib.sha256(id_.encode()).digest(), state, done)
                for p in places
                for id_, state, done in ((p.batch, "completed", 1), (p.waiting_batch, "waiting", 0))
            ],
        )

    async def add_visits(self, visits: Sequence[Visit]) -> None:
        """The visitors with their places, rights, mandates and sessions."""
        await self.add_places([place for visit in visits for place in visit.places.values()])
        await self.add_places([visit.unregistered for visit in visits], registered=False)
        await self._add_people([(v.person, national_number(ACTORS_FROM + v.serial), "Els", "Claes") for v in visits])
        await self.database.executemany(
            "insert into access_right (id, person, role, enterprise, granted_by, valid_from, valid_until, withdrawn_at)"
            " values ($1, $2, $3, $4, 'test', $5, $6, case when $7 then now() - interval '1 second' end)",
            [
                (
                    derived_id("right", visit.serial, n),
                    visit.person,
                    right.role.value,
                    None if right.at is At.NOBODY else visit.places[right.at].number,
                    *right.force.period(self.today),
                    right.force is Force.WITHDRAWN,
                )
                for visit in visits
                for n, right in enumerate(visit.someone.rights)
            ],
        )
        for visit in visits:
            places = visit.places
            await self.add_mandates(places[At.TARGET], places[At.MANDATARY], visit.someone.mandates)
        await self._add_claims(visits)
        await self._add_sessions(visits)

    async def _add_claims(self, visits: Sequence[Visit]) -> None:
        claims = [(v.own_claim, v.unregistered.number, v.person, "pending") for v in visits]
        claims += [(v.granted_claim, v.target.number, v.target.employee, "granted") for v in visits]
        await self.database.executemany(
            "insert into representation_claim (id, enterprise, person, name, fields, state, evidence)"
            " values ($1, $2, $3, 'E', '{}', $4, '{}')",
            claims,
        )

    async def add_mandates(self, of: Place, to: Place, forces: Sequence[Force]) -> None:
        """Mandates of an enterprise to another, one per force."""
        await self.database.executemany(
            "insert into mandate (enterprise, mandatary, valid_from, valid_until, confirmed_at, withdrawn_at)"
            " values ($1, $2, $3, $4, case when $5 then now() end, case when $6 then now() end)",
            [
                (
                    of.number,
                    to.number,
                    force.period(self.today)[0] or LONG_AGO + timedelta(days=n),
                    force.period(self.today)[1],
                    force is not Force.UNCONFIRMED,
                    force is Force.WITHDRAWN,
                )
                for n, force in enumerate(forces)
            ],
        )

    async def _add_sessions(self, visits: Sequence[Visit]) -> None:
        hour = timedelta(hours=1)
        now = datetime.now(UTC)
        await self.database.executemany(
            "insert into session (token_hash, person, acting_for, means, csrf_token, expires_at)"
            " values ($1, $2, $3, 'eid', $4, $5)",
            [
                (
                    hashlib.sha256(visit.token.encode()).digest(),
                    visit.person,
                    visit.target.number,
                    visit.csrf,
                    now - hour if visit.someone.session is SessionIs.EXPIRED else now + hour,
                )
                for visit in visits
                if visit.someone.session is not SessionIs.ENDED
            ],
        )


@asynccontextmanager
async def gateway_on(url: str, folder: Path) -> AsyncIterator[World]:
    """The gateway on this migrated database, with nobody in it yet. No consumer runs: nothing is ever decided."""
    vault_key = base64.b64encode(b"v" * 32).decode()
    secrets: dict[str, Any] = {"gateway_database_url": url, "vault_key": vault_key, "internal_key": INTERNAL_KEY}
    settings = GatewaySettings(_env_file=None, **WITHOUT_LIMITS, public_url=ADDRESS, batch_dir=folder,
                               kafka_bootstrap="127.0.0.1:1", **secrets)  # fmt: skip
    app = build(settings)
    # What the played services tell is not the product's: only heads are held against the description.
    app.state.behind_is_played = True
    behind, provider = Behind(InternalTokens(INTERNAL_KEY), ()), ScriptedProvider()
    oidc = OidcSettings(_env_file=None, oidc_issuer=ISSUER)
    identity = IdentityProvider(ISSUER, provider.client())
    built: Gateway = app.state.gateway
    addresses = {name: f"http://{name}" for name in ("gateway", "registration", "entitlements", "dashboard")}
    transport = HttpTransport(addresses, InternalTokens(INTERNAL_KEY))
    transport._http = transport._streams = httpx.AsyncClient(transport=behind.transport())
    app.state.gateway = replace(
        built,
        questions=Questions(transport),
        tokens=AccessTokens(identity, oidc),
        sign_in=SignIn(oidc, identity, provider.client()),
    )
    writing = asyncio.create_task(built.writer.run())
    database = await asyncpg.connect(url)
    try:
        yield World(app, behind, provider, database, Cipher(vault_key), brussels_today())
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await database.close()
        await transport.close()
        await built.questions.close()
        await built.engine.dispose()
