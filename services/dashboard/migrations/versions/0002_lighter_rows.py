"""Rows of the outbox are compressed: how much they hold must be known before they are unpacked.

Trainings are found by their person: one index whose new keys lie side by side instead of two over which they scatter.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    size = sa.Column("size", sa.Integer(), server_default="0", nullable=False, comment="bytes before compression")
    op.add_column("outbox", size)
    op.drop_index("training_of_person", "training")
    op.drop_constraint("training_pkey", "training")
    op.create_primary_key("training_pkey", "training", ["person", "id"])
