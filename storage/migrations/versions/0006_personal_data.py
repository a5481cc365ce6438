"""Exports of one's own data, warnings before data goes, purges, consent slips."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _person(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_{table}_{column}_people", ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "data_exports",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _person("data_exports", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_data_exports"),
    )
    op.create_index("ix_data_exports_person_id", "data_exports", ["person_id"], unique=False)
    op.create_index("ix_data_exports_open", "data_exports", ["closed_at", "made_at"], unique=False)
    op.create_table(
        "retention_notices",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("erase_at", Instant(), nullable=False),
        _person("retention_notices", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name="pk_retention_notices"),
    )
    op.create_table(
        "purge_runs",
        sa.Column("day", sa.String(length=80), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("counts", JSON_TYPE, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_purge_runs"),
    )
    op.create_table(
        "disclosures",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("fields", JSON_TYPE, nullable=False),
        sa.Column("optional", JSON_TYPE, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=True),
        sa.Column("event_id", KEY_TYPE, nullable=True),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("created_by", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("emptied_at", Instant(), nullable=True),
        sa.Column("counts", JSON_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_disclosures_mission_id_missions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_disclosures_event_id_events", ondelete="CASCADE"),
        _person("disclosures", "created_by", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_disclosures"),
    )
    op.create_index("ix_disclosures_until", "disclosures", ["emptied_at", "until"], unique=False)
    op.create_table(
        "disclosure_answers",
        sa.Column("disclosure_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=True),
        sa.Column("values", JSON_TYPE, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("exported_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosures.id"],
            name="fk_disclosure_answers_disclosure_id_disclosures",
            ondelete="CASCADE",
        ),
        _person("disclosure_answers", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("disclosure_id", "person_id", name="pk_disclosure_answers"),
    )
    op.create_index("ix_disclosure_answers_person_id", "disclosure_answers", ["person_id"], unique=False)
    op.create_table(
        "disclosure_exports",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("disclosure_id", KEY_TYPE, nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosures.id"],
            name="fk_disclosure_exports_disclosure_id_disclosures",
            ondelete="CASCADE",
        ),
        _person("disclosure_exports", "by_person_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure_exports"),
    )
    op.create_index("ix_disclosure_exports_disclosure_id", "disclosure_exports", ["disclosure_id"], unique=False)


def downgrade() -> None:
    for table in (
        "disclosure_exports",
        "disclosure_answers",
        "disclosures",
        "purge_runs",
        "retention_notices",
        "data_exports",
    ):
        op.drop_table(table)
