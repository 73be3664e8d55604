"""An employer's access to a person ends some time after the employment, so registration follows who is employed where.

Filled from the beginning of fla.employments: nothing of that topic was read here before.
"""

import sqlalchemy as sa
from alembic import op

from shared.database.ended_access import protected

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True, comment="none while it lasts; a cancelled one's is known too"),
        sa.PrimaryKeyConstraint("id"),
        comment="who is employed where, as far as access depends on it; follows fla.employments",
    )
    op.create_index("employment_of", "employment", ["enterprise", "person"], unique=False)
    op.create_table(
        "ended_access",
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False, comment="of the last employment there that ended"),
        sa.PrimaryKeyConstraint("enterprise", "person"),
        comment="people at enterprises where no employment of theirs lasts: access to them ends some days later",
    )
    for statement in protected("training_version"):
        op.execute(statement)
