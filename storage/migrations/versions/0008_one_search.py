"""One search over everything: entries of all kinds, their vocabulary and topics, filled when the program starts."""

import sqlalchemy as sa
from alembic import op

from storage.engine import Instant
from storage.migrations import first_search
from storage.search_schema import create_search, drop_search

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    first_search.drop_search(op.get_bind())
    op.drop_table("post_search")
    op.create_table(
        "search_entries",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("subkind", sa.BigInteger(), nullable=False),
        sa.Column("sectors", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("owner_id", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("useful", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name="fk_search_entries_owner_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_search_entries_kind_subject_id"),
    )
    op.create_index("ix_search_entries_owner_id", "search_entries", ["owner_id"], unique=False)
    op.create_index("ix_search_entries_version", "search_entries", ["version"], unique=False)
    op.create_table(
        "search_words",
        sa.Column("stem", sa.String(length=80), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("example", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("stem", name="pk_search_words"),
    )
    op.create_table(
        "search_topics",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_topics"),
        sa.UniqueConstraint("folded", name="uq_search_topics_folded"),
    )
    op.create_table(
        "search_entry_topics",
        sa.Column("entry_id", KEY_TYPE, nullable=False),
        sa.Column("topic_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["search_entries.id"],
            name="fk_search_entry_topics_entry_id_search_entries",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["search_topics.id"], name="fk_search_entry_topics_topic_id_search_topics", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "topic_id", name="pk_search_entry_topics"),
    )
    op.create_index("ix_search_entry_topics_topic", "search_entry_topics", ["topic_id", "entry_id"], unique=False)
    create_search(op.get_bind())


def downgrade() -> None:
    drop_search(op.get_bind())
    op.drop_index("ix_search_entry_topics_topic", table_name="search_entry_topics")
    op.drop_table("search_entry_topics")
    op.drop_table("search_topics")
    op.drop_table("search_words")
    op.drop_index("ix_search_entries_version", table_name="search_entries")
    op.drop_index("ix_search_entries_owner_id", table_name="search_entries")
    op.drop_table("search_entries")
    op.create_table(
        "post_search",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_search_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_search"),
    )
    first_search.create_search(op.get_bind())
