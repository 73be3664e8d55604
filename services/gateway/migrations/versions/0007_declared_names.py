"""A name belongs to who gave it: an authentic source, the person's own sign-in, or the enterprise that declared it.

The names that were kept with the person stay where they are for the release before this one; nothing reads or writes
them any more.
"""

import sqlalchemy as sa
from alembic import op

from services.gateway.vault.name import Name

revision = "0007"
down_revision = "0006"

CHUNK = 5000

# Each enterprise keeps the name that it sees today, and whoever signed in or may sign in is called as before.
_TODAY = """
select person::text, origin, given_name, family_name, created_at from (
  select p.id as person, e.enterprise as origin, p.given_name, p.family_name, p.created_at
  from person p join (select distinct person, enterprise from employment) e on e.person = p.id
  union all
  select p.id, 'signIn', p.given_name, p.family_name, p.created_at
  from person p where exists (select from session s where s.person = p.id)
     or exists (select from access_right r where r.person = p.id)
) as today
where coalesce(given_name, family_name) is not null and (person, origin) > (cast(:person as uuid), :origin)
order by person, origin limit :chunk
"""
_KEEP = """
insert into person_name (person, origin, version, given_name, family_name, given_first, family_first, actor,
                         recorded_at)
values (cast(:person as uuid), :origin, 1, :given, :family, :given_first, :family_first, 'system', :at)
"""


def _columns_of_a_name() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("given_first", sa.Text(), nullable=False, comment="folded, to search in"),
        sa.Column("family_first", sa.Text(), nullable=False, comment="folded, to search in and to order by"),
        sa.Column("actor", sa.Text(), nullable=False, comment="who gave it"),
    )


def upgrade() -> None:
    op.create_table(
        "person_name",
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, comment="authenticSource, signIn or the enterprise's number"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_columns_of_a_name(),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True, comment="none: it holds"),
        sa.PrimaryKeyConstraint("person", "origin", "version"),
        comment="what people are called, by whom, with every earlier version",
    )
    op.create_index(
        "person_name_in_force",
        "person_name",
        ["origin", "person"],
        unique=True,
        postgresql_where=sa.text("superseded_at is null"),
    )
    op.create_table(
        "declared_name",
        sa.Column("submission", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("turn", sa.SmallInteger(), nullable=False, comment="when it is decided among what came with it"),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        *_columns_of_a_name(),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("submission", "line"),
        comment="names in declarations that are not decided yet",
    )
    op.create_index("declared_name_of", "declared_name", ["enterprise", "person"])
    confirmed = sa.Column("confirmed_by", sa.Text(), nullable=True, comment="the authentic source that confirmed it")
    op.add_column("employment", confirmed)
    _keep_what_is_seen_today()


def _keep_what_is_seen_today() -> None:
    connection = op.get_bind()
    person, origin = "00000000-0000-0000-0000-000000000000", ""
    while rows := connection.execute(sa.text(_TODAY), {"person": person, "origin": origin, "chunk": CHUNK}).all():
        names = [Name(row.given_name, row.family_name) for row in rows]
        connection.execute(
            sa.text(_KEEP),
            [
                {
                    "person": row.person,
                    "origin": row.origin,
                    "given": row.given_name,
                    "family": row.family_name,
                    "given_first": name.given_first,
                    "family_first": name.family_first,
                    "at": row.created_at,
                }
                for row, name in zip(rows, names, strict=True)
            ],
        )
        person, origin = rows[-1].person, rows[-1].origin
