"""If these fail, software cannot prove who it is."""

import json
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from shared.access.client_assertion import PrivateKey, client_assertion, private_key_from_file


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (RSAKey.generate_key(2048), "PS256"),
        (RSAKey.generate_key(2048, {"alg": "RS256"}), "RS256"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
    ],
)
def test_every_usual_kind_of_key_signs(key: PrivateKey, algorithm: str) -> None:
    """Providers ask for different kinds of keys."""
    token = jwt.decode(client_assertion("payroll", "https://idp/token", key, now=100), key, algorithms=[algorithm])
    assert token.claims["iss"] == token.claims["sub"] == "payroll"
    assert token.claims["aud"] == "https://idp/token"
    assert token.claims["exp"] == 160
    assert token.header["kid"]


def test_two_assertions_never_share_their_identifier() -> None:
    """A provider refuses the second use of one."""
    key = ECKey.generate_key("P-256")
    identifiers = {jwt.decode(client_assertion("c", "a", key, now=1), key).claims["jti"] for _ in range(10)}
    assert len(identifiers) == 10


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        json.dumps({"kty": "EC"}),
        json.dumps(ECKey.generate_key("P-256").as_dict(private=False)),
        json.dumps(OctKey.generate_key(256).as_dict(private=True)),
    ],
    ids=["no json", "no curve", "a public key", "a shared secret"],
)
def test_a_file_without_a_private_key_is_told(tmp_path: Path, content: str) -> None:
    """A public key or a broken file is found when it is read, not at the first request."""
    (tmp_path / "key.jwk").write_text(content)
    with pytest.raises(ValueError, match=r"key\.jwk"):
        private_key_from_file(tmp_path / "key.jwk")
