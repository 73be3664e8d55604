"""A real browser on the preview of the pages: every template with sample content, served as the gateway serves it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.pages.__main__ import create_app

CHROMIUM = os.environ.get("FLA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go last: while Playwright's own event loop runs in this thread, no asynchronous test can."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


@pytest.fixture(scope="session")
def preview() -> Iterator[str]:
    """The address of the preview. Changes come every half a second, so that no test waits long for one."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(seconds_between_changes=0.5)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the preview did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine: Playwright's own download is not available everywhere."""
    assert CHROMIUM, "no Chromium found: apt-get install chromium, or name it in FLA_CHROMIUM"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@dataclass
class Visit:
    """A page that was opened and all the browser complained about since."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, preview: str) -> Iterator[Callable[..., Visit]]:
    """Opens an address in a browser context of its own: `visit("/preview/me", width=390, color_scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_page(address: str, width: int = 1280, **options: object) -> Visit:
        settings: dict[str, object] = {"reduced_motion": "reduce", "viewport": {"width": width, "height": 900}}
        context = browser.new_context(base_url=preview, **{**settings, **options})  # type: ignore[arg-type]
        contexts.append(context)
        seen = Visit(context.new_page())
        seen.page.on(
            "console", lambda said: seen.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("requestfailed", lambda request: seen.complaints.append(f"{request.url}: {request.failure}"))
        response = seen.page.goto(address)
        assert response is not None
        assert response.ok
        return seen

    yield open_page
    for context in contexts:
        context.close()
