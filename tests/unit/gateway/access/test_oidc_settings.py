"""If these fail, secrets travel in the clear or the demonstration does not fit the gateway."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.gateway.access.oidc_settings import OidcSettings, is_secure
from tests.support.demo_identity_provider import settings_in


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FLA_OIDC_ISSUER", "FLA_PORT_OFFSET", "FLA_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("offset", [0, 400])
def test_gateway_and_demo_provider_agree_without_any_setting(tmp_path: Path, offset: int) -> None:
    """`make up` works as it is, also a second stack."""
    gateway = OidcSettings(_env_file=None, port_offset=offset)
    demo = settings_in(tmp_path, port_offset=offset)
    assert gateway.issuer == demo.issuer
    assert gateway.oidc_client_id == demo.oidc_client_id
    assert gateway.redirect_uri in demo.redirect_uris
    assert gateway.post_logout_redirect_uri in demo.post_logout_redirect_uris


@pytest.mark.parametrize("url", ["https://idp.example", "http://127.0.0.1:8090", "http://[::1]:1", "http://localhost"])
def test_encrypted_or_local_addresses_are_accepted(url: str) -> None:
    """Nobody can listen in."""
    assert is_secure(url)
    assert OidcSettings(_env_file=None, oidc_issuer=url).issuer == url


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.example",
        "http://127.0.0.1:80@idp.example",
        "http://127.0.0.1@idp.example",
        "ftp://localhost",
        "https:///x",
    ],
)
def test_addresses_in_the_clear_are_refused_at_the_start(url: str) -> None:
    """Codes and tokens would be readable on their way."""
    assert not is_secure(url)
    with pytest.raises(ValidationError):
        OidcSettings(_env_file=None, oidc_issuer=url)
    with pytest.raises(ValidationError):
        OidcSettings(_env_file=None, public_url=url)


def test_claim_names_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that names the national number otherwise needs a setting, no code."""
    monkeypatch.setenv("FLA_OIDC_CLAIMS", '{"ssin": "rrn"}')
    names = OidcSettings(_env_file=None).oidc_claims
    assert (names.ssin, names.given_name) == ("rrn", "given_name")
