"""Which partition a key belongs to: Kafka's own choice (murmur2), at a fraction of the time.

aiokafka's partitioner takes a tenth of all the time that a service spends on a record. Here the words of a key are
taken four bytes at a time, and keys that come again, as people do, are remembered.
"""

import struct
from functools import lru_cache

_MASK = 0xFFFFFFFF
_FACTOR = 0x5BD1E995
_SEED = 0x9747B28C
REMEMBERED_KEYS = 65_536


def murmur2(data: bytes) -> int:
    """Get the 32-bit hash of Java's `org.apache.kafka.common.utils.Utils.murmur2`, as an unsigned number."""
    size = len(data)
    words = size >> 2
    hashed = _SEED ^ size
    for word in struct.unpack_from(f"<{words}I", data):
        mixed = word * _FACTOR & _MASK
        hashed = (hashed * _FACTOR & _MASK) ^ ((mixed ^ mixed >> 24) * _FACTOR & _MASK)
    if rest := data[words << 2 :]:
        hashed = (hashed ^ int.from_bytes(rest, "little")) * _FACTOR & _MASK
    hashed = (hashed ^ hashed >> 13) * _FACTOR & _MASK
    return hashed ^ hashed >> 15


@lru_cache(maxsize=REMEMBERED_KEYS)
def position(key: bytes, partitions: int) -> int:
    """Get the index of this key's partition among so many, sorted by number."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
