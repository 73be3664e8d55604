"""The demo identity provider in a real browser: everyone can use its page, and its form leads back to the gateway."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe

from deploy.identity_provider.app import create_app
from deploy.identity_provider.provider import DemoIdentityProvider
from tests.browser.conftest import Visit
from tests.support.demo_identity_provider import CHALLENGE, settings_in

OPTIONS = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture(scope="module")
def authorize(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address to which a gateway sends its browsers."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # The provider stands in for the gateway too: where the browser lands afterwards is all that counts here.
    here = f"http://127.0.0.1:{port}"
    settings = settings_in(
        tmp_path_factory.mktemp("identity"), port_offset=port - 8090, public_url=here, oidc_issuer=""
    )
    app = create_app(DemoIdentityProvider.from_settings(settings), home="/")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "the demo identity provider did not start"
        time.sleep(0.05)
    request = {
        "response_type": "code",
        "client_id": "fla-web",
        "redirect_uri": settings.redirect_uris[0],
        "scope": "openid profile egovnrn",
        "state": "the-state",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    yield f"{settings.issuer}/authorize?{urlencode(request)}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_sign_in_page_is_accessible(visit: Callable[..., Visit], authorize: str, language: str, width: int) -> None:
    """In every language, on a desk and on a small phone; the browser has no complaint."""
    visited = visit(f"{authorize}&ui_locales={language}", width=width)
    found: dict[str, Any] = Axe().run(visited.page, options=OPTIONS).response
    assert [(violation["id"], node["target"]) for violation in found["violations"] for node in violation["nodes"]] == []
    assert visited.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    assert visited.complaints == []


def test_someone_signs_in_with_the_keyboard_alone(visit: Callable[..., Visit], authorize: str) -> None:
    """Choose itsme with the arrow key, a person with Enter, and be back at the gateway with a code."""
    page = visit(authorize).page
    page.locator("input[value=eid]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("input[value=itsme]").is_checked()
    page.locator("button[value=sofie]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/callback*")
    answer = parse_qs(urlsplit(page.url).query)
    assert answer["state"] == ["the-state"]
    assert len(answer["code"][0]) > 30


def test_the_language_switch_works(visit: Callable[..., Visit], authorize: str) -> None:
    """And stays on the same sign-in."""
    page = visit(f"{authorize}&ui_locales=en").page
    page.get_by_role("link", name="Deutsch").click()
    page.wait_for_url("**ui_locales=de*")
    assert page.locator("h1").inner_text() == "Wer möchten Sie sein?"
    assert "state=the-state" in page.url


def test_the_warning_is_in_sight(visit: Callable[..., Visit], authorize: str) -> None:
    """Nobody has to scroll to learn that this is a demonstration."""
    for width, height in ((1280, 720), (390, 700)):
        page = visit(f"{authorize}&ui_locales=nl", width=width).page
        page.set_viewport_size({"width": width, "height": height})
        box = page.locator(".warning").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < height / 2
