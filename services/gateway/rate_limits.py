"""Rate limits: a token bucket for each client, person and address, kept in this process.

In this process, because a bucket shared by replicas would cost each request a round trip: with `n` replicas behind a
balancer somebody may get up to `n` times as much (docs/decisions/rate-limits.md).
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Final

from cachetools import LRUCache
from fastapi import Request

from services.gateway.limits import MOST_BUCKETS

WINDOW_SECONDS = 60
_ROUNDING: Final = 1e-6


class Limited(StrEnum):
    """Whose requests are counted together. The values name the policies in `RateLimit` headers."""

    CLIENT = "client"
    PERSON = "person"
    ADDRESS = "address"
    SIGN_IN = "signIn"
    """Sign-ins of one address: each costs a round trip to the identity provider."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to somebody. `limit`: requests a minute; `seconds`: until one more is possible, or all are again."""

    limited: Limited
    limit: int
    remaining: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """Write it as draft-ietf-httpapi-ratelimit-headers has it."""
        return {
            "RateLimit-Policy": f'"{self.limited.value}";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.limited.value}";r={self.remaining};t={self.seconds}',
        }


class TooManyRequestsError(Exception):
    """The bucket is empty. `quota.seconds`: when one more request is possible."""

    def __init__(self, quota: Quota) -> None:
        super().__init__(f"too many requests of one {quota.limited.value}")
        self.quota = quota


class RateLimits:
    """The buckets. A bucket holds as many requests as a minute allows and fills evenly."""

    def __init__(self, a_minute: Mapping[Limited, int], clock: Callable[[], float] = time.monotonic) -> None:
        """Take the requests a minute for each; 0: no limit."""
        self._a_minute = dict(a_minute)
        self._clock = clock
        # Who comes rarely is forgotten first, and has a full bucket by then.
        self._buckets: LRUCache[tuple[Limited, str], tuple[float, float]] = LRUCache(MOST_BUCKETS)

    def take(self, limited: Limited, who: str) -> Quota | None:
        """Count a request. None where there is no limit; raises TooManyRequestsError when the bucket is empty."""
        limit = self._a_minute.get(limited, 0)
        if not limit:
            return None
        now, key, a_second = self._clock(), (limited, who), limit / WINDOW_SECONDS
        tokens, filled = self._buckets.get(key, (float(limit), now))
        tokens = min(float(limit), tokens + (now - filled) * a_second)
        # Whoever waited as told is let in, whatever a division left of the last second.
        if tokens < 1 - _ROUNDING:
            self._buckets[key] = (tokens, now)
            raise TooManyRequestsError(Quota(limited, limit, 0, math.ceil((1 - tokens) / a_second)))
        tokens = max(0.0, tokens - 1)
        self._buckets[key] = (tokens, now)
        return Quota(limited, limit, int(tokens), math.ceil((limit - tokens) / a_second))


def address_of(request: Request) -> str:
    """Get the address that a request comes from; of IPv6 the network that one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(IPv6Address(int(address) >> 64 << 64)) if address.version == 6 else host
