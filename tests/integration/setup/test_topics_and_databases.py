"""Without these nothing starts: the servers of `fla up` are real, and hold what the services are promised."""

from collections.abc import Callable

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from deploy.setup.databases import create_databases, owner_url, reader_of
from deploy.setup.topics import OtherPartitions, create_topics
from shared.contracts.topics import FOR_EVER, NINETY_DAYS, TOPICS


async def test_topics_have_the_partitions_and_the_retention_that_replay_relies_on(kafka: str) -> None:
    assert await create_topics(kafka, partitions=6) == ()
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    try:
        described = await client.describe_topics(list(TOPICS))
        kept = await _retention(client)
    finally:
        await client.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in described} == dict.fromkeys(TOPICS, 6)
    assert kept["fla.trainings.v1"] == FOR_EVER
    assert kept["fla.training-submissions.v1"] == NINETY_DAYS


async def test_a_topic_with_other_partitions_is_told_and_left_alone(kafka: str) -> None:
    await create_topics(kafka, partitions=6)
    assert OtherPartitions("fla.trainings.v1", 6) in await create_topics(kafka, partitions=7)


async def test_a_misspelt_topic_is_an_error_and_not_a_new_topic(kafka: str) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    try:
        [answer] = await client.describe_topics(["fla.trainigs.v1"])
        assert answer["error_code"] != 0
        assert "fla.trainigs.v1" not in await client.list_topics()
    except KafkaError:
        pass
    finally:
        await client.close()


async def test_creating_databases_again_changes_nothing_but_the_password(postgres: str) -> None:
    name = "test_repeated"
    await create_databases(postgres, {name: "first"})
    await create_databases(postgres, {name: "second"})
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(owner_url(postgres, name, "first"))
    owner = await asyncpg.connect(owner_url(postgres, name, "second"))
    try:
        await owner.execute("CREATE TABLE kept (id int); SET ROLE " + reader_of(name))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.fetch("SELECT * FROM kept")
    finally:
        await owner.close()


async def test_no_service_can_enter_the_database_of_another(new_database: Callable[[], str]) -> None:
    one, other = new_database(), new_database()
    stranger = one.rpartition("/")[0] + "/" + other.rpartition("/")[2]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(stranger)


async def _retention(client: AIOKafkaAdminClient) -> dict[str, int]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in TOPICS]
    answers = await client.describe_configs(resources)
    rows = [row for answer in answers for row in answer.resources]
    return {row[3]: int(next(entry[1] for entry in row[4] if entry[0] == "retention.ms")) for row in rows}
