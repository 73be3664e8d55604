"""The gateway's tables: identity vault, access, submissions and what is known of employments."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.batch.tables import add_batch_tables
from shared.database.tables import add_messaging_tables

metadata = MetaData()
add_messaging_tables(metadata)
add_batch_tables(metadata)

Moment = DateTime(timezone=True)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("ssin_hash", LargeBinary, nullable=False, unique=True, comment="HMAC-SHA-256 under the vault's key"),
    Column("ssin_encrypted", LargeBinary, nullable=False, comment="AES-GCM: nonce, ciphertext and tag"),
    # For the release before: names are in `person_name`.
    Column("given_name", Text),
    Column("family_name", Text),
    Column("language", Text),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    comment="the identity vault: the only place where a person's id meets a national number and a name",
)


def _columns_of_a_name() -> tuple[Column[Any], ...]:
    return (
        Column("given_name", Text),
        Column("family_name", Text),
        Column("given_first", Text, nullable=False, comment="folded, to search in"),
        Column("family_first", Text, nullable=False, comment="folded, to search in and to order by"),
        Column("actor", Text, nullable=False, comment="who gave it"),
    )


person_name = Table(
    "person_name",
    metadata,
    Column("person", Uuid, primary_key=True),
    Column("origin", Text, primary_key=True, comment="authenticSource, signIn or the enterprise's number"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *_columns_of_a_name(),
    Column("recorded_at", Moment, nullable=False),
    Column("superseded_at", Moment, comment="none: it holds"),
    Index("person_name_in_force", "origin", "person", unique=True, postgresql_where=text("superseded_at is null")),
    comment="what people are called, by whom, with every earlier version",
)
declared_name = Table(
    "declared_name",
    metadata,
    Column("submission", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("turn", SmallInteger, nullable=False, comment="when it is decided among what came with it"),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    *_columns_of_a_name(),
    Column("received_at", Moment, nullable=False),
    Index("declared_name_of", "enterprise", "person"),
    comment="names in declarations that are not decided yet",
)
enterprise = Table(
    "enterprise",
    metadata,
    Column("number", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("registered_at", Moment, nullable=False, server_default=func.now()),
    Column("registered_by", Text, nullable=False),
    Column("folded_name", Text, comment="as searched; none: not folded yet"),
    Index("enterprise_by_name", "name", "number"),
)
access_right = Table(
    "access_right",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("enterprise", Text, comment="none for inspectors and operators"),
    Column("joint_committees", ARRAY(Text), nullable=False, server_default="{}"),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Moment, nullable=False, server_default=func.now()),
    Column("withdrawn_at", Moment),
    Column("valid_from", Date, comment="in force from this day on, in Brussels; empty: from the start"),
    Column("valid_until", Date, comment="in force up to and including this day; empty: until it is withdrawn"),
    Index("access_right_of_period", "person", "role", "enterprise", "valid_from", unique=True,
          postgresql_where=text("withdrawn_at is null"), postgresql_nulls_not_distinct=True),
)  # fmt: skip
mandate = Table(
    "mandate",
    metadata,
    Column("enterprise", Text, primary_key=True),
    Column("mandatary", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True, comment="first day of a quarter"),
    Column("confirmed_at", Moment),
    Column("withdrawn_at", Moment),
    Column("valid_until", Date, comment="in force up to and including this day; empty: until it is withdrawn"),
    Index("mandate_by_mandatary", "mandatary"),
)
api_client = Table(
    "api_client",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("organisation", Text, nullable=False, comment="enterprise number of who runs this software"),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("withdrawn_at", Moment),
    Column("valid_from", Date, comment="in force from this day on, in Brussels; empty: from the start"),
    Column("valid_until", Date, comment="in force up to and including this day; empty: until it is withdrawn"),
)
session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True, comment="SHA-256 of the cookie: a leaked table opens nothing"),
    Column("person", Uuid, ForeignKey("person.id"), nullable=False),
    Column("acting_for", Text, comment="the enterprise chosen to act for"),
    Column("means", Text, nullable=False, comment="how the person signed in: eid, itsme"),
    Column("csrf_token", Text, nullable=False),
    Column("created_at", Moment, nullable=False, server_default=func.now()),
    Column("expires_at", Moment, nullable=False),
)
employment = Table(
    "employment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False, comment="0: submitted here, not decided yet"),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("end_date", Date),
    Column("cancelled", Boolean, nullable=False, server_default=text("false")),
    Column("cancelled_on", Date, comment="the day in Brussels"),
    Column("submission", Uuid, comment="of a row with version 0"),
    Column("line", Integer),
    Column("reference", Text, comment="the sender's own, as far as known"),
    Column("cancelled_by", Uuid, comment="the submission whose cancellation is not decided yet"),
    Column("cancelled_by_line", Integer),
    Column("confirmed_by", Text, comment="the authentic source that confirmed it"),
    Index("employment_of", "enterprise", "person"),
    Index("employment_undecided", "submission", "line", postgresql_where=text("version = 0")),
    Index("employment_cancelling", "cancelled_by", "cancelled_by_line",
          postgresql_where=text("cancelled_by is not null")),
    comment="who is employed where: decides whose trainings may be registered; follows fla.employments",
)  # fmt: skip
reference_holder = Table(
    "reference_holder",
    metadata,
    Column("subject", Uuid, primary_key=True, comment="the id that follows from sender and reference"),
    Column("person", Uuid, nullable=False, comment="whom it names"),
    Column("submission", Uuid, nullable=False),
    Column("line", Integer, nullable=False),
    Column("refused", Boolean, nullable=False, server_default=text("false"),
           comment="names it only in what was sent together with it"),
    # Rows come in the order of their submissions: a few bytes for many of them find those of one.
    Index("reference_holder_by_submission", "submission", postgresql_using="brin",
          postgresql_with={"pages_per_range": 16, "autosummarize": True}),
    comment="whom each sender's reference of a training or an own figure names",
)  # fmt: skip
refused_in_file = Table(
    "refused_in_file",
    metadata,
    Column("submission", Uuid, primary_key=True),
    Column("subject", Uuid, primary_key=True, comment="what it would have been"),
    Column("line", Integer, nullable=False),
    Column("code", Text, nullable=False),
    comment="declarations of a file under way that were refused: what leans on them is refused too",
)
reopened_access = Table(
    "reopened_access",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise", Text, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("until", Date, nullable=False, comment="the last day on which it is open"),
    Column("reason", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Moment, nullable=False, server_default=func.now()),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", Moment),
    Index("reopened_access_of", "enterprise", "person", postgresql_where=text("withdrawn_at is null")),
    comment="people opened again to a former employer by an operator, for a correction",
)
submission = Table(
    "submission",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False, comment="single, bulk or batch"),
    Column("channel", Text, nullable=False, comment="web, api or batch"),
    Column("area", Text, comment="trainings, employments, entitlements, enterprises or batches: the scopes to read it"),
    Column("sender", Text, nullable=False, comment="enterprise number of the organisation that sent it"),
    Column("actor", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("declared", Integer, comment="number of declarations, once counted"),
    Column("accepted", Integer, nullable=False, server_default="0"),
    Column("warned", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("refused", Integer, nullable=False, server_default="0"),
    Column("completed_at", Moment),
    Column("subject", Uuid, comment="of a single one: the training, employment or entitlement it is about"),
    Column("idempotency_key", Text),
    Column("body_hash", LargeBinary),
    Index("submission_idempotency", "sender", "idempotency_key", unique=True,
          postgresql_where=text("idempotency_key is not null")),
    Index("submission_of_sender", "sender", "received_at"),
)  # fmt: skip
submission_item = Table(
    "submission_item",
    metadata,
    Column("submission", Uuid, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("reference", Text),
    Column("status", Text, nullable=False),
    Column("anomalies", JSONB, nullable=False),
    comment="only items that were not plainly accepted",
)
outcome_event = Table(
    "outcome_event",
    metadata,
    Column("id", Uuid, primary_key=True, comment="an outcome counted already: a second delivery changes nothing"),
    Column("received_at", Moment, nullable=False, server_default=func.now()),
)
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Moment, nullable=False, server_default=func.now()),
    Column("actor", Text, nullable=False),
    Column("party", Text),
    Column("action", Text, nullable=False),
    Column("subject", Text),
    Column("details", JSONB, nullable=False, server_default="{}"),
    Index("audit_log_by_time", "at"),
)
representation_claim = Table(
    "representation_claim",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("enterprise", Text, nullable=False),
    Column("person", Uuid, ForeignKey("person.id"), nullable=False),
    Column("name", Text, nullable=False, comment="of the enterprise, as the asker wrote it"),
    Column("fields", JSONB, nullable=False, comment="the declaration that registers the enterprise once granted"),
    Column("asked_at", Moment, nullable=False, server_default=func.now()),
    Column("state", Text, nullable=False, comment="pending, granted, refused, withdrawn, revoking or revoked"),
    Column("evidence", JSONB, nullable=False, comment="what the authentic source said, and when"),
    Column("decided_by", Text),
    Column("decided_at", Moment),
    Column("reason", Text, comment="of the operator's decision, for the asker to read"),
    Column("registers", Boolean, nullable=False, server_default=text("false"),
           comment="it brought the enterprise here: its declaration is to be submitted"),
    Column("submitted_at", Moment, comment="since when that declaration is safe"),
    Column("revoked_by", Text),
    Column("revoked_at", Moment),
    Column("revoke_reason", Text),
    Column("seen_at", Moment, comment="the asker closed the notice of the decision"),
    Index("representation_claim_pending", "person", "enterprise", unique=True,
          postgresql_where=text("state = 'pending'")),
    Index("representation_claim_of", "person", "asked_at"),
    Index("representation_claim_by_state", "state", "asked_at"),
    Index("representation_claim_unfinished", "id",
          postgresql_where=text("state = 'revoking' or state = 'granted' and registers and submitted_at is null")),
    comment="who asked to represent an enterprise, what proved it, and what became of it",
)  # fmt: skip
employer_announcement = Table(
    "employer_announcement",
    metadata,
    Column("employment", Uuid, primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("enterprise", Text, nullable=False),
    Column("announced_at", Moment, nullable=False, server_default=func.now()),
    Column("seen_at", Moment, comment="the person said that it is right, or closed the notice"),
    Column("contested_at", Moment),
    Column("contest_text", Text, comment="for the operator alone"),
    Column("resolved_at", Moment),
    Column("resolved_by", Text),
    Column("resolution", Text, comment="for the person to read"),
    Index("employer_announcement_of", "person", "enterprise"),
    Index("employer_announcement_contested", "contested_at", postgresql_where=text("contested_at is not null")),
    comment="a person's first employment at an enterprise: told to the person, who may contest it",
)
