"""The tables that every service's database has for its messaging: progress, outbox and parked records."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
)


def add_messaging_tables(metadata: MetaData) -> None:
    """Declare the messaging tables in a service's metadata."""
    Table(
        "watermark",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", SmallInteger, primary_key=True),
        Column("next_offset", BigInteger, nullable=False, comment="the first offset not handled yet"),
        Column("moved_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        # One hot row per partition, rewritten at every batch: leave room so that each rewrite stays on its page.
        postgresql_with={"fillfactor": 50},
        comment="progress per partition, moved in the transaction that handled the records",
    )
    Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column(
            "events", LargeBinary, nullable=False, comment="all events of one transaction, framed by messaging.outbox"
        ),
        Column("size", Integer, nullable=False, server_default="0", comment="bytes before compression"),
        comment="events decided but not yet known to be in Kafka",
    )
    Table(
        "parked",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", SmallInteger, primary_key=True),
        Column("offset", BigInteger, primary_key=True),
        Column("key", LargeBinary, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("error", Text, nullable=False),
        Column("attempts", Integer, nullable=False, server_default="1"),
        Column("parked_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("released_at", DateTime(timezone=True), comment="an operator asked to try again"),
        Index("parked_by_key", "topic", "key", "offset"),
        comment="records that could not be handled, with every later record of the same key",
    )
    Table(
        "parked_dropped",
        metadata,
        Column("topic", Text, primary_key=True),
        Column("partition", SmallInteger, primary_key=True),
        Column("offset", BigInteger, primary_key=True),
        Column("key", LargeBinary, nullable=False),
        Column("value", LargeBinary, nullable=False),
        Column("error", Text, nullable=False),
        Column("dropped_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("dropped_by", Text, nullable=False),
        Column("reason", Text, nullable=False),
        comment="parked records an operator gave up, kept as evidence",
    )
