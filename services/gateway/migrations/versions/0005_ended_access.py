"""The day an employment was cancelled, and the people whom an operator opened again to a former employer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    cancelled_on = sa.Column("cancelled_on", sa.Date(), nullable=True, comment="the day in Brussels")
    op.add_column("employment", cancelled_on)
    # Those that were cancelled before: on which day is not known here any more, so their time starts now.
    op.execute("update employment set cancelled_on = (now() at time zone 'Europe/Brussels')::date where cancelled")
    op.create_table(
        "reopened_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False, comment="the last day on which it is open"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        comment="people opened again to a former employer by an operator, for a correction",
    )
    op.create_index(
        "reopened_access_of",
        "reopened_access",
        ["enterprise", "person"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at is null"),
    )
