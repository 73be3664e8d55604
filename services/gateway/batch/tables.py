"""The batch channel's tables, beside `submission` and `submission_item`, which all channels share."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

Moment = DateTime(timezone=True)


def add_batch_tables(metadata: MetaData) -> None:
    """Declare the batch channel's tables in the gateway's metadata."""
    Table(
        "batch",
        metadata,
        Column("submission", Uuid, ForeignKey("submission.id"), primary_key=True),
        Column("sender", Text, nullable=False),
        Column("mode", Text, nullable=False, comment="R: for real, T: simulation"),
        Column("file_name", Text),
        Column("file_hash", LargeBinary, nullable=False, comment="SHA-256 of the XML, unpacked"),
        Column("size", BigInteger, nullable=False, comment="of the XML in bytes"),
        Column("language", Text, nullable=False, comment="of the answers"),
        Column("state", Text, nullable=False, comment="see `BatchState`"),
        Column("read_bytes", BigInteger, nullable=False, server_default="0", comment="of the XML checked so far"),
        Column("spool_bytes", BigInteger, comment="of the decoded declarations"),
        Column("kinds", JSONB, comment="number of declarations by kind"),
        Column("sender_reference", Text, comment="the sender's own name for the file, from its header"),
        Column("refusal", JSONB, comment="why the whole file was refused"),
        Column("acknowledged_at", Moment),
        Column("checkpoint", Integer, nullable=False, server_default="0", comment="declarations published"),
        Column("checkpoint_offset", BigInteger, nullable=False, server_default="0", comment="where the next begins"),
        Column("finished_at", Moment),
        Column("attempts", SmallInteger, nullable=False, server_default="0", comment="to read the file"),
        Column("failures", SmallInteger, nullable=False, server_default="0", comment="in a row, to register it"),
        Column("turn_at", Moment, nullable=False, server_default=func.now(), comment="earliest next turn"),
        Column("served_at", Moment, comment="when it was last claimed: senders take turns"),
        Column("lease_owner", Uuid),
        Column("lease_until", Moment),
        Column("allowed", ARRAY(Text), comment="enterprises for which the chunk at the checkpoint is registered"),
        # A cancelled file may be sent again; any other is the same batch, however often it comes.
        Index("batch_content", "sender", "file_hash", "mode", unique=True,
              postgresql_where=text("state <> 'cancelled'")),
        Index("batch_of_sender", "sender", "submission"),
        Index("batch_served", "sender", "served_at"),
        Index("batch_at_work", "state", "turn_at",
              postgresql_where=text("state in ('waiting', 'checking', 'processing', 'interrupted')")),
        # Every slice of work rewrites the row.
        postgresql_with={"fillfactor": 70},
        comment="a file of declarations and how far it has come",
    )  # fmt: skip
    Table(
        "exchange_file",
        metadata,
        Column("sender", Text, primary_key=True),
        Column("name", Text, primary_key=True, comment="without its first two parts: the same for question and answer"),
        Column("submission", Uuid, ForeignKey("submission.id")),
        Column("refusal", JSONB, comment="why no batch came of it"),
        Column("received_at", Moment, nullable=False, server_default=func.now()),
        Column("acknowledged_at", Moment, comment="the acknowledgement lies in the sender's folder"),
        Column("notified_at", Moment, comment="the notification lies in the sender's folder"),
        Index("exchange_file_open", "received_at", postgresql_where=text("notified_at is null")),
        comment="a file taken from the exchange folder",
    )
