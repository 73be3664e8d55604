"""The same training of a person is found by a key, and a version says whose double it is."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.registration.domain.doubles import key_of

revision = "0004"
down_revision = "0003"

_AT_ONCE = 5_000
_NEXT = sa.text("""
select training, version, person::text, content from training_version
where (training, version) > (:training, :version) order by training, version limit :most
""")
_FILL = sa.text("""
update training_version v set same_key = n.key
from unnest(cast(:trainings as uuid[]), cast(:versions as int[]), cast(:keys as bigint[])) as n(training, version, key)
where v.training = n.training and v.version = n.version
""")


_COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("same_as", sa.Uuid(), comment="the training that this one is the same as, and that counts in its place"),
    sa.Column(
        "is_distinct", sa.Boolean(), comment="true: registered as a training of its own though the same was there"
    ),
    sa.Column("same_key", sa.BigInteger(), comment="shared by the same trainings of a person (domain.doubles.key_of)"),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("training_version", column)
    op.alter_column(
        "training_version",
        "change",
        comment="registered, corrected, cancelled or matched",
        existing_comment="registered, corrected or cancelled",
    )
    _fill()
    op.create_index("training_version_same", "training_version", ["same_key"])


def _fill() -> None:
    """Give every training that is there its key: the same one registered again tomorrow must find it."""
    connection = op.get_bind()
    last: Any = ("00000000-0000-0000-0000-000000000000", 0)
    while rows := connection.execute(_NEXT, {"training": last[0], "version": last[1], "most": _AT_ONCE}).all():
        connection.execute(
            _FILL,
            {
                "trainings": [row.training for row in rows],
                "versions": [row.version for row in rows],
                "keys": [key_of(row.person, row.content) for row in rows],
            },
        )
        last = rows[-1].training, rows[-1].version
