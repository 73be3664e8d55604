"""What was agreed at the end of a contract, and when no right is granted by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("employment", sa.Column("rest_agreed", sa.Text()))
    op.add_column("employment", sa.Column("opt_outs", JSONB(), comment="as in the contract"))
    op.alter_column("employment", "terms", comment="as in the contract")
