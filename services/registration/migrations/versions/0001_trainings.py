"""Every version of every training, the items that led to none, and the tables of messaging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.scope import policies

revision = "0001"
down_revision = None


def upgrade() -> None:
    _messaging()
    op.create_table(
        "training_version",
        sa.Column("training", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False, comment="registered, corrected or cancelled"),
        sa.Column("person", sa.Uuid(), nullable=False, comment="the vault's id, never a national number"),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False, comment="who registered it: the reference is unique per sender"),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False, comment="with end_date: the period this version is about"),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False, comment="as in the contract fla.trainings.v1"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="when it was declared"),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="known since then, until the next version was recorded",
        ),
        sa.Column("cause", sa.Uuid(), nullable=False, comment="the submission item that led to it"),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False, comment="the enterprise that the actor acted for"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("training", "version"),
        comment="every version of every training: rows are added, never changed; bitemporal by period and recorded_at",
    )
    op.create_table(
        "settled_item",
        sa.Column("item", sa.Uuid(), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, comment="unchanged or refused"),
        sa.Column("anomalies", postgresql.JSONB(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item"),
        comment="items that led to no version; with the causes of versions, all that was decided: told once",
    )
    for statement in policies("training_version"):
        op.execute(statement)


def _messaging() -> None:
    op.create_table(
        "watermark",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False, comment="the first offset not handled yet"),
        sa.Column("moved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition"),
        comment="progress per partition, moved in the transaction that handled the records",
        postgresql_with={"fillfactor": 50},
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "events",
            sa.LargeBinary(),
            nullable=False,
            comment="all events of one transaction, framed by messaging.outbox",
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="events decided but not yet known to be in Kafka",
    )
    # A row lives for milliseconds: compressing megabytes of events would cost more than all else about it.
    op.execute("alter table outbox alter column events set storage external")
    op.create_table(
        "parked",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True, comment="an operator asked to try again"),
        sa.PrimaryKeyConstraint("topic", "partition", "offset"),
        comment="records that could not be handled, with every later record of the same key",
    )
    op.create_index("parked_by_key", "parked", ["topic", "key", "offset"], unique=False)
    op.create_table(
        "parked_dropped",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("partition", sa.SmallInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("dropped_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", "offset"),
        comment="parked records an operator gave up, kept as evidence",
    )
