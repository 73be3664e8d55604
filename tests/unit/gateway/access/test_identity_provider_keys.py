"""If these fail, nobody gets in after the provider changed its keys, or someone gets in with a key of their own."""

import asyncio

import pytest
from joserfc.jwk import RSAKey

from services.gateway.access.identity_provider import IdentityProvider, ProviderUnavailableError, UnknownKeyError
from tests.support.scripted_provider import ISSUER, ScriptedProvider, SettableClock, new_key


def trusted(scripted: ScriptedProvider, clock: SettableClock) -> IdentityProvider:
    return IdentityProvider(ISSUER, scripted.client(), clock)


async def test_keys_are_fetched_once_for_many_tokens() -> None:
    """Every request of a busy API would otherwise ask the provider."""
    scripted = ScriptedProvider()
    provider = trusted(scripted, SettableClock())
    tokens = [scripted.signed({"n": number}) for number in range(20)]
    await asyncio.gather(*(provider.key_of(token) for token in tokens))
    assert scripted.count("/keys") == 1
    assert scripted.count("/.well-known/openid-configuration") == 1


async def test_a_new_key_is_found_at_once() -> None:
    """Rotation must not lock anyone out."""
    scripted, clock = ScriptedProvider(), SettableClock()
    provider = trusted(scripted, clock)
    await provider.key_of(scripted.signed({}))
    clock.now += 30
    scripted.keys.append(new_key("second"))
    assert (await provider.key_of(scripted.signed({}))).kid == "second"


async def test_a_withdrawn_key_stops_working_within_ten_minutes() -> None:
    """A key that leaked and was withdrawn must not be trusted for ever."""
    scripted, clock = ScriptedProvider(), SettableClock()
    provider = trusted(scripted, clock)
    old = scripted.signed({})
    await provider.key_of(old)
    scripted.keys = [new_key("second")]
    clock.now += 601
    with pytest.raises(UnknownKeyError):
        await provider.key_of(old)


async def test_invented_key_names_do_not_flood_the_provider() -> None:
    """Anyone can write a token with an unknown key name; the provider must not feel it."""
    scripted, clock = ScriptedProvider(), SettableClock()
    provider = trusted(scripted, clock)
    await provider.key_of(scripted.signed({}))
    clock.now += 30
    for number in range(50):
        with pytest.raises(UnknownKeyError):
            await provider.key_of(scripted.signed({}, key=new_key(f"invented-{number}")))
    assert scripted.count("/keys") == 2


async def test_known_keys_keep_working_while_the_provider_is_away() -> None:
    """The provider's outage must not become ours, for software that has a token."""
    scripted, clock = ScriptedProvider(), SettableClock()
    provider = trusted(scripted, clock)
    token = scripted.signed({})
    await provider.key_of(token)
    scripted.away = True
    clock.now += 7200
    assert (await provider.key_of(token)).kid == "first"


async def test_without_any_key_the_answer_is_not_that_the_token_is_bad() -> None:
    """A sender must not throw away a good token because the provider is away; and it heals by itself."""
    scripted, clock = ScriptedProvider(away=True), SettableClock()
    provider = trusted(scripted, clock)
    for _ in range(2):
        with pytest.raises(ProviderUnavailableError):
            await provider.key_of(scripted.signed({}))
    scripted.away = False
    clock.now += 11
    assert (await provider.key_of(scripted.signed({}))).kid == "first"


async def test_keys_for_other_uses_are_not_taken_for_signing_keys() -> None:
    """An encryption key in the set proves nothing."""
    scripted = ScriptedProvider()
    encryption = RSAKey.generate_key(2048, {"kid": "enc", "use": "enc"})
    key = new_key("enc")
    scripted.keys = [key]
    scripted.document = {"jwks_uri": f"{ISSUER}/keys"}
    provider = trusted(scripted, SettableClock())
    scripted.keys = [encryption]  # type: ignore[list-item]
    with pytest.raises((UnknownKeyError, ProviderUnavailableError)):
        await provider.key_of(scripted.signed({}, key=key))


@pytest.mark.parametrize("text", ["", "x", "a.b", "a.b.c", "ü", "....", "e30.e30.e30"])
async def test_text_that_is_no_token_has_no_key(text: str) -> None:
    """Whatever someone sends, it is a refusal and not an error of ours."""
    with pytest.raises(UnknownKeyError):
        await trusted(ScriptedProvider(keys=[new_key("a"), new_key("b")]), SettableClock()).key_of(text)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://idp.example/token"},
        {"jwks_uri": "http://idp.example/keys"},
        {"authorization_endpoint": "ftp://idp.example"},
    ],
)
async def test_a_discovery_document_that_is_not_trustworthy_is_refused(document: dict[str, str]) -> None:
    """Another issuer's document, or addresses in the clear, would hand codes and keys to a stranger."""
    with pytest.raises(ProviderUnavailableError):
        await trusted(ScriptedProvider(document=document), SettableClock()).endpoints()
