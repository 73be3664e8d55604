"""The identity vault, access, submissions, and the tables of messaging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "api_client",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False, comment="enterprise number of who runs this software"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("audit_log_by_time", "audit_log", ["at"], unique=False)
    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="0: submitted here, not decided yet"),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("submission", sa.Uuid(), nullable=True, comment="of a row with version 0"),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        comment="who is employed where: decides whose trainings may be registered; follows fla.employments",
    )
    op.create_index("employment_of", "employment", ["enterprise", "person"], unique=False)
    op.create_index(
        "employment_undecided",
        "employment",
        ["submission", "line"],
        unique=False,
        postgresql_where=sa.text("version = 0"),
    )
    op.create_table(
        "enterprise",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "mandate",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("mandatary", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day of a quarter"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("enterprise", "mandatary", "valid_from"),
    )
    op.create_index("mandate_by_mandatary", "mandate", ["mandatary"], unique=False)
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
        "outcome_event",
        sa.Column(
            "id", sa.Uuid(), nullable=False, comment="an outcome counted already: a second delivery changes nothing"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
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
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ssin_hash", sa.LargeBinary(), nullable=False, comment="HMAC-SHA-256 under the vault's key"),
        sa.Column("ssin_encrypted", sa.LargeBinary(), nullable=False, comment="AES-GCM: nonce, ciphertext and tag"),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ssin_hash"),
        comment="the identity vault: the only place where a person's id meets a national number and a name",
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="single, bulk or batch"),
        sa.Column("channel", sa.Text(), nullable=False, comment="web, api or batch"),
        sa.Column("sender", sa.Text(), nullable=False, comment="enterprise number of the organisation that sent it"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=True, comment="number of declarations, once counted"),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("warned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "subject",
            sa.Uuid(),
            nullable=True,
            comment="of a single one: the training, employment or entitlement it is about",
        ),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "submission_idempotency",
        "submission",
        ["sender", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key is not null"),
    )
    op.create_index("submission_of_sender", "submission", ["sender", "received_at"], unique=False)
    op.create_table(
        "submission_item",
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("anomalies", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line"),
        comment="only items that were not plainly accepted",
    )
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
        "access_right",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=True, comment="none for inspectors and operators"),
        sa.Column("joint_committees", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "access_right_in_force",
        "access_right",
        ["person", "role", "enterprise"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "session",
        sa.Column(
            "token_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the cookie: a leaked table opens nothing",
        ),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=True, comment="the enterprise chosen to act for"),
        sa.Column("means", sa.Text(), nullable=False, comment="how the person signed in: eid, itsme"),
        sa.Column("csrf_token", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
