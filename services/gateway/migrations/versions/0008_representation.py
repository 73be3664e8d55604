"""Claims to represent an enterprise, and employers announced to the people they register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

# Until now whoever registered an enterprise became its representative: each such right becomes a claim, so that it can
# be looked at and revoked like any other. Nothing in force changes.
CLAIMS_BEFORE = """
insert into representation_claim (id, enterprise, person, name, fields, asked_at, state, evidence, decided_by,
                                  decided_at, registers, submitted_at, seen_at)
select r.id, r.enterprise, r.person, e.name, '{}', r.granted_at, 'granted', '{"said": "neverAsked"}', r.granted_by,
       r.granted_at, e.registered_by = r.granted_by, r.granted_at, r.granted_at
from access_right r join enterprise e on e.number = r.enterprise
where r.role = 'legalRepresentative' and r.withdrawn_at is null and r.granted_by = 'person:' || r.person
"""
RIGHTS_BEFORE = """
update access_right r set granted_by = 'claim:' || r.id from representation_claim c where c.id = r.id
"""
ENTERPRISES_BEFORE = """
update enterprise e set registered_by = 'claim:' || c.id
from representation_claim c where c.enterprise = e.number and c.registers
"""


def upgrade() -> None:
    op.create_table(
        "representation_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the enterprise, as the asker wrote it"),
        sa.Column(
            "fields",
            postgresql.JSONB(),
            nullable=False,
            comment="the declaration that registers the enterprise once granted",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending, granted, refused, withdrawn, revoking or revoked",
        ),
        sa.Column("evidence", postgresql.JSONB(), nullable=False, comment="what the authentic source said, and when"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="of the operator's decision, for the asker to read"),
        sa.Column(
            "registers",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="it brought the enterprise here: its declaration is to be submitted",
        ),
        sa.Column(
            "submitted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when that declaration is safe",
        ),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the asker closed the notice of the decision",
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        comment="who asked to represent an enterprise, what proved it, and what became of it",
    )
    op.create_index(
        "representation_claim_pending",
        "representation_claim",
        ["person", "enterprise"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("representation_claim_of", "representation_claim", ["person", "asked_at"])
    op.create_index("representation_claim_by_state", "representation_claim", ["state", "asked_at"])
    op.create_index(
        "representation_claim_unfinished",
        "representation_claim",
        ["id"],
        postgresql_where=sa.text("state = 'revoking' or state = 'granted' and registers and submitted_at is null"),
    )
    op.create_table(
        "employer_announcement",
        sa.Column("employment", sa.Uuid(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the person said that it is right, or closed the notice",
        ),
        sa.Column("contested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contest_text", sa.Text(), nullable=True, comment="for the operator alone"),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True, comment="for the person to read"),
        sa.PrimaryKeyConstraint("employment"),
        comment="a person's first employment at an enterprise: told to the person, who may contest it",
    )
    op.create_index("employer_announcement_of", "employer_announcement", ["person", "enterprise"])
    op.create_index(
        "employer_announcement_contested",
        "employer_announcement",
        ["contested_at"],
        postgresql_where=sa.text("contested_at is not null"),
    )
    op.execute(CLAIMS_BEFORE)
    op.execute(RIGHTS_BEFORE)
    op.execute(ENTERPRISES_BEFORE)
