"""Senders of files take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    comment = "when it was last claimed: senders take turns"
    op.add_column("batch", sa.Column("served_at", sa.DateTime(timezone=True), comment=comment))
    op.create_index("batch_served", "batch", ["sender", "served_at"])
