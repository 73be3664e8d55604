"""If these failed, an open dashboard would not move when a registration arrives, or show what it should not."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import uvicorn

from services.dashboard.live.announce import tail
from services.dashboard.live.hub import Hub, Watch
from services.dashboard.live.listener import APPLICATION_NAME, Listener
from services.dashboard.main import create
from services.dashboard.projections import HANDLERS
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import Scope
from shared.contracts import trainings
from shared.database.engine import driver, transaction
from shared.messaging.records import Work
from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import KEY, Dashboard, citizen, employer, settings_for
from tests.support.reading import as_read

US, THEM = "0200000037", "0200000136"
ANNA = examples.identifier("anna")


async def heard(watch: Watch, seconds: float = 5) -> bool:
    """Whether the bell rings in time."""
    try:
        async with asyncio.timeout(seconds):
            await watch.wait()
    except TimeoutError:
        return False
    return True


@pytest.fixture
async def hub(dashboard: Dashboard) -> AsyncIterator[Hub]:
    """What one replica hears; whatever was missed before is behind it."""
    hub = Hub()
    listening = asyncio.create_task(Listener(dashboard.url, hub).run())
    with hub.watching("start") as watch:
        assert await heard(watch)
    hub._deaf_until = 0.0
    yield hub
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening


async def test_every_replica_hears_whom_a_batch_touched_once_it_is_committed(dashboard: Dashboard, hub: Hub) -> None:
    with hub.watching(US) as employers, hub.watching(tail(ANNA)) as annas, hub.watching(THEM) as others:
        await dashboard.project([examples.training("one", ANNA, enterprise=US)])

        assert await heard(employers)
        assert await heard(annas)
        assert not await heard(others, 0.3)


async def test_a_batch_that_fails_is_not_announced(dashboard: Dashboard, hub: Hub) -> None:
    with hub.watching(US) as watch:
        with suppress(ZeroDivisionError):
            async with transaction(dashboard.engine) as connection:
                work = Work(driver(connection), a_moment())
                never = as_read(HANDLERS, trainings.TOPIC, [examples.training("never", ANNA, enterprise=US)])
                await HANDLERS[trainings.TOPIC](work, never)
                raise ZeroDivisionError
        assert not await heard(watch, 0.5)


def a_moment() -> datetime:
    return datetime.fromisoformat(examples.MOMENT)


@pytest.mark.parametrize(
    "event",
    [
        examples.enterprise(US),
        examples.employment("anna", ANNA, enterprise=US),
        examples.balances("anna", ANNA, examples.year(2026, granted="5"), enterprise=US),
    ],
    ids=["enterprise", "employment", "balance"],
)
async def test_everything_that_shows_on_a_page_is_announced(
    dashboard: Dashboard, hub: Hub, event: dict[str, object]
) -> None:
    with hub.watching(US) as watch:
        await dashboard.project([event])

        assert await heard(watch)


async def test_a_lost_connection_is_made_again_and_open_pages_look_again(
    dashboard: Dashboard, hub: Hub, postgres: str
) -> None:
    with hub.watching(US) as watch:
        administrator = await asyncpg.connect(postgres)
        await administrator.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = $2",
            APPLICATION_NAME,
            urlsplit(dashboard.url).path.strip("/"),
        )
        await administrator.close()

        assert await heard(watch, 20)
        await asyncio.sleep(1)
        watch._rung.clear()
        await dashboard.project([examples.training("after", ANNA, enterprise=US)])
        assert await heard(watch)


@asynccontextmanager
async def served(url: str) -> AsyncIterator[str]:
    """The dashboard over real HTTP, its listener running, Kafka away."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create(settings_for(url, dashboard_heartbeat_seconds=1))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign,attr-defined]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await serving


@asynccontextmanager
async def stream(address: str, scope: Scope, **parameters: str) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of an open stream."""
    headers = InternalTokens(KEY).authorization(scope)
    async with (
        httpx.AsyncClient(base_url=address, headers=headers, timeout=20) as client,
        client.stream("GET", "/internal/changes", params=parameters) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield response.aiter_lines()


async def test_an_open_page_is_told_within_a_second_and_shown_that_the_stream_lives(dashboard: Dashboard) -> None:
    async with served(dashboard.url) as address:
        async with stream(address, employer(US), enterprise=US) as lines:
            async with asyncio.timeout(15):
                # What happened while nobody listened is unknown to a fresh process, so the first signal comes at once.
                assert await anext(lines) == "event: changed"
                while not (await anext(lines)).startswith(": ping"):
                    pass
            started = time.monotonic()
            await dashboard.project([examples.training("live", ANNA, enterprise=US)])
            async with asyncio.timeout(15):
                while await anext(lines) != "event: changed":
                    pass
            assert time.monotonic() - started < 1
        async with stream(address, citizen(ANNA), person=ANNA) as lines:
            await dashboard.project([examples.training("live too", ANNA, enterprise=THEM)])
            async with asyncio.timeout(15):
                while await anext(lines) != "event: changed":
                    pass


async def test_a_stream_names_an_enterprise_or_a_person(dashboard: Dashboard) -> None:
    assert (await dashboard.ask("/changes", employer(US))).status_code == 400
    assert (await dashboard.ask("/changes", employer(US), enterprise="1 or 1")).status_code == 422
