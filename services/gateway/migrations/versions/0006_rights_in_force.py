"""Rights, clients and mandates have a period; the same right can be given again for a later one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PERIODS = (
    ("access_right", "valid_from", "in force from this day on, in Brussels; empty: from the start"),
    ("access_right", "valid_until", "in force up to and including this day; empty: until it is withdrawn"),
    ("api_client", "valid_from", "in force from this day on, in Brussels; empty: from the start"),
    ("api_client", "valid_until", "in force up to and including this day; empty: until it is withdrawn"),
    ("mandate", "valid_until", "in force up to and including this day; empty: until it is withdrawn"),
)


def upgrade() -> None:
    for table, name, comment in PERIODS:
        op.add_column(table, sa.Column(name, sa.Date(), nullable=True, comment=comment))
    comment = "enterprises for which the chunk at the checkpoint is registered"
    op.add_column("batch", sa.Column("allowed", sa.ARRAY(sa.Text()), nullable=True, comment=comment))
    op.create_index(
        "access_right_of_period",
        "access_right",
        ["person", "role", "enterprise", "valid_from"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
        postgresql_nulls_not_distinct=True,
    )
    # The earlier index let nobody have a right again that had ended. Who runs without periods misses nothing of it:
    # the new one tells two rights without a first day apart as it did.
    op.drop_index("access_right_in_force", "access_right")
