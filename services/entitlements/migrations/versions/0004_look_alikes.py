"""Two employments of one person here may begin on one day; of own figures sent together the last counts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_index("employment_once", "employment")
    line = sa.Column(
        "line",
        sa.Integer(),
        server_default="0",
        nullable=False,
        comment="its place in what was sent: later is newer",
    )
    op.add_column("entitlement_override", line)
