"""Create the product's topics in Kafka: partitions, replicas, retention. An existing topic is left as it is."""

from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.contracts.topics import TOPICS, Topic

PARTITIONS = 6
"""Partitions of each topic when it is created, unless FLA_TOPIC_PARTITIONS says otherwise."""
_MOST_REPLICAS = 3


@dataclass(frozen=True)
class OtherPartitions:
    """A topic that already had another number of partitions than the setting asks for."""

    topic: str
    partitions: int


async def create_topics(bootstrap: str, partitions: int) -> tuple[OtherPartitions, ...]:
    """Create the missing topics, each with three replicas or, with fewer brokers, one on every broker.

    Returns the topics with another number of partitions. They are not changed: a key would move to another
    partition and the order of one person's events would be lost.
    """
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=20_000)
    await client.start()
    try:
        there = await client.list_topics()
        known = [topic.name for topic in TOPICS.values() if topic.name in there]
        described = await client.describe_topics(known) if known else []
        missing = [topic for topic in TOPICS.values() if topic.name not in there]
        if missing:
            replicas = min(_MOST_REPLICAS, len((await client.describe_cluster())["brokers"]))
            answer = await client.create_topics(
                [
                    NewTopic(topic.name, partitions, replicas, topic_configs=_configuration(topic, replicas))
                    for topic in missing
                ],
                timeout_ms=20_000,
            )
            _refuse_errors(answer.topic_errors)
        counts = ((one["topic"], len(one["partitions"])) for one in described)
        return tuple(OtherPartitions(name, count) for name, count in counts if count != partitions)
    finally:
        await client.close()


def _configuration(topic: Topic, replicas: int) -> dict[str, str]:
    """Build the topic's settings; with three replicas one broker may be away and two still hold every record."""
    return {"retention.ms": str(topic.retention_ms), "min.insync.replicas": str(max(1, replicas - 1))}


def _refuse_errors(errors: list[tuple[str, int, str | None]]) -> None:
    for name, code, message in errors:
        # Another start may have made it in between.
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)(f"{name}: {message}")
