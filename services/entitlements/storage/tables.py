"""The entitlements service's tables.

No foreign keys: a training may be known before its employment and an employment before its enterprise, and the ledger
is written by COPY. `account` is the lock: whoever reads or writes anything of a person at an enterprise locks it first.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
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
from sqlalchemy.dialects.postgresql import DATERANGE, JSON, JSONB, ExcludeConstraint

from shared.database.ended_access import add_ended_access
from shared.database.tables import add_messaging_tables

metadata = MetaData()
add_messaging_tables(metadata)
add_ended_access(metadata)

Moment = DateTime(timezone=True)

enterprise = Table(
    "enterprise",
    metadata,
    Column("number", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("joint_committees", ARRAY(Text), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("cause", Uuid, nullable=False, comment="the submission item that led to this version"),
    Column("opt_outs", JSON, nullable=False, server_default="[]", comment="as in the contract, in order"),
)
enterprise_size = Table(
    "enterprise_size",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("enterprise", Text, nullable=False),
    Column("basis", Text, nullable=False, comment="stated or measured"),
    Column("workers", Numeric, nullable=False, comment="unrounded"),
    Column("period", DATERANGE, nullable=False),
    Column("end_declared", Boolean, nullable=False, comment="false: it lasts until the next one of its basis begins"),
    Column("recorded_at", Moment, nullable=False),
    Column("replaced_at", Moment, comment="known until then; null: as it is known now"),
    CheckConstraint("basis in ('stated', 'measured')", name="basis_known"),
    # Whole numbers as ranges of one, because comparing text in such an index needs an extension not found everywhere.
    ExcludeConstraint(
        (text("int8range(enterprise::int8, enterprise::int8, '[]')"), "&&"),
        (text("int4range((basis = 'measured')::int, (basis = 'measured')::int, '[]')"), "&&"),
        (text("period"), "&&"),
        using="gist",
        where=text("replaced_at is null"),
        name="sizes_of_one_basis_never_overlap",
    ),
    Index("enterprise_size_of", "enterprise"),
    comment="dated sizes; an earlier figure for the same days stays, with the moment it was replaced",
)
enterprise_quarter = Table(
    "enterprise_quarter",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("enterprise", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),
    Column("fte", Numeric, nullable=False, comment="full-time equivalents on its last day"),
    Column("heads", Integer, nullable=False),
    Column("agency_fte", Numeric, nullable=False),
    Column("agency_heads", Integer, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("replaced_at", Moment, comment="known until then; null: as it is known now"),
    Index(
        "enterprise_quarter_once",
        "enterprise",
        "year",
        "quarter",
        unique=True,
        postgresql_where=text("replaced_at is null"),
    ),
    comment="declared quarters, whose average is the size; an earlier figure stays, with the moment it was replaced",
)
enterprise_override = Table(
    "enterprise_override",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("enterprise", Text, nullable=False),
    Column("basis", Text, nullable=False, comment="fullTimeDays or resultingDays"),
    Column("days", Numeric, nullable=False),
    Column("right_type", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("collective_agreement", Text),
    Column("registered_at", Moment, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("replaced_at", Moment),
    Column("cancelled", Boolean, nullable=False, comment="taken back by the employer"),
    Column("line", Integer, nullable=False, comment="its place in what was sent: later is newer"),
    Index("enterprise_override_of", "enterprise", postgresql_where=text("replaced_at is null")),
    comment="the employer's own figures for everybody it employs; all versions stay",
)
account = Table(
    "account",
    metadata,
    Column("enterprise", Text, primary_key=True),
    Column("person", Uuid, primary_key=True),
    comment="one person at one enterprise: the row to lock before anything of theirs is read or written",
    postgresql_with={"fillfactor": "70"},
)
employment = Table(
    "employment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False, comment="the vault's id, never a national number"),
    Column("enterprise", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("reference", Text),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
    Column("end_reason", Text),
    Column("terms", JSON, nullable=False, comment="as in the contract, in order"),
    Column("cancelled", Boolean, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("cause", Uuid, nullable=False, comment="the submission item that led to this version"),
    Column("next_turn", Date, comment="the first day on which the calendar alone changes the ledger"),
    Column("rest_agreed", Text, comment="lost or openCredit, where the reason of the end leaves it open"),
    Column("opt_outs", JSON, nullable=False, server_default="[]", comment="as in the contract, in order"),
    Index("employment_of", "enterprise", "person"),
    Index("employment_of_person", "person"),
    Index("employment_next_turn", "next_turn", postgresql_where=text("next_turn is not null")),
)
employment_version = Table(
    "employment_version",
    metadata,
    Column("employment", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("state", JSONB, nullable=False, comment="as in the contract fla.employments.v1"),
    Column("reason", Text),
    Column("actor", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    comment="every version of every employment: rows are added, never changed",
)
entitlement_override = Table(
    "entitlement_override",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("employment", Uuid, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("basis", Text, nullable=False, comment="fullTimeDays or resultingDays"),
    Column("days", Numeric, nullable=False),
    Column("right_type", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("collective_agreement", Text),
    Column("registered_at", Moment, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("replaced_at", Moment),
    Column("cancelled", Boolean, nullable=False, server_default=text("false"), comment="taken back by the employer"),
    Column("line", Integer, nullable=False, server_default="0", comment="its place in what was sent: later is newer"),
    Index("entitlement_override_of_employment", "employment"),
    Index("entitlement_override_of", "enterprise", "person", postgresql_where=text("replaced_at is null")),
    comment="the employer's own figures; all versions stay",
)
training = Table(
    "training",
    metadata,
    Column("id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("charged_minutes", Integer),
    Column("status", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("right_type", Text, nullable=False),
    Column("same_as", Uuid, comment="the training that is charged in the place of this one"),
    # The person first: a person's trainings are read together and come together, so that their keys lie side by side.
    PrimaryKeyConstraint("person", "id"),
    comment="what a charge depends on, in the newest version known; registration owns the rest",
)
ledger_line = Table(
    "ledger_line",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True, comment="in the order of recording"),
    Column("employment", Uuid, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("figure", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("date", Date, nullable=False, comment="the day it is about; a delta's is that of the line it corrects"),
    Column("kind", Text, nullable=False),
    Column("amount", Numeric(14, 6), nullable=False, comment="days, signed by its effect on what is available"),
    Column("rule", Text, nullable=False),
    Column("rule_version", SmallInteger, nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("cause", Uuid, nullable=False, comment="the event that made it"),
    Column("training", Uuid),
    Column("right_type", Text),
    Column("recorded_at", Moment, nullable=False),
    Index("ledger_line_of", "employment"),
    comment="append-only: every figure is the sum of these",
)
balance = Table(
    "balance",
    metadata,
    Column("employment", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="grows with every balance-changed event"),
    # Always read and written whole: plain JSON is stored as it comes, and taken apart in one place only.
    Column("years", JSON, nullable=False, comment="per year the sums of its lines and what lines cannot say"),
    # Rewritten with every training: room on the page keeps the rewrite there, and no index sees it.
    postgresql_with={"fillfactor": "50"},
)
decided_item = Table(
    "decided_item",
    metadata,
    Column("item", Uuid, primary_key=True),
    Column("decided_at", Moment, nullable=False),
    Index("decided_item_by_time", "decided_at"),
    comment="submission items whose outcome was told: they are never told another",
)
recalculation = Table(
    "recalculation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise", Text, comment="null: every employment there is"),
    Column("reason", Text, nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("total", Integer, nullable=False, comment="employments to recalculate, as counted when it was requested"),
    Column("done", Integer, nullable=False),
    Column("last_employment", Uuid, comment="how far it came: goes on behind this one"),
    Column("failure", Text, comment="why the last try failed, null after a try that did not"),
    Column("finished_at", Moment),
    Index("recalculation_open", "requested_at", postgresql_where=text("finished_at is null")),
    Index("recalculation_of", "enterprise", "requested_at"),
)
calculation_basis = Table(
    "calculation_basis",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("fingerprint", Text, nullable=False, comment="of the arrangements and settings all balances are made with"),
    CheckConstraint("one", name="one_row"),
)
