"""What is always read whole is stored as it came: PostgreSQL takes nothing apart that nobody asks it about.

Rows of the outbox are compressed: how much they hold must be known before they are unpacked.
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
