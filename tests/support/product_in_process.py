"""The four services on real databases in one process: Kafka and the network are left out, everything else is real.

What a service sends is handled at once by whoever reacts to it. The gateway asks the others over HTTP as ever, only
that no socket is in between. Software calls with its own name as its token, people sign in with what the identity
provider would say of them.
"""

import asyncio
import base64
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dashboard import main as dashboard_main
from services.dashboard.projections import HANDLERS as DASHBOARD
from services.dashboard.settings import DashboardSettings
from services.entitlements import main as entitlements_main
from services.entitlements.handlers import handlers as entitlements_handlers
from services.entitlements.settings import EntitlementsSettings
from services.gateway import main as gateway_main
from services.gateway.access.access_tokens import ClientToken
from services.gateway.access.identity import Identity, Means
from services.gateway.access.oidc import Transaction
from services.gateway.batch.channel import BatchChannel, BatchSettings, Upload
from services.gateway.batch.state import Mode
from services.gateway.batch.work.simulate import DecidingServices
from services.gateway.handlers import HANDLERS as GATEWAY
from services.gateway.intake.prepare import Intake
from services.gateway.intake.submission_writer import SubmissionWriter
from services.gateway.questions import HttpTransport, Questions
from services.gateway.settings import GatewaySettings
from services.gateway.vault.persons import NewPerson
from services.registration import main as registration_main
from services.registration.handlers import HANDLERS as REGISTRATION
from services.registration.settings import RegistrationSettings
from shared.access.internal_tokens import InternalTokens
from shared.database.engine import create_engine, driver, transaction
from shared.i18n import Language
from shared.identifiers import new_id
from shared.messaging.decoding import decode
from shared.messaging.records import Handlers, Outgoing, Record, Work
from tests.support.migrated import migrated
from tests.support.without_limits import WITHOUT_LIMITS

KEY = "a key that only this test run knows, long enough"
SERVICES = ("gateway", "registration", "entitlements", "dashboard")
OF = ("trainings", "employments", "entitlements", "enterprises")
SCOPES = [f"scope:fla:{of}:{do}" for of in OF for do in ("read", "write")]


class InProcessTransport(HttpTransport):
    """The way of questions straight to the services' apps."""

    def __init__(self, apps: dict[str, FastAPI]) -> None:
        super().__init__({name: f"http://{name}" for name in apps}, InternalTokens(KEY))
        mounts = {f"http://{name}": httpx.ASGITransport(app) for name, app in apps.items()}
        self._http = httpx.AsyncClient(mounts=mounts)


class _Tokens:
    """The client's name is its token."""

    async def verify_header(self, header: str | None) -> ClientToken:
        assert header is not None
        return ClientToken(header.removeprefix("Bearer "), frozenset(SCOPES), 2**40)


@dataclass
class _IdentityProvider:
    """Says of whoever comes back what it was told to say."""

    says: Identity | None = None

    async def begin(self, locale: str, means: Means | None = None) -> tuple[str, Transaction]:
        return "http://provider", Transaction("state", "nonce", "verifier", locale, 0)

    async def complete(self, *_: Any) -> Identity:
        assert self.says is not None
        return self.says


@dataclass
class Pump:
    """Kafka's place: hands every event to all who react to it. While `held` is true nothing is handed on."""

    engines: dict[str, AsyncEngine]
    reacting: dict[str, Handlers]
    waiting: deque[Sequence[Outgoing]] = field(default_factory=deque)
    sent: list[Outgoing] = field(default_factory=list)
    held: bool = False
    busy: bool = False
    _offset: int = 0

    @property
    def idle(self) -> bool:
        """Everything that was sent is handled, and what came of it."""
        return not self.waiting and not self.busy

    def offer(self, _row: int, events: Sequence[Outgoing]) -> None:
        """As the relay takes a committed row."""
        self.waiting.append(events)

    async def send(self, events: Sequence[Outgoing]) -> None:
        """As the producer sends a file's chunk."""
        self.waiting.append(events)

    async def run(self) -> None:
        """Hand on until cancelled."""
        while True:
            if not self.held:
                await self.hand_on()
            await asyncio.sleep(0.005)

    async def hand_on(self) -> None:
        """Everything that waits, and what comes of it."""
        while self.waiting:
            self.busy = True
            events = self.waiting.popleft()
            self.sent += events
            for service, handlers in self.reacting.items():
                for topic, handler in handlers.items():
                    own = [one for one in events if one.topic == topic]
                    if own:
                        await self._handle(service, topic, handler, own)
        self.busy = False

    async def _handle(self, service: str, topic: str, handler: Any, events: Sequence[Outgoing]) -> None:
        records = [Record(topic, 0, self._offset + n, one.key, one.value, 0) for n, one in enumerate(events)]
        self._offset += len(records)
        good, bad = decode(topic, records, handler)
        assert not bad, bad
        async with transaction(self.engines[service]) as connection:
            work = Work(driver(connection), datetime.now(UTC))
            await handler(work, [read for _, read in good])
        if work.outgoing:
            self.waiting.append(work.outgoing)


@dataclass
class Product:
    """What a test does with it."""

    apps: dict[str, FastAPI]
    engines: dict[str, AsyncEngine]
    pump: Pump
    provider: _IdentityProvider
    files: BatchChannel

    @property
    def gateway(self) -> Any:
        return self.apps["gateway"].state.gateway

    def software(self, client: str) -> httpx.AsyncClient:
        """The API as a client sees it; it waits for each outcome."""
        headers = {"Authorization": f"Bearer {client}", "Prefer": "wait=20", "Accept-Language": "en"}
        transport = httpx.ASGITransport(self.apps["gateway"])
        return httpx.AsyncClient(transport=transport, base_url="http://fla/api/v1", headers=headers)

    async def browser(self, ssin: str, given: str, family: str) -> "Browser":
        """Someone in front of the pages, signed in."""
        self.provider.says = Identity("subject", ssin, given, family, Means.EID, "en")
        transport = httpx.ASGITransport(self.apps["gateway"])
        http = httpx.AsyncClient(transport=transport, base_url="http://fla", headers={"Accept-Language": "en"})
        await http.get("/sign-in/start")
        answer = await http.get("/sign-in/callback?code=c&state=state")
        assert answer.headers["location"] == "/start"
        return Browser(http)

    async def has_enterprise(self, number: str, client: str | None = None) -> None:
        """An enterprise, and software of its own."""
        await self.execute(
            "insert into enterprise (number, name, registered_by) values ($1, $1, 'test') on conflict do nothing",
            number,
        )
        if client:
            await self.execute(
                "insert into api_client (client_id, organisation, name, scopes) values ($1, $2, $1, $3)",
                client, number, SCOPES,
            )  # fmt: skip

    async def has_writer(self, ssin: str, enterprise: str) -> None:
        """Someone who may register for the enterprise."""
        async with transaction(self.engines["gateway"]) as connection:
            raw = driver(connection)
            person = (await self.gateway.persons.ensure(raw, [NewPerson(ssin)]))[ssin]
            await raw.execute(
                "insert into access_right (id, person, role, enterprise, granted_by) "
                "values ($1, $2, 'employerWrite', $3, 'test')",
                new_id(), person, enterprise,
            )  # fmt: skip

    async def execute(self, statement: str, *arguments: Any, service: str = "gateway") -> None:
        async with transaction(self.engines[service]) as connection:
            await driver(connection).execute(statement, *arguments)

    async def fetch(self, statement: str, *arguments: Any, service: str = "gateway") -> list[Any]:
        async with transaction(self.engines[service]) as connection:
            return list(await driver(connection).fetch(statement, *arguments))

    async def sends_file(self, content: bytes, sender: str, mode: Mode = Mode.PRODUCTION) -> str:
        """A file and its whole way; gives the batch's id."""

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        batch, _ = await self.files.submit(
            pieces(), Upload(sender, "client:test", mode, Language.ENGLISH, "a.xml", None)
        )
        async with asyncio.timeout(60):
            while True:
                found = await self.files.find(batch.id, sender)
                assert found is not None
                if found.state.is_final:
                    return batch.id
                await asyncio.sleep(0.02)


@dataclass
class Browser:
    """Pages, as someone who signed in sees them."""

    http: httpx.AsyncClient

    async def text(self, address: str) -> str:
        answer = await self.http.get(address, follow_redirects=True)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
        return answer.text

    async def fields(self, address: str) -> dict[str, str]:
        """What a form sends when nothing is touched."""
        page = await self.text(address)
        form = page[page.index('<form method="post"') :] if '<form method="post"' in page else page
        found = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
        return {name: unescape(value) for name, value in found.items() if name not in ("employees", "action")}

    async def posts(self, address: str, changes: dict[str, Any], form: str | None = None) -> httpx.Response:
        """The form at this address with these changes; gives the answer itself, not where it leads."""
        fields = await self.fields(form or address)
        return await self.http.post(address, data=fields | changes)


@asynccontextmanager
async def product(new_database: Callable[[], str], folder: Path) -> AsyncIterator[Product]:
    """All services, until the block ends."""
    urls = {name: await migrated(name, new_database()) for name in SERVICES}
    common: dict[str, Any] = {"_env_file": None, "internal_key": KEY, "kafka_bootstrap": "127.0.0.1:1"}
    apps = {
        "registration": registration_main.create(
            RegistrationSettings(**common, registration_database_url=urls["registration"])
        ),
        "entitlements": entitlements_main.create(
            EntitlementsSettings(**common, entitlements_database_url=urls["entitlements"])
        ),
        "dashboard": dashboard_main.create(DashboardSettings(**common, dashboard_database_url=urls["dashboard"])),
        "gateway": gateway_main.build(
            GatewaySettings(
                **common,
                gateway_database_url=urls["gateway"],
                vault_key=base64.b64encode(b"k" * 32).decode(),
                public_url="http://fla",
                batch_dir=folder / "batches",
                **WITHOUT_LIMITS,
            )
        ),
    }
    engines = {name: create_engine(urls[name], 4) for name in ("registration", "entitlements", "dashboard")}
    built = apps["gateway"].state.gateway
    engines["gateway"] = built.engine
    reacting = {
        "registration": REGISTRATION,
        "entitlements": entitlements_handlers(apps["entitlements"].state.rules),
        "dashboard": DASHBOARD,
        "gateway": GATEWAY,
    }
    pump, provider = Pump(engines, reacting), _IdentityProvider()
    intake = Intake(built.persons, "refuse")
    writer = SubmissionWriter(built.engine, pump, intake)  # type: ignore[arg-type]
    asking = Questions(InProcessTransport(apps))
    files = BatchChannel(
        built.engine,
        pump,  # type: ignore[arg-type]
        intake,
        DecidingServices(asking),
        BatchSettings(folder=folder / "batches", most_bytes=10_000_000, chunk_size=50, keep=timedelta(days=1)),
    )
    apps["gateway"].state.gateway = replace(
        built, writer=writer, questions=asking, tokens=_Tokens(), sign_in=provider, batches=files
    )
    tasks = [asyncio.create_task(work) for work in (writer.run(), pump.run(), files.run())]
    try:
        yield Product(apps, engines, pump, provider, files)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for engine in (*engines.values(), apps["dashboard"].state.questions.engine):
            await engine.dispose()


class Statements:
    """What is asked of a database, in order: the texts without their arguments."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.seen: list[str] = []
        event.listen(engine.sync_engine, "checkout", self._listen)

    def _listen(self, connection: Any, _record: object, _proxy: object) -> None:
        raw = connection.driver_connection
        if self._note not in getattr(raw, "_query_loggers", ()):
            raw.add_query_logger(self._note)

    def _note(self, record: Any) -> None:
        self.seen.append(" ".join(record.query.split()))

    def take(self) -> list[str]:
        """What was asked since the last time."""
        seen, self.seen = self.seen, []
        return seen
