"""Batch files and the exchange folder."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False, comment="R: for real, T: simulation"),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the XML, unpacked"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="of the XML in bytes"),
        sa.Column("language", sa.Text(), nullable=False, comment="of the answers"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="waiting, checking, rejected, processing, completed, cancelled",
        ),
        sa.Column(
            "read_bytes", sa.BigInteger(), server_default="0", nullable=False, comment="of the XML checked so far"
        ),
        sa.Column("spool_bytes", sa.BigInteger(), nullable=True, comment="of the decoded declarations"),
        sa.Column("kinds", postgresql.JSONB(), nullable=True, comment="number of declarations by kind"),
        sa.Column(
            "sender_reference", sa.Text(), nullable=True, comment="the sender's own name for the file, from its header"
        ),
        sa.Column("refusal", postgresql.JSONB(), nullable=True, comment="why the whole file was refused"),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checkpoint", sa.Integer(), server_default="0", nullable=False, comment="declarations published"),
        sa.Column(
            "checkpoint_offset", sa.BigInteger(), server_default="0", nullable=False, comment="where the next begins"
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False, comment="to read the file"),
        sa.Column(
            "turn_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="earliest next turn",
        ),
        sa.Column("lease_owner", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["submission"], ["submission.id"]),
        sa.PrimaryKeyConstraint("submission"),
        postgresql_with={"fillfactor": 70},
        comment="a file of declarations and how far it has come",
    )
    op.create_index(
        "batch_content",
        "batch",
        ["sender", "file_hash", "mode"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_index("batch_of_sender", "batch", ["sender", "submission"], unique=False)
    op.create_index(
        "batch_at_work",
        "batch",
        ["state", "turn_at"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'checking', 'processing')"),
    )
    op.create_table(
        "exchange_file",
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="without its first two parts: the same for question and answer"
        ),
        sa.Column("submission", sa.Uuid(), nullable=True),
        sa.Column("refusal", postgresql.JSONB(), nullable=True, comment="why no batch came of it"),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "acknowledged_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the acknowledgement lies in the sender's folder",
        ),
        sa.Column(
            "notified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the notification lies in the sender's folder",
        ),
        sa.ForeignKeyConstraint(["submission"], ["submission.id"]),
        sa.PrimaryKeyConstraint("sender", "name"),
        comment="a file taken from the exchange folder",
    )
    op.create_index(
        "exchange_file_open",
        "exchange_file",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("notified_at is null"),
    )
