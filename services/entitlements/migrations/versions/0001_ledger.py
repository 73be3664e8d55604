"""Enterprises, employments, the ledger and its balances, and the tables of messaging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.database.scope import policies

revision = "0001"
down_revision = None

OF_A_PERSON = (
    "account",
    "employment",
    "employment_version",
    "entitlement_override",
    "training",
    "ledger_line",
    "balance",
)


def upgrade() -> None:
    _messaging()
    _enterprises()
    _employments()
    _ledger()
    _bookkeeping()
    for table in OF_A_PERSON:
        _protect(policies(table))
    _protect(policies("enterprise", enterprise="number", person=None))
    _protect(policies("enterprise_size", person=None))
    _protect(policies("recalculation", person=None))


def _protect(statements: list[str]) -> None:
    for statement in statements:
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


def _enterprises() -> None:
    op.create_table(
        "enterprise",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("joint_committees", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False, comment="the submission item that led to this version"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "enterprise_size",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="stated or measured"),
        sa.Column("workers", sa.Numeric(), nullable=False, comment="unrounded"),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column(
            "end_declared",
            sa.Boolean(),
            nullable=False,
            comment="false: it lasts until the next one of its basis begins",
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "replaced_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="known until then; null: as it is known now",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(enterprise::int8, enterprise::int8, '[]')"), "&&"),
            (sa.text("int4range((basis = 'measured')::int, (basis = 'measured')::int, '[]')"), "&&"),
            (sa.text("period"), "&&"),
            where=sa.text("replaced_at is null"),
            using="gist",
            name="sizes_of_one_basis_never_overlap",
        ),
        sa.CheckConstraint("basis in ('stated', 'measured')", name="basis_known"),
        sa.PrimaryKeyConstraint("id"),
        comment="dated sizes; an earlier figure for the same days stays, with the moment it was replaced",
    )
    op.create_index("enterprise_size_of", "enterprise_size", ["enterprise"], unique=False)


def _employments() -> None:
    op.create_table(
        "account",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "person"),
        comment="one person at one enterprise: the row to lock before anything of theirs is read or written",
        postgresql_with={"fillfactor": "70"},
    )
    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False, comment="the vault's id, never a national number"),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column(
            "terms",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as in the contract, in order: validFrom, jointCommittee, fraction",
        ),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False, comment="the submission item that led to this version"),
        sa.Column(
            "next_turn",
            sa.Date(),
            nullable=True,
            comment="the first day on which the calendar alone changes the ledger",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "employment_next_turn",
        "employment",
        ["next_turn"],
        unique=False,
        postgresql_where=sa.text("next_turn is not null"),
    )
    op.create_index("employment_of", "employment", ["enterprise", "person"], unique=False)
    op.create_index("employment_of_person", "employment", ["person"], unique=False)
    op.create_index(
        "employment_once",
        "employment",
        ["enterprise", "person", "start_date"],
        unique=True,
        postgresql_where=sa.text("not cancelled"),
    )
    op.create_table(
        "employment_version",
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column(
            "state",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="as in the contract fla.employments.v1",
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("employment", "version"),
        comment="every version of every employment: rows are added, never changed",
    )
    op.create_table(
        "entitlement_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="fullTimeDays or resultingDays"),
        sa.Column("days", sa.Numeric(), nullable=False),
        sa.Column("right_type", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("collective_agreement", sa.Text(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", "version"),
        comment="the employer's own figures; all versions stay",
    )
    op.create_index(
        "entitlement_override_of",
        "entitlement_override",
        ["enterprise", "person"],
        unique=False,
        postgresql_where=sa.text("replaced_at is null"),
    )


def _ledger() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("charged_minutes", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("right_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="what a charge depends on, in the newest version known; registration owns the rest",
    )
    op.create_index("training_of", "training", ["enterprise", "person"], unique=False)
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="in the order of recording"),
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "date", sa.Date(), nullable=False, comment="the day it is about; a delta's is that of the line it corrects"
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "amount",
            sa.Numeric(precision=14, scale=6),
            nullable=False,
            comment="days, signed by its effect on what is available",
        ),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.SmallInteger(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False, comment="the event that made it"),
        sa.Column("training", sa.Uuid(), nullable=True),
        sa.Column("right_type", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="append-only: every figure is the sum of these",
    )
    op.create_index("ledger_line_of", "ledger_line", ["employment"], unique=False)
    op.create_table(
        "balance",
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="grows with every balance-changed event"),
        sa.Column(
            "years",
            postgresql.JSON(),
            nullable=False,
            comment="per year the sums of its lines and what lines cannot say",
        ),
        sa.PrimaryKeyConstraint("employment"),
        postgresql_with={"fillfactor": "50"},
    )


def _bookkeeping() -> None:
    op.create_table(
        "decided_item",
        sa.Column("item", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("item"),
        comment="submission items whose outcome was told: they are never told another",
    )
    op.create_index("decided_item_by_time", "decided_item", ["decided_at"], unique=False)
    op.create_table(
        "recalculation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=True, comment="null: every employment there is"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "total",
            sa.Integer(),
            nullable=False,
            comment="employments to recalculate, as counted when it was requested",
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("last_employment", sa.Uuid(), nullable=True, comment="how far it came: goes on behind this one"),
        sa.Column(
            "failure", sa.Text(), nullable=True, comment="why the last try failed, null after a try that did not"
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("recalculation_of", "recalculation", ["enterprise", "requested_at"], unique=False)
    op.create_index(
        "recalculation_open",
        "recalculation",
        ["requested_at"],
        unique=False,
        postgresql_where=sa.text("finished_at is null"),
    )
    op.create_table(
        "calculation_basis",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="of the arrangements and settings all balances are made with",
        ),
        sa.CheckConstraint("one", name="one_row"),
        sa.PrimaryKeyConstraint("one"),
    )
