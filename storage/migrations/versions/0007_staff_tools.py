"""The staff's tools: holds, acting for somebody, lists from files, and an audit log that cannot be changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.audit_schema import POSTGRES_DOWN, POSTGRES_UP, SQLITE_DOWN, SQLITE_UP
from storage.engine import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decision_holds",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("given_by", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_decision_holds_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["people.id"], name="fk_decision_holds_given_by_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", name="pk_decision_holds"),
    )
    op.create_index("ix_decision_holds_person_id", "decision_holds", ["person_id"])
    op.create_table(
        "acting",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("staff_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("account_id", KEY_TYPE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["people.id"], name="fk_acting_staff_id_people", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_acting_person_id_people", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_acting_account_id_accounts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_acting"),
    )
    op.create_index("ix_acting_staff_id", "acting", ["staff_id"])
    op.create_index("ix_acting_person_id", "acting", ["person_id"])
    op.create_index("ix_acting_open", "acting", ["account_id", "ended_at"])
    op.create_index("ix_acting_untold", "acting", ["told_at", "ends_at"])
    op.create_table(
        "organisation_records",
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("vat_number", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_records_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_organisation_records"),
        sa.UniqueConstraint("external_id", name="uq_organisation_records_external_id"),
        sa.UniqueConstraint("vat_number", name="uq_organisation_records_vat_number"),
    )
    op.create_table(
        "member_records",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("work_email", sa.String(length=300), nullable=True),
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("job_title", sa.String(length=300), nullable=False),
        sa.Column("locale", sa.String(length=40), nullable=False),
        sa.Column("invite_id", KEY_TYPE, nullable=True),
        sa.Column("person_id", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_member_records_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["invite_id"], ["invites.id"], name="fk_member_records_invite_id_invites", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_member_records_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_member_records"),
        sa.UniqueConstraint("external_id", name="uq_member_records_external_id"),
        sa.UniqueConstraint("work_email", name="uq_member_records_work_email"),
        sa.UniqueConstraint("invite_id", name="uq_member_records_invite_id"),
        sa.UniqueConstraint("person_id", name="uq_member_records_person_id"),
    )
    op.create_index("ix_member_records_organisation_id", "member_records", ["organisation_id"])
    op.create_index("ix_member_records_expiry", "member_records", ["expires_at"])
    op.create_table(
        "imports",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=False),
        sa.Column("file", JSON_TYPE, nullable=False),
        sa.Column("content", JSON_TYPE, nullable=False),
        sa.Column("fingerprint", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_imports_by_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
    )
    op.create_index("ix_imports_by_person_id", "imports", ["by_person_id"])
    op.create_index("ix_imports_state", "imports", ["state", "created_at"])
    op.add_column("audit", sa.Column("anonymised", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("audit", sa.Column("acting_id", sa.BigInteger(), nullable=True))
    op.add_column("people", sa.Column("suspended_from", sa.String(length=40), nullable=True))
    op.create_index("ix_audit_by", "audit", ["by_person_id", "id"])
    op.create_index("ix_audit_acting", "audit", ["acting_id"])
    for statement in SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRES_UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRES_DOWN:
        op.execute(statement)
    op.drop_index("ix_audit_acting", table_name="audit")
    op.drop_index("ix_audit_by", table_name="audit")
    op.drop_column("people", "suspended_from")
    op.drop_column("audit", "acting_id")
    op.drop_column("audit", "anonymised")
    for table in ("imports", "member_records", "organisation_records", "acting", "decision_holds"):
        op.drop_table(table)
