"""A version's content is stored as it came: it is always read whole, and taking it apart costs more than the row."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table training_version alter column content type json using content::json")
