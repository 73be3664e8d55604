"""If these fail, a service may answer someone whom the gateway never let in."""

from datetime import date

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.access.internal_tokens import (
    ExpiredInternalTokenError,
    InternalTokenError,
    InternalTokens,
    MissingInternalTokenError,
)
from shared.access.scope import ALL_ENTERPRISES, ActorKind, Role, Scope, pair, system_scope

KEY = "k" * 40


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(clock: Clock) -> InternalTokens:
    return InternalTokens(KEY, clock=clock)


SCOPES = [
    Scope(ActorKind.PERSON, "0192f0c1", frozenset({"1999010347", "1999010444"}), roles=frozenset({Role.EMPLOYER_READ})),
    Scope(ActorKind.PERSON, "0192f0c1", person="0192f0c1", roles=frozenset({Role.CITIZEN})),
    Scope(ActorKind.CLIENT, "leerhaven", frozenset(), roles=frozenset({Role.PROVIDER})),
    Scope(ActorKind.PERSON, "x", roles=frozenset({Role.SECTOR_FUND}), joint_committees=frozenset({"124", "200"})),
    Scope(ActorKind.PERSON, "x", ALL_ENTERPRISES, roles=frozenset({Role.INSPECTOR})),
    Scope(
        ActorKind.PERSON,
        "x",
        frozenset({"1999010347"}),
        open_since=date(2026, 1, 31),
        reopened=frozenset({pair("1999010347", "0192f0c1"), pair("1999010347", "0192f0c2")}),
    ),
    system_scope("rebuild"),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_service_reads_the_scope_that_the_gateway_signed(scope: Scope) -> None:
    """Two processes: what one signs, the other reads, whatever the scope."""
    assert InternalTokens(KEY).verify(InternalTokens(KEY).sign(scope)) == scope


def test_a_mandatary_with_a_thousand_employers_fits_in_a_token(tokens: InternalTokens, clock: Clock) -> None:
    """Social secretariats act for hundreds of employers."""
    scope = Scope(ActorKind.CLIENT, "payroll", frozenset(f"{number:010d}" for number in range(1000)))
    assert InternalTokens(KEY, clock=clock).verify(tokens.sign(scope)) == scope


def test_another_key_opens_nothing(tokens: InternalTokens) -> None:
    """Whoever does not have the key cannot invent a scope."""
    foreign = InternalTokens("x" * 40).sign(SCOPES[0])
    with pytest.raises(InternalTokenError):
        tokens.verify(foreign)


def test_a_token_dies_after_a_minute(tokens: InternalTokens, clock: Clock) -> None:
    """A leaked token must be worthless soon, also where it was verified before and is remembered."""
    token = tokens.sign(SCOPES[0])
    assert tokens.verify(token) == SCOPES[0]
    clock.now += 61
    with pytest.raises(ExpiredInternalTokenError):
        tokens.verify(token)


def test_a_reused_signed_token_keeps_half_its_life(tokens: InternalTokens, clock: Clock) -> None:
    """The cache may save work but never hand out a token that dies on its way."""
    first = tokens.sign(SCOPES[0])
    clock.now += 29
    assert tokens.sign(SCOPES[0]) == first
    clock.now += 2
    assert tokens.sign(SCOPES[0]) != first


@pytest.mark.parametrize(
    "change", [{"iss": "someone"}, {"aud": "fla-api"}, {"exp": None}, {"actor": "x"}, {"roles": ["king"]}]
)
def test_a_token_made_for_something_else_is_refused(
    clock: Clock, tokens: InternalTokens, change: dict[str, object]
) -> None:
    """Signed with the right key is not enough: issuer, audience, expiry and shape count too."""
    claims = SCOPES[0].as_claims() | {"iss": "fla-gateway", "aud": "fla-internal", "exp": int(clock.now) + 60} | change
    claims = {name: value for name, value in claims.items() if value is not None or name == "person"}
    token = jwt.encode({"alg": "HS256", "typ": "fla-internal+jwt"}, claims, OctKey.import_key(KEY))
    with pytest.raises(InternalTokenError):
        tokens.verify(token)


def test_another_type_of_token_is_refused(clock: Clock, tokens: InternalTokens) -> None:
    """A token signed with the same key for another purpose must not be taken for a scope."""
    claims = SCOPES[0].as_claims() | {"iss": "fla-gateway", "aud": "fla-internal", "exp": int(clock.now) + 60}
    with pytest.raises(InternalTokenError):
        tokens.verify(jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(KEY)))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ü.ü.ü", "e30.e30."])
def test_rubbish_is_refused(tokens: InternalTokens, token: str) -> None:
    """No text may bring a service down."""
    with pytest.raises(InternalTokenError):
        tokens.verify(token)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc"])
def test_a_question_without_a_token_is_told_apart(tokens: InternalTokens, header: str | None) -> None:
    """No token is another answer than a bad one."""
    with pytest.raises(MissingInternalTokenError):
        tokens.verify_header(header)


def test_the_header_that_is_sent_is_the_header_that_is_read(tokens: InternalTokens) -> None:
    """Client and server agree on the header."""
    assert tokens.verify_header(tokens.authorization(SCOPES[0])["Authorization"]) == SCOPES[0]


def test_a_short_key_is_refused_at_the_start() -> None:
    """A guessable key would let anyone in; the process must not start with it."""
    with pytest.raises(ValueError, match="FLA_INTERNAL_KEY"):
        InternalTokens("short")
