"""An employer's access to a person ends some time after the employment, in every table about people."""

import sqlalchemy as sa
from alembic import op

from shared.database.ended_access import LAST_DAY, filling, protected

revision = "0005"
down_revision = "0004"

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
    op.create_table(
        "ended_access",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False, comment="of the last employment there that ended"),
        sa.PrimaryKeyConstraint("enterprise", "person"),
        comment="people at enterprises where no employment of theirs lasts: access to them ends some days later",
    )
    op.execute(filling(LAST_DAY))
    for statement in protected(*OF_A_PERSON):
        op.execute(statement)
