"""The registration service's tables."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSON, JSONB

from shared.database.ended_access import add_ended_access
from shared.database.tables import add_messaging_tables

metadata = MetaData()
add_messaging_tables(metadata)
add_ended_access(metadata)

Moment = DateTime(timezone=True)

training_version = Table(
    "training_version",
    metadata,
    Column("training", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("change", Text, nullable=False, comment="registered, corrected, cancelled or matched"),
    Column("person", Uuid, nullable=False, comment="the vault's id, never a national number"),
    Column("enterprise", Text, nullable=False),
    Column("sender", Text, nullable=False, comment="who registered it: the reference is unique per sender"),
    Column("reference", Text),
    Column("registered_by", Text, nullable=False),
    Column("start_date", Date, nullable=False, comment="with end_date: the period this version is about"),
    Column("end_date", Date, nullable=False),
    Column("content", JSON, nullable=False, comment="as in the contract fla.trainings.v1"),
    Column("received_at", Moment, nullable=False, comment="when it was declared"),
    Column("recorded_at", Moment, nullable=False, comment="known since then, until the next version was recorded"),
    Column("cause", Uuid, nullable=False, comment="the submission item that led to it"),
    Column("submission", Uuid, nullable=False),
    Column("actor", Text, nullable=False),
    Column("party", Text, nullable=False, comment="the enterprise that the actor acted for"),
    Column("reason", Text),
    Column("same_as", Uuid, comment="the training that this one is the same as, and that counts in its place"),
    Column("is_distinct", Boolean, comment="true: registered as a training of its own though the same was there"),
    Column("same_key", BigInteger, comment="shared by the same trainings of a person (domain.doubles.key_of)"),
    Index("training_version_same", "same_key"),
    comment="every version of every training: rows are added, never changed; bitemporal by period and recorded_at",
)
settled_item = Table(
    "settled_item",
    metadata,
    Column("item", Uuid, primary_key=True),
    Column("submission", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("status", Text, nullable=False, comment="unchanged or refused"),
    Column("anomalies", JSONB, nullable=False),
    Column("settled_at", Moment, nullable=False),
    comment="items that led to no version; with the causes of versions, all that was decided: told once",
)
employment = Table(
    "employment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("last_day", Date, comment="none while it lasts; a cancelled one's is known too"),
    Index("employment_of", "enterprise", "person"),
    comment="who is employed where, as far as access depends on it; follows fla.employments",
)
