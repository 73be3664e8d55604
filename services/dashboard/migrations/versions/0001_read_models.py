"""The read models and the tables of messaging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.scope import policies

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "balance",
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="of the employment's balances, when this year last changed"
        ),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("granted", sa.Numeric(), nullable=False),
        sa.Column("carried_over", sa.Numeric(), nullable=False),
        sa.Column("charged", sa.Numeric(), nullable=False),
        sa.Column("reserved", sa.Numeric(), nullable=False),
        sa.Column("lost", sa.Numeric(), nullable=False),
        sa.Column("balance", sa.Numeric(), nullable=False),
        sa.Column("available", sa.Numeric(), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "projected_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("employment", "year"),
        comment="days of right per employment and year, each figure the exact sum of ledger lines",
        postgresql_with={"fillfactor": 60},
    )
    op.create_index("balance_of_enterprise", "balance", ["enterprise", "year"], unique=False)
    op.create_index("balance_of_person", "balance", ["person"], unique=False)
    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column(
            "terms",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as in the contract: validFrom, jointCommittee, fraction",
        ),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "projected_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="who is employed where, cancelled ones too",
    )
    op.create_index("employment_of_enterprise", "employment", ["enterprise", "person", "start_date"], unique=False)
    op.create_index("employment_of_person", "employment", ["person"], unique=False)
    op.create_table(
        "enterprise",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("joint_committees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "sizes",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as in the contract: basis, workers, validFrom, validUntil",
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "projected_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("number"),
        comment="enterprises with what was declared about them",
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
    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("charged_minutes", sa.Integer(), nullable=True, comment="as declared; absent: all minutes"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("right_type", sa.Text(), nullable=False),
        sa.Column("provider_name", sa.Text(), nullable=True),
        sa.Column("provider_number", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("modality", sa.Text(), nullable=True),
        sa.Column("certificate", sa.Boolean(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "projected_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="trainings, cancelled ones too",
    )
    op.create_index("training_latest", "training", ["enterprise", "recorded_at"], unique=False)
    op.create_index(
        "training_of_enterprise",
        "training",
        ["enterprise", "start_date"],
        unique=False,
        postgresql_include=["person", "status", "kind", "minutes", "provider_number", "provider_name", "theme"],
    )
    op.create_index("training_of_person", "training", ["person", "start_date"], unique=False)
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

    for statement in (
        *policies("training"),
        *policies("employment"),
        *policies("balance"),
        *policies("enterprise", enterprise="number", person=None),
    ):
        op.execute(statement)
