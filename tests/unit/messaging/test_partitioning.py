"""Another partition than Kafka's other clients choose, and a person's events would lose their order."""

from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as of_aiokafka
from hypothesis import given
from hypothesis import strategies as some

from shared.messaging.partitioning import murmur2, position


@given(some.binary(max_size=60))
def test_the_hash_is_kafkas(key: bytes) -> None:
    assert murmur2(key) == of_aiokafka(key) & 0xFFFFFFFF


@given(some.binary(min_size=1, max_size=60), some.integers(1, 100))
def test_the_partition_is_the_one_that_any_client_chooses(key: bytes, partitions: int) -> None:
    every = list(range(partitions))
    assert position(key, partitions) == DefaultPartitioner()(key, every, every)
