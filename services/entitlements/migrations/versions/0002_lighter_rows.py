"""What is always read whole is stored as it came: PostgreSQL takes nothing apart that nobody asks it about.

Rows of the outbox are compressed: how much they hold must be known before they are unpacked.

Trainings are found by their person: one index whose new keys lie side by side instead of two over which they scatter.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table employment alter column terms type json using terms::json")
    op.execute("alter table ledger_line alter column inputs type json using inputs::json")
    size = sa.Column("size", sa.Integer(), server_default="0", nullable=False, comment="bytes before compression")
    op.add_column("outbox", size)
    op.drop_index("training_of", "training")
    op.drop_constraint("training_pkey", "training")
    op.create_primary_key("training_pkey", "training", ["person", "id"])
