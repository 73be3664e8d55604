"""A bucket gives what a minute has, refuses the next, and says exactly when one more is possible."""

import pytest
from fastapi import Request
from hypothesis import example, given
from hypothesis import strategies as st

from services.gateway.rate_limits import Limited, RateLimits, TooManyRequestsError, address_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_at_once_and_then_evenly() -> None:
    clock = Clock()
    limits = RateLimits({Limited.CLIENT: 120}, clock)
    taken = [limits.take(Limited.CLIENT, "a") for _ in range(120)]
    assert [quota.remaining for quota in taken if quota] == list(range(119, -1, -1))
    with pytest.raises(TooManyRequestsError) as refused:
        limits.take(Limited.CLIENT, "a")
    assert (refused.value.quota.remaining, refused.value.quota.seconds) == (0, 1)
    clock.now += 0.5
    quota = limits.take(Limited.CLIENT, "a")
    assert quota is not None
    assert (quota.remaining, quota.seconds) == (0, 60)


def test_one_does_not_pay_for_another_and_no_limit_is_none() -> None:
    limits = RateLimits({Limited.CLIENT: 1, Limited.PERSON: 0}, Clock())
    assert limits.take(Limited.CLIENT, "a") is not None
    assert limits.take(Limited.CLIENT, "b") is not None
    assert limits.take(Limited.PERSON, "a") is None
    assert limits.take(Limited.ADDRESS, "a") is None
    with pytest.raises(TooManyRequestsError):
        limits.take(Limited.CLIENT, "a")


@example(3, [0, 0, 0, 0.2, 0.7, 0.1, 0.6, 1.0, 1.4, 2.7, 0.6])
@example(6, [0, 0, 0, 0, 0, 0, 1.9, 0.5, 0.6, 0.6, 1.4, 1.2, 0.7, 0.5])
@given(st.integers(1, 500), st.lists(st.floats(0, 30), max_size=60))
def test_whoever_waits_as_told_is_let_in(limit: int, waits: list[float]) -> None:
    clock = Clock()
    limits = RateLimits({Limited.ADDRESS: limit}, clock)
    for wait in waits:
        clock.now += wait
        try:
            limits.take(Limited.ADDRESS, "x")
        except TooManyRequestsError as refused:
            clock.now += refused.quota.seconds
            assert limits.take(Limited.ADDRESS, "x") is not None


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_a_household_of_ipv6_is_one_address(host: str, counted: str) -> None:
    """Lost: a limit that 2^64 addresses of one line get around."""
    assert address_of(Request({"type": "http", "client": (host, 1)})) == counted


def test_what_is_left_is_told_as_the_draft_has_it() -> None:
    quota = RateLimits({Limited.SIGN_IN: 300}, Clock()).take(Limited.SIGN_IN, "x")
    assert quota is not None
    assert quota.headers() == {"RateLimit-Policy": '"signIn";q=300;w=60', "RateLimit": '"signIn";r=299;t=1'}
