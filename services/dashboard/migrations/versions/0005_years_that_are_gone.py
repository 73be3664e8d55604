"""A year in which nothing is booked any more is kept, for its version, and shown to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    comment = "nothing is booked in this year any more: it is shown to nobody"
    op.add_column(
        "balance", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.text("false"), comment=comment)
    )
