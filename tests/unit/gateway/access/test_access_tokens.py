"""If these fail, software is locked out, or software comes in that should not."""

import json
from typing import Any

import pytest
from joserfc.util import urlsafe_b64encode

from services.gateway.access.access_tokens import (
    AccessTokens,
    ClientToken,
    ExpiredTokenError,
    InvalidTokenError,
    NoTokenError,
)
from services.gateway.access.identity_provider import IdentityProvider, ProviderUnavailableError
from services.gateway.access.oidc_settings import OidcSettings
from tests.support.scripted_provider import ISSUER, NOW, ScriptedProvider, SettableClock, new_key

CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "fla-api",
    "sub": "payroll",
    "client_id": "payroll",
    "scope": "scope:fla:trainings:read scope:fla:trainings:write",
    "exp": NOW + 600,
    "iat": NOW,
}


class Door:
    """The gateway's check, its provider and its clock."""

    def __init__(self, **settings: Any) -> None:
        self.scripted = ScriptedProvider()
        self.clock = SettableClock()
        provider = IdentityProvider(ISSUER, self.scripted.client(), self.clock)
        self.tokens = AccessTokens(provider, OidcSettings(_env_file=None, oidc_issuer=ISSUER, **settings), self.clock)

    def token(self, typ: str = "at+jwt", **changes: Any) -> str:
        return self.scripted.signed(CLAIMS | changes, typ=typ)


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_good_token_tells_the_client_and_its_scopes(door: Door) -> None:
    """What the gateway decides on."""
    known = await door.tokens.verify_header(f"Bearer {door.token()}")
    scopes = frozenset({"scope:fla:trainings:read", "scope:fla:trainings:write"})
    assert known == ClientToken("payroll", scopes, NOW + 600)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic dTpw"])
async def test_no_token_is_told_apart(door: Door, header: str | None) -> None:
    """The sender forgot it: another message than for a bad one."""
    with pytest.raises(NoTokenError):
        await door.tokens.verify_header(header)


async def test_an_expired_token_is_told_apart_also_when_it_was_seen_before(door: Door) -> None:
    """The sender should fetch a new one, not look for a mistake."""
    token = door.token()
    await door.tokens.verify(token)
    door.clock.now += 606
    with pytest.raises(ExpiredTokenError):
        await door.tokens.verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "fla-web"},
        {"aud": ["fla-web", "other"]},
        {"aud": None},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": NOW + 60},
        {"client_id": None},
        {"client_id": ""},
        {"client_id": ["payroll"]},
        {"scope": ["a"]},
        {"typ": "JWT"},
        {"typ": ""},
    ],
)
async def test_a_token_for_someone_or_something_else_is_refused(door: Door, changes: dict[str, Any]) -> None:
    """An identity token, another API's token and a token without an end are not the key to this door."""
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(door.token(**changes))


async def test_a_forged_token_is_refused(door: Door) -> None:
    """The right key name with the wrong key."""
    forged = door.scripted.signed(CLAIMS, typ="at+jwt", key=new_key("first"))
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(forged)


async def test_an_expired_forgery_is_a_forgery(door: Door) -> None:
    """The signature counts before the clock does."""
    forged = door.scripted.signed(CLAIMS | {"exp": NOW - 100}, typ="at+jwt", key=new_key("first"))
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(forged)


@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "x" * 20_000, "eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ.e30."])
async def test_rubbish_is_refused(door: Door, token: str) -> None:
    """Nothing anyone sends is an error of ours."""
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(token)


async def test_a_changed_token_is_not_taken_for_the_one_it_was_made_from(door: Door) -> None:
    """The memory of verified tokens must not open for look-alikes."""
    token = door.token()
    await door.tokens.verify(token)
    for changed in (token[:-4] + "AAAA", token + "=", token.replace(".", "..", 1)):
        with pytest.raises(InvalidTokenError):
            await door.tokens.verify(changed)


async def test_tokens_signed_with_a_new_key_work_at_once(door: Door) -> None:
    """Key rotation is not noticed by senders."""
    await door.tokens.verify(door.token())
    door.clock.now += 30
    door.scripted.keys.append(new_key("second"))
    assert (await door.tokens.verify(door.token())).client_id == "payroll"


async def test_what_a_withdrawn_key_signed_stops_working_whatever_expiry_it_claims(door: Door) -> None:
    """Whoever stole a key could otherwise sign a token for ten years and keep it remembered."""
    stolen = door.token(exp=NOW + 10 * 365 * 86_400)
    await door.tokens.verify(stolen)
    door.scripted.keys = [new_key("second")]
    door.clock.now += 601
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(stolen)


async def test_a_provider_that_is_away_is_not_a_bad_token(door: Door) -> None:
    """The sender is told to try again, not to fetch another token."""
    door.scripted.away = True
    with pytest.raises(ProviderUnavailableError):
        await door.tokens.verify(door.token())


async def test_repeated_use_costs_no_signature_check(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender of thousands of requests uses one token: it is checked once."""
    checked: list[str] = []
    check = AccessTokens._verify_new

    async def counted(tokens: AccessTokens, token: str) -> Any:
        checked.append(token)
        return await check(tokens, token)

    monkeypatch.setattr(AccessTokens, "_verify_new", counted)
    token = door.token()
    for _ in range(300):
        await door.tokens.verify(token)
    assert checked == [token]


async def test_a_provider_with_other_names_can_take_its_place() -> None:
    """Keycloak signs tokens of type JWT and names the client `azp`."""
    door = Door(api_token_types=frozenset({"jwt"}), api_client_claim="azp", api_audience="learning")
    token = door.token("JWT", client_id=None, azp="hr", aud=["account", "learning"])
    assert (await door.tokens.verify(token)).client_id == "hr"


@pytest.mark.parametrize("key_id", [["a"], {"a": 1}, 7])
async def test_a_key_that_is_named_by_no_text_is_a_bad_token_and_not_our_failure(door: Door, key_id: Any) -> None:
    """Anyone can write such a header: it answered 500, and wrote a page of log each time."""
    _, claims, signature = door.token().split(".")
    header = urlsafe_b64encode(json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": key_id}).encode()).decode()
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(f"{header}.{claims}.{signature}")


async def test_a_header_nested_without_end_is_a_bad_token(door: Door) -> None:
    """The parser gives up before the stack does."""
    header = urlsafe_b64encode(b"[" * 9000).decode()
    with pytest.raises(InvalidTokenError):
        await door.tokens.verify(f"{header}.e30.AA")
