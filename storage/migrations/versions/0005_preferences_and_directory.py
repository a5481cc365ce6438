"""Quiet hours and the preferred channel, what waits for the digest, the directory and its introductions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _to_people(table: str, column: str, rule: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_{table}_{column}_people", ondelete=rule)


def upgrade() -> None:
    # Who is there already keeps what they had: the community's quiet hours, and to be written to where they act.
    op.add_column("people", sa.Column("channel", sa.String(length=40), nullable=True))
    op.add_column("people", sa.Column("quiet", sa.String(length=40), nullable=False, server_default="default"))
    op.add_column("people", sa.Column("quiet_from", sa.BigInteger(), nullable=False, server_default="1260"))
    op.add_column("people", sa.Column("quiet_until", sa.BigInteger(), nullable=False, server_default="450"))
    op.add_column("people", sa.Column("quiet_days", sa.String(length=80), nullable=False, server_default="0123456"))
    op.add_column("people", sa.Column("quiet_weekends", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "digest_items",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        _to_people("digest_items", "person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest_items"),
    )
    op.create_index("ix_digest_items_waiting", "digest_items", ["person_id", "told_at"], unique=False)
    op.create_table(
        "directory_entries",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("shows_organisation", sa.Boolean(), nullable=False),
        sa.Column("shows_role", sa.Boolean(), nullable=False),
        sa.Column("shows_sectors", sa.Boolean(), nullable=False),
        sa.Column("shows_offers", sa.Boolean(), nullable=False),
        sa.Column("shows_languages", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        _to_people("directory_entries", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_directory_entries"),
    )
    op.create_table(
        "directory_words",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        _to_people("directory_words", "person_id"),
        sa.PrimaryKeyConstraint("person_id", "word", name="pk_directory_words"),
    )
    op.create_index("ix_directory_words_word", "directory_words", ["word", "person_id"], unique=False)
    op.create_table(
        "introductions",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("asker_id", KEY_TYPE, nullable=False),
        sa.Column("asked_id", KEY_TYPE, nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("asker_contact", sa.String(length=300), nullable=False),
        sa.Column("asked_contact", sa.String(length=300), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("remind_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        _to_people("introductions", "asker_id"),
        _to_people("introductions", "asked_id"),
        sa.PrimaryKeyConstraint("id", name="pk_introductions"),
    )
    op.create_index("ix_introductions_asker", "introductions", ["asker_id", "created_at"], unique=False)
    op.create_index("ix_introductions_asked", "introductions", ["asked_id", "status"], unique=False)
    op.create_index("ix_introductions_ends", "introductions", ["told_at", "expires_at"], unique=False)
    op.create_index(
        "uq_introductions_open",
        "introductions",
        ["first_id", "second_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "person_blocks",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("blocked_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        _to_people("person_blocks", "person_id"),
        _to_people("person_blocks", "blocked_id"),
        sa.PrimaryKeyConstraint("person_id", "blocked_id", name="pk_person_blocks"),
    )
    op.create_index("ix_person_blocks_blocked", "person_blocks", ["blocked_id"], unique=False)
    op.create_table(
        "person_reports",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=False),
        sa.Column("about_person_id", KEY_TYPE, nullable=False),
        sa.Column("introduction_id", KEY_TYPE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", KEY_TYPE, nullable=True),
        _to_people("person_reports", "by_person_id"),
        _to_people("person_reports", "about_person_id"),
        _to_people("person_reports", "settled_by", "SET NULL"),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name="fk_person_reports_introduction_id_introductions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_person_reports"),
        sa.UniqueConstraint("by_person_id", "introduction_id", name="uq_person_reports_by_person_id_introduction_id"),
    )
    op.create_index("ix_person_reports_about_person_id", "person_reports", ["about_person_id"], unique=False)
    op.create_index("ix_person_reports_open", "person_reports", ["settled_at", "at"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM person_topics WHERE topic LIKE '\\_%' ESCAPE '\\'")
    op.drop_table("person_reports")
    op.drop_table("person_blocks")
    op.drop_table("introductions")
    op.drop_table("directory_words")
    op.drop_table("directory_entries")
    op.drop_table("digest_items")
    for column in ("quiet_weekends", "quiet_days", "quiet_until", "quiet_from", "quiet", "channel"):
        op.drop_column("people", column)
