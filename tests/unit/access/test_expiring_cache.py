"""If these fail, tokens stay valid after their time or memory grows without end."""

from shared.access.expiring_cache import ExpiringCache


def test_an_entry_is_gone_when_its_time_is_over() -> None:
    """At the very moment of expiry it no longer counts."""
    cache: ExpiringCache[str, int] = ExpiringCache(2)
    cache.put("a", 1, expires=10)
    assert cache.get("a", now=9.9) == 1
    assert cache.get("a", now=10) is None
    assert len(cache) == 0


def test_the_least_recently_used_entry_makes_room() -> None:
    """A flood of new tokens pushes out idle ones first."""
    cache: ExpiringCache[str, int] = ExpiringCache(2)
    for key in ("a", "b"):
        cache.put(key, 1, expires=10)
    cache.get("a", now=0)
    cache.put("c", 1, expires=10)
    assert [cache.get(key, now=0) for key in ("a", "b", "c")] == [1, None, 1]
