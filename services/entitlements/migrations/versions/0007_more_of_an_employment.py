"""What was agreed at the end of a contract, opt-outs, quarters of an enterprise, and own figures for everybody."""

import sqlalchemy as sa
from alembic import op

from shared.database.scope import policies

revision = "0007"
down_revision = "0006"

IN_ORDER = "as in the contract, in order"


def upgrade() -> None:
    agreed = "lost or openCredit, where the reason of the end leaves it open"
    op.add_column("employment", sa.Column("rest_agreed", sa.Text(), comment=agreed))
    op.alter_column("employment", "terms", comment=IN_ORDER)
    for table in ("employment", "enterprise"):
        op.add_column(table, sa.Column("opt_outs", sa.JSON(), nullable=False, server_default="[]", comment=IN_ORDER))
    _quarters()
    _overrides()
    for table in ("enterprise_quarter", "enterprise_override"):
        for statement in policies(table, person=None):
            op.execute(statement)


def _quarters() -> None:
    op.create_table(
        "enterprise_quarter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("fte", sa.Numeric(), nullable=False, comment="full-time equivalents on its last day"),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("agency_fte", sa.Numeric(), nullable=False),
        sa.Column("agency_heads", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), comment="known until then; null: as it is known now"),
        sa.PrimaryKeyConstraint("id"),
        comment=(
            "declared quarters, whose average is the size; an earlier figure stays, with the moment it was replaced"
        ),
    )
    op.create_index(
        "enterprise_quarter_once",
        "enterprise_quarter",
        ["enterprise", "year", "quarter"],
        unique=True,
        postgresql_where=sa.text("replaced_at is null"),
    )


def _overrides() -> None:
    op.create_table(
        "enterprise_override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False, comment="fullTimeDays or resultingDays"),
        sa.Column("days", sa.Numeric(), nullable=False),
        sa.Column("right_type", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("collective_agreement", sa.Text()),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.Uuid(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled", sa.Boolean(), nullable=False, comment="taken back by the employer"),
        sa.Column("line", sa.Integer(), nullable=False, comment="its place in what was sent: later is newer"),
        sa.PrimaryKeyConstraint("id", "version"),
        comment="the employer's own figures for everybody it employs; all versions stay",
    )
    op.create_index(
        "enterprise_override_of",
        "enterprise_override",
        ["enterprise"],
        postgresql_where=sa.text("replaced_at is null"),
    )
