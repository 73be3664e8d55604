"""If these fail, no client finds its way to the provider."""

import json
from pathlib import Path

from tests.support.demo_identity_provider import ISSUER, Demo, running_demo


async def test_the_document_names_addresses_below_the_issuer(demo: Demo) -> None:
    """Clients refuse a document whose issuer is not the one they asked."""
    document = (await demo.browser.get("/.well-known/openid-configuration")).json()
    assert document["issuer"] == ISSUER
    assert document["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization", "token", "userinfo", "end_session"):
        path = document[f"{name}_endpoint"].removeprefix(ISSUER)
        assert (await demo.browser.get(path)).status_code != 404


async def test_only_the_public_half_of_the_key_is_published(demo: Demo) -> None:
    """With the private half anyone could sign tokens."""
    (key,) = (await demo.browser.get("/jwks")).json()["keys"]
    assert {"kty", "crv", "x", "y", "kid", "use", "alg"} == key.keys()


async def test_keys_survive_a_restart_and_are_for_their_owner_only(tmp_path: Path) -> None:
    """Tokens given before a restart stay good; other users of the machine cannot read the keys."""
    key_sets = []
    for _ in range(2):
        async with running_demo(tmp_path) as demo:
            key_sets.append((await demo.browser.get("/jwks")).json())
    assert key_sets[0] == key_sets[1]
    secrets = [tmp_path / "identity_provider" / "signing_key.jwk", *(tmp_path / "clients").glob("*.jwk")]
    assert len(secrets) > 1
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}
    assert all("d" in json.loads(path.read_text()) for path in secrets)
    assert {path.parent.stat().st_mode & 0o777 for path in secrets} == {0o700}
