"""Offers and requests that fit each other."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "post_matches",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("offer_id", KEY_TYPE, nullable=False),
        sa.Column("request_id", KEY_TYPE, nullable=False),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("words", JSON_TYPE, nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("offer_told_at", Instant(), nullable=True),
        sa.Column("request_told_at", Instant(), nullable=True),
        sa.Column("offer_refused_at", Instant(), nullable=True),
        sa.Column("request_refused_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["offer_id"], ["posts.id"], name="fk_post_matches_offer_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["posts.id"], name="fk_post_matches_request_id_posts", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_matches"),
        sa.UniqueConstraint("offer_id", "request_id", name="uq_post_matches_offer_id_request_id"),
    )
    op.create_index("ix_post_matches_request_id", "post_matches", ["request_id"])
    op.create_index("ix_post_matches_offer_told", "post_matches", ["offer_told_at"])
    op.create_index("ix_post_matches_request_told", "post_matches", ["request_told_at"])
    op.create_table(
        "posts_compared",
        sa.Column("post_id", KEY_TYPE, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_posts_compared_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name="pk_posts_compared"),
    )


def downgrade() -> None:
    op.drop_table("posts_compared")
    op.drop_table("post_matches")
