"""What is always read whole is stored as it came: PostgreSQL takes nothing apart that nobody asks it about."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table employment alter column terms type json using terms::json")
    op.execute("alter table ledger_line alter column inputs type json using inputs::json")
