"""Joining by address, organisations with a contact and seats, handovers, and codes under a key.

Codes were kept as digests without a key; those that are under way cannot be looked up any more. Linking codes live for
a quarter of an hour; invitations made before are withdrawn, and their lists say so.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("organisations", sa.Column("seats", sa.BigInteger(), nullable=True))
    op.add_column("organisations", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("people", sa.Column("work_address", sa.String(length=300), nullable=False, server_default=""))
    op.create_index(
        "ix_people_work_address",
        "people",
        ["work_address"],
        unique=True,
        sqlite_where=sa.text("work_address <> ''"),
        postgresql_where=sa.text("work_address <> ''"),
    )
    op.add_column("invites", sa.Column("hint", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("invites", sa.Column("uses", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("invites", sa.Column("revoked_at", Instant(), nullable=True))
    op.create_index("ix_invites_organisation", "invites", ["organisation_id", "created_at"], unique=False)
    op.execute("UPDATE invites SET uses = uses_left, revoked_at = created_at")
    op.execute("DELETE FROM link_codes")
    op.drop_table("code_attempts")
    op.create_table(
        "code_attempts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_attempts"),
    )
    op.create_index("ix_code_attempts_who", "code_attempts", ["use", "digest", "at"], unique=False)
    op.create_table(
        "organisation_contacts",
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_contacts_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_organisation_contacts_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_organisation_contacts"),
    )
    op.create_index("ix_organisation_contacts_person_id", "organisation_contacts", ["person_id"], unique=False)
    op.create_table(
        "organisation_aliases",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_aliases_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_organisation_aliases"),
    )
    op.create_index(
        "ix_organisation_aliases_organisation_id", "organisation_aliases", ["organisation_id"], unique=False
    )
    op.create_table(
        "organisation_requests",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("organisation_id", KEY_TYPE, nullable=True),
        sa.Column("claim", sa.String(length=300), nullable=False),
        sa.Column("left_from", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("decided_by", KEY_TYPE, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_organisation_requests_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_requests_organisation_id_organisations",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name="fk_organisation_requests_decided_by_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_requests"),
    )
    op.create_index("ix_organisation_requests_person_id", "organisation_requests", ["person_id"], unique=False)
    op.create_index("ix_organisation_requests_state", "organisation_requests", ["state", "created_at"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("from_person_id", KEY_TYPE, nullable=False),
        sa.Column("to_person_id", KEY_TYPE, nullable=False),
        sa.Column("contact", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_handovers_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_person_id"], ["people.id"], name="fk_handovers_from_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["to_person_id"], ["people.id"], name="fk_handovers_to_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handovers"),
    )
    op.create_index("ix_handovers_from_person_id", "handovers", ["from_person_id"], unique=False)
    op.create_index("ix_handovers_to_person_id", "handovers", ["to_person_id"], unique=False)
    op.create_table(
        "person_interests",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("topic_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_interests_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name="fk_person_interests_topic_id_topics", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic_id", name="pk_person_interests"),
    )
    op.create_index("ix_person_interests_topic_id", "person_interests", ["topic_id"], unique=False)
    op.create_table(
        "address_codes",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("nonce", sa.String(length=80), nullable=False),
        sa.Column("wrong", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_address_codes_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address_codes"),
    )
    op.create_index("ix_address_codes_person_id", "address_codes", ["person_id"], unique=False)
    op.create_table(
        "mails",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("locale", sa.String(length=40), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.String(length=80), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_mails_person_id_people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
    )
    op.create_index("ix_mails_due", "mails", ["state", "due_at"], unique=False)
    op.create_index("ix_mails_person_id", "mails", ["person_id"], unique=False)


def downgrade() -> None:
    for table in (
        "mails",
        "address_codes",
        "person_interests",
        "handovers",
        "organisation_requests",
        "organisation_aliases",
        "organisation_contacts",
        "code_attempts",
    ):
        op.drop_table(table)
    op.create_table(
        "code_attempts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("user_hash", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_attempts"),
    )
    op.create_index("ix_code_attempts_who", "code_attempts", ["platform", "account", "user_hash", "at"], unique=False)
    op.drop_index("ix_invites_organisation", "invites")
    for column in ("revoked_at", "uses", "hint"):
        op.drop_column("invites", column)
    op.drop_index("ix_people_work_address", "people")
    op.drop_column("people", "work_address")
    for column in ("active", "seats"):
        op.drop_column("organisations", column)
