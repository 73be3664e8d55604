"""Rows of the outbox are compressed: how much they hold must be known before they are unpacked."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    size = sa.Column("size", sa.Integer(), server_default="0", nullable=False, comment="bytes before compression")
    op.add_column("outbox", size)
