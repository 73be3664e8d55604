"""A training that is the same as another charges nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    column = sa.Column("same_as", sa.Uuid(), comment="the training that is charged in the place of this one")
    op.add_column("training", column)
