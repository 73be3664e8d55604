"""Inspectors search enterprises by name in the database: the folded name is kept beside the name.

The release before this one writes none: such a name is found as it is written, in small letters.
"""

import sqlalchemy as sa
from alembic import op

from shared.text import folded

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("enterprise", sa.Column("folded_name", sa.Text(), comment="as searched; none: not folded yet"))
    connection = op.get_bind()
    rows = connection.execute(sa.text("select number, name from enterprise")).all()
    if rows:
        statement = sa.text("update enterprise set folded_name = :folded where number = :number")
        connection.execute(statement, [{"number": number, "folded": folded(name)} for number, name in rows])
    op.create_index("enterprise_by_name", "enterprise", ["name", "number"])
