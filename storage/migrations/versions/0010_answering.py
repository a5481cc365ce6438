"""What readers do with posts: votes, saved posts, reminders, outcomes, reports; followed calls and partners."""

import sqlalchemy as sa
from alembic import op

from storage.engine import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("post_answers", sa.Column("edited_at", Instant(), nullable=True))
    op.create_index("ix_post_answers_created_at", "post_answers", ["created_at"], unique=False)
    op.create_index("ix_posts_deadline", "posts", ["deadline"], unique=False)
    # It was the number of answers; from here on it is that of votes, of which there are none yet.
    op.execute("UPDATE search_entries SET useful = 0 WHERE kind = 'post'")
    op.create_table(
        "call_follows",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=True),
        sa.Column("kind_id", KEY_TYPE, nullable=True),
        sa.Column("sector_id", KEY_TYPE, nullable=True),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["post_kinds.id"], name="fk_call_follows_kind_id_post_kinds", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_call_follows_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_call_follows_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["sector_id"], ["sectors.id"], name="fk_call_follows_sector_id_sectors", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_call_follows"),
        sa.UniqueConstraint("person_id", "scope", name="uq_call_follows_person_id_scope"),
    )
    op.create_index("ix_call_follows_kind", "call_follows", ["kind_id", "sector_id"], unique=False)
    op.create_index("ix_call_follows_post_id", "call_follows", ["post_id"], unique=False)
    op.create_table(
        "call_partners",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_call_partners_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_call_partners_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_call_partners"),
        sa.UniqueConstraint("post_id", "person_id", name="uq_call_partners_post_id_person_id"),
    )
    op.create_index("ix_call_partners_person_id", "call_partners", ["person_id"], unique=False)
    op.create_table(
        "call_reminders",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("days_before", sa.BigInteger(), nullable=False),
        sa.Column("reminded_for", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_call_reminders_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "days_before", name="pk_call_reminders"),
    )
    op.create_table(
        "post_reminders",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_post_reminders_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_reminders_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_post_reminders"),
    )
    op.create_index("ix_post_reminders_day", "post_reminders", ["day"], unique=False)
    op.create_index("ix_post_reminders_person_id", "post_reminders", ["person_id"], unique=False)
    op.create_table(
        "post_saves",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_post_saves_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_saves_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_post_saves"),
    )
    op.create_index("ix_post_saves_person", "post_saves", ["person_id", "at"], unique=False)
    op.create_table(
        "post_votes",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_post_votes_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_votes_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_post_votes"),
    )
    op.create_index("ix_post_votes_person_id", "post_votes", ["person_id"], unique=False)
    op.create_table(
        "answer_votes",
        sa.Column("answer_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["post_answers.id"], name="fk_answer_votes_answer_id_post_answers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_answer_votes_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "person_id", name="pk_answer_votes"),
    )
    op.create_index("ix_answer_votes_person_id", "answer_votes", ["person_id"], unique=False)
    op.create_table(
        "content_reports",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "post",
                "answer",
                "event",
                "mission",
                "meeting",
                "announcement",
                "person",
                "organisation",
                "application",
                "introduction",
                "vocabulary",
                "outbox",
                "list",
                "disclosure",
                name="subjectkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("answer_id", KEY_TYPE, nullable=True),
        sa.Column("by_person_id", KEY_TYPE, nullable=False),
        sa.Column("about_person_id", KEY_TYPE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("dismissed", "removed", "gone", name="reportoutcome", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["about_person_id"], ["people.id"], name="fk_content_reports_about_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["post_answers.id"], name="fk_content_reports_answer_id_post_answers", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_content_reports_by_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_content_reports_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["people.id"], name="fk_content_reports_settled_by_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_content_reports"),
    )
    op.create_index("ix_content_reports_about_person_id", "content_reports", ["about_person_id"], unique=False)
    op.create_index("ix_content_reports_answer_id", "content_reports", ["answer_id"], unique=False)
    op.create_index("ix_content_reports_open", "content_reports", ["settled_at", "at"], unique=False)
    op.create_index("ix_content_reports_post_id", "content_reports", ["post_id"], unique=False)
    op.create_index("uq_content_reports_answer", "content_reports", ["by_person_id", "answer_id"], unique=True)
    op.create_index(
        "uq_content_reports_post",
        "content_reports",
        ["by_person_id", "post_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'post'"),
        postgresql_where=sa.text("kind = 'post'"),
    )
    op.create_table(
        "post_outcomes",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("answer_id", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["post_answers.id"], name="fk_post_outcomes_answer_id_post_answers", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_outcomes_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_outcomes"),
        sa.UniqueConstraint("answer_id", name="uq_post_outcomes_answer_id"),
    )


def downgrade() -> None:
    op.drop_table("post_outcomes")
    op.drop_index("uq_content_reports_post", table_name="content_reports")
    op.drop_index("uq_content_reports_answer", table_name="content_reports")
    op.drop_index("ix_content_reports_post_id", table_name="content_reports")
    op.drop_index("ix_content_reports_open", table_name="content_reports")
    op.drop_index("ix_content_reports_answer_id", table_name="content_reports")
    op.drop_index("ix_content_reports_about_person_id", table_name="content_reports")
    op.drop_table("content_reports")
    op.drop_index("ix_answer_votes_person_id", table_name="answer_votes")
    op.drop_table("answer_votes")
    op.drop_index("ix_post_votes_person_id", table_name="post_votes")
    op.drop_table("post_votes")
    op.drop_index("ix_post_saves_person", table_name="post_saves")
    op.drop_table("post_saves")
    op.drop_index("ix_post_reminders_person_id", table_name="post_reminders")
    op.drop_index("ix_post_reminders_day", table_name="post_reminders")
    op.drop_table("post_reminders")
    op.drop_table("call_reminders")
    op.drop_index("ix_call_partners_person_id", table_name="call_partners")
    op.drop_table("call_partners")
    op.drop_index("ix_call_follows_post_id", table_name="call_follows")
    op.drop_index("ix_call_follows_kind", table_name="call_follows")
    op.drop_table("call_follows")
    op.drop_index("ix_posts_deadline", table_name="posts")
    op.drop_index("ix_post_answers_created_at", table_name="post_answers")
    op.drop_column("post_answers", "edited_at")
