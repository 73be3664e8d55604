"""A training that is the same as another is listed and not counted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_COUNTED = ["person", "status", "kind", "minutes", "provider_number", "provider_name", "theme", "same_as"]


def upgrade() -> None:
    comment = "the training that counts in the place of this one, which is only listed"
    op.add_column("training", sa.Column("same_as", sa.Uuid(), comment=comment))
    # Summaries are read from this index alone, so it has to know what is not counted.
    op.drop_index("training_of_enterprise", "training")
    op.create_index("training_of_enterprise", "training", ["enterprise", "start_date"], postgresql_include=_COUNTED)
