"""The read models: one row per thing an event is about, in its latest version known here.

Every row is a partial truth on purpose. Topics keep no order among each other, so a training may be here before the
employment it belongs to, and a balance before both: nothing refers to anything by foreign key.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.database.ended_access import add_ended_access
from shared.database.tables import add_messaging_tables

metadata = MetaData()
add_messaging_tables(metadata)
add_ended_access(metadata)


def _projected_at() -> Column[object]:
    # The clock, not the transaction's start: this is what "time until visible" is measured with.
    return Column("projected_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()"))


training = Table(
    "training",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("charged_minutes", Integer, comment="as declared; absent: all minutes"),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("right_type", Text, nullable=False),
    Column("provider_name", Text),
    Column("provider_number", Text),
    Column("theme", Text),
    Column("modality", Text),
    Column("certificate", Boolean),
    Column("certificate_until", Date),
    Column("reference", Text),
    Column("registered_by", Text, nullable=False),
    Column("same_as", Uuid, comment="the training that counts in the place of this one, which is only listed"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _projected_at(),
    # Holds all that a summary adds up, so that an enterprise's year is read from the index alone: a sixth of the pages
    # at 200,000 trainings, for 1 microsecond more per training written.
    Index(
        "training_of_enterprise",
        "enterprise",
        "start_date",
        postgresql_include=[
            "person",
            "status",
            "kind",
            "minutes",
            "provider_number",
            "provider_name",
            "theme",
            "same_as",
        ],
    ),
    Index("training_latest", "enterprise", "recorded_at"),
    # The person first: trainings come person by person, so that a batch's keys lie side by side and not all over the
    # index, and no other index need find a person's trainings.
    PrimaryKeyConstraint("person", "id"),
    comment="trainings, cancelled ones too",
)

employment = Table(
    "employment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
    Column("end_reason", Text),
    Column("terms", JSONB, nullable=False, comment="as in the contract"),
    Column("cancelled", Boolean, nullable=False),
    Column("rest_agreed", Text),
    Column("opt_outs", JSONB, comment="as in the contract"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _projected_at(),
    Index("employment_of_enterprise", "enterprise", "person", "start_date"),
    Index("employment_of_person", "person"),
    comment="who is employed where, cancelled ones too",
)

enterprise = Table(
    "enterprise",
    metadata,
    Column("number", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("joint_committees", JSONB, nullable=False),
    Column("sizes", JSONB, nullable=False, comment="as in the contract: basis, workers, validFrom, validUntil"),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _projected_at(),
    comment="enterprises with what was declared about them",
)

balance = Table(
    "balance",
    metadata,
    Column("employment", Uuid, primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("version", Integer, nullable=False, comment="of the employment's balances, when this year last changed"),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("granted", Numeric, nullable=False),
    Column("carried_over", Numeric, nullable=False),
    Column("charged", Numeric, nullable=False),
    Column("reserved", Numeric, nullable=False),
    Column("lost", Numeric, nullable=False),
    Column("balance", Numeric, nullable=False),
    Column("available", Numeric, nullable=False),
    Column("incomplete", Boolean, nullable=False),
    Column(
        "gone",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="nothing is booked in this year any more: it is shown to nobody",
    ),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    _projected_at(),
    Index("balance_of_enterprise", "enterprise", "year"),
    Index("balance_of_person", "person"),
    # Rewritten with every training charged; no index holds a figure, so with room left a rewrite stays on its page.
    postgresql_with={"fillfactor": 60},
    comment="days of right per employment and year, each figure the exact sum of ledger lines",
)
