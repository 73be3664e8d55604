"""If these fail, a provider without passwords could be opened to others, who would then be anyone they like."""

from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from deploy.identity_provider.app import create_app
from deploy.identity_provider.main import main
from deploy.loopback import is_loopback, is_loopback_url
from tests.support.demo_identity_provider import Demo, settings_in


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_this_machine_is_recognised(host: str) -> None:
    """However it is written."""
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "localhost.example.org", "", "127.0.0.1.nip.io", "127.1"]
)
def test_every_other_host_is_not_this_machine(host: str) -> None:
    """Names that only look local may resolve to anywhere."""
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1@example.org/", "ftp://127.0.0.1/", "127.0.0.1", "http://example.org:8090"]
)
def test_an_address_elsewhere_is_not_this_machine(url: str) -> None:
    """A user name that looks like an address does not fool the check."""
    assert not is_loopback_url(url)


@pytest.mark.parametrize(
    "setting",
    [
        {"identity_provider_host": "0.0.0.0"},
        {"identity_provider_host": "192.168.1.10"},
        {"oidc_issuer": "https://idp.example.org"},
        {"public_url": "https://fla.example.org"},
        {"oidc_issuer": "http://127.0.0.1:9999"},
    ],
)
def test_settings_that_reach_outside_are_refused(tmp_path: Path, setting: dict[str, str]) -> None:
    """Bind address, issuer and the gateway it serves are each checked."""
    with pytest.raises(ValidationError):
        settings_in(tmp_path, **setting)


def test_it_does_not_start_and_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence instead of a traceback."""
    monkeypatch.setenv("FLA_IDENTITY_PROVIDER_HOST", "0.0.0.0")
    assert main() == 2
    assert "0.0.0.0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("headers", "client", "status"),
    [
        ({}, "127.0.0.1", 200),
        ({"Host": "localhost:8090"}, "127.0.0.1", 200),
        ({"Host": "[::1]:8090"}, "::1", 200),
        ({"Host": "idp.example.org"}, "127.0.0.1", 421),
        ({"Host": "127.0.0.1.example.org:8090"}, "127.0.0.1", 421),
        ({}, "192.168.1.10", 421),
        ({"X-Forwarded-For": "192.168.1.10"}, "127.0.0.1", 421),
    ],
)
async def test_only_requests_from_this_machine_are_answered(
    demo: Demo, headers: dict[str, str], client: str, status: int
) -> None:
    """Not from the network, not through a proxy, not under a name that was made to point here."""
    transport = httpx.ASGITransport(app=create_app(demo.provider, home="/"), client=(client, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8090") as visitor:
        assert (await visitor.get("/health", headers=headers)).status_code == status
