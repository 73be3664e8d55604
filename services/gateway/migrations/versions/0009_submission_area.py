"""A submission is read with a scope of what it is about, so it says what that is. Those before it do not."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    comment = "trainings, employments, entitlements, enterprises or batches: the scopes to read it"
    op.add_column("submission", sa.Column("area", sa.Text(), comment=comment))
