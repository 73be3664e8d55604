"""An employer's own figure can be taken back; those of one employment are read together."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "entitlement_override",
        sa.Column(
            "cancelled",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="taken back by the employer",
        ),
    )
    op.create_index("entitlement_override_of_employment", "entitlement_override", ["employment"])
