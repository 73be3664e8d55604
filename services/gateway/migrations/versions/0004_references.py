"""One reference names one thing, in the sender's order; what leans on a refused declaration shares its fate."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "reference_holder",
        sa.Column("subject", sa.Uuid(), nullable=False, comment="the id that follows from sender and reference"),
        sa.Column("person", sa.Uuid(), nullable=False, comment="whom it names"),
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column(
            "refused",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="names it only in what was sent together with it",
        ),
        sa.PrimaryKeyConstraint("subject"),
        comment="whom each sender's reference of a training or an own figure names",
    )
    # Rows come in the order of their submissions: a few bytes for many of them find those of one.
    op.create_index(
        "reference_holder_by_submission",
        "reference_holder",
        ["submission"],
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 16, "autosummarize": True},
    )
    op.create_table(
        "refused_in_file",
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False, comment="what it would have been"),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission", "subject"),
        comment="declarations of a file under way that were refused: what leans on them is refused too",
    )
    op.add_column("employment", sa.Column("reference", sa.Text(), comment="the sender's own, as far as known"))
    op.add_column(
        "employment",
        sa.Column("cancelled_by", sa.Uuid(), comment="the submission whose cancellation is not decided yet"),
    )
    op.add_column("employment", sa.Column("cancelled_by_line", sa.Integer()))
    op.create_index(
        "employment_cancelling",
        "employment",
        ["cancelled_by", "cancelled_by_line"],
        postgresql_where=sa.text("cancelled_by is not null"),
    )
