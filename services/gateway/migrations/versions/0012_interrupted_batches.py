"""Batches that cannot go on end visibly, and go on when they are sent again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

AT_WORK = "state in ('waiting', 'checking', 'processing', 'interrupted')"


def upgrade() -> None:
    comment = "in a row, to register it"
    op.add_column("batch", sa.Column("failures", sa.SmallInteger, nullable=False, server_default="0", comment=comment))
    op.alter_column("batch", "state", comment="see `BatchState`")
    op.drop_index("batch_at_work", "batch")
    op.create_index("batch_at_work", "batch", ["state", "turn_at"], postgresql_where=sa.text(AT_WORK))
