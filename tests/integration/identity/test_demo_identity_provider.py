"""If these fail, nobody can sign in to a fresh `make up`, by page or by software.

The demo identity provider as its own process, the gateway's real code on the other side.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from cli.main import app as command
from cli.token import TokenRefusedError, TokenSettings, access_token
from services.gateway.access.access_tokens import AccessTokens
from services.gateway.access.identity import Means
from services.gateway.access.identity_provider import IdentityProvider
from services.gateway.access.oidc import SignIn
from services.gateway.access.oidc_settings import OidcSettings
from tests.support.demo_identity_provider import settings_in

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class RunningDemo:
    """Where it answers and keeps its state."""

    issuer: str
    offset: int
    state: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"FLA_PORT_OFFSET": str(self.offset), "FLA_STATE_DIR": str(self.state), "FLA_OIDC_ISSUER": ""}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    state = tmp_path_factory.mktemp("identity")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        offset = probe.getsockname()[1] - 8090
    running = RunningDemo(settings_in(state, port_offset=offset).issuer, offset, state)
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.identity_provider.main"], cwd=ROOT, env=os.environ | running.environment
    )
    try:
        _wait_until_up(running.issuer, process)
        yield running
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_up(issuer: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo identity provider ended"
        try:
            httpx.get(f"{issuer}/health").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError("the demo identity provider did not come up")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_choosing_a_person_signs_in(demo: RunningDemo, http: httpx.AsyncClient) -> None:
    """From the gateway's address to the page, the button, and back to an identity."""
    settings = OidcSettings(_env_file=None, oidc_issuer=demo.issuer, port_offset=demo.offset)
    sign_in = SignIn(settings, IdentityProvider(settings.issuer, http), http)
    url, transaction = await sign_in.begin("de")
    page = await http.get(url)
    assert "Wer möchten Sie sein?" in page.text
    keys = re.findall(r'name="person" value="(\w+)"', page.text)
    assert "mateusz" in keys
    answer = await http.post(url, data={"person": "mateusz", "means": "itsme"})
    given = httpx.URL(answer.headers["location"]).params
    identity = await sign_in.complete(given["code"], given["state"], transaction, given["iss"])
    assert (identity.given_name, identity.means, identity.locale) == ("Mateusz", Means.ITSME, "fr")
    leaving = await http.get(await sign_in.end_session_url("de") or "")
    assert leaving.headers["location"] == settings.post_logout_redirect_uri


async def test_software_gets_a_token_that_the_api_accepts(demo: RunningDemo, http: httpx.AsyncClient) -> None:
    """`access_token` is what `fla submit` and the demo loader use."""
    settings = TokenSettings(_env_file=None, state_dir=demo.state, oidc_issuer=demo.issuer)
    token = access_token("wegwijs-payroll", settings=settings)
    oidc = OidcSettings(_env_file=None, oidc_issuer=demo.issuer)
    known = await AccessTokens(IdentityProvider(demo.issuer, http), oidc).verify(token)
    assert known.client_id == "wegwijs-payroll"
    assert "scope:fla:trainings:write" in known.scopes


def test_a_token_is_kept_until_a_minute_before_its_end(demo: RunningDemo) -> None:
    """Each command would otherwise ask for a new one; nobody else may read the kept one."""
    settings = TokenSettings(_env_file=None, state_dir=demo.state, oidc_issuer=demo.issuer)
    now = time.time()
    first = access_token("noordzee-hr", settings=settings, clock=lambda: now)
    assert access_token("noordzee-hr", settings=settings, clock=lambda: now + 500) == first
    assert access_token("noordzee-hr", settings=settings, scopes=("scope:fla:trainings:read",)) != first
    kept = list((demo.state / "tokens").iterdir())
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    for path in kept:
        path.write_text(path.read_text().replace('"expires": 1', '"expires": 0.1'))
    assert access_token("noordzee-hr", settings=settings) != first


def test_the_command_prints_a_token_or_one_clear_sentence(
    demo: RunningDemo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """For a person at a terminal and for a script."""
    for name, value in demo.environment.items():
        monkeypatch.setenv(name, value)
    printed = CliRunner().invoke(command, ["token", "--client", "noordzee-hr"])
    assert printed.exit_code == 0
    assert printed.stdout.strip().count(".") == 2
    unknown = CliRunner().invoke(command, ["token", "--client", "nobody"])
    assert unknown.exit_code == 1
    assert "noordzee-hr" in unknown.stderr
    refused = CliRunner().invoke(
        command, ["token", "--client", "noordzee-reporting", "--scope", "scope:fla:trainings:write"]
    )
    assert refused.exit_code == 1
    assert "scope:fla:trainings:write" in refused.stderr
    monkeypatch.setenv("FLA_STATE_DIR", str(tmp_path))
    fresh = CliRunner().invoke(command, ["token", "--client", "noordzee-hr"])
    assert "make up" in fresh.stderr


def test_a_provider_that_is_away_is_told(demo: RunningDemo) -> None:
    """And what to do about it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{probe.getsockname()[1]}"
    settings = TokenSettings(_env_file=None, state_dir=demo.state, oidc_issuer=away)
    with pytest.raises(TokenRefusedError, match="make status"):
        access_token("noordzee-hr", settings=settings)


def test_it_does_not_start_where_others_could_reach_it(tmp_path: Path) -> None:
    """The process itself refuses, whatever started it."""
    for name, value in (("FLA_IDENTITY_PROVIDER_HOST", "0.0.0.0"), ("FLA_OIDC_ISSUER", "https://idp.example")):
        outcome = subprocess.run(
            [sys.executable, "-m", "deploy.identity_provider.main"],
            cwd=ROOT,
            env=os.environ | {"FLA_STATE_DIR": str(tmp_path), name: value},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert outcome.returncode == 2
        assert "loopback only" in outcome.stderr
        assert "Traceback" not in outcome.stderr
