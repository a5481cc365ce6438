"""What digests learn from their readers; indexes by which digests of many people are composed at once."""

import sqlalchemy as sa
from alembic import op

from storage.engine import Instant

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest_lessons",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_digest_lessons_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_digest_lessons_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "topic", "post_id", name="pk_digest_lessons"),
    )
    op.create_index("ix_digest_lessons_post", "digest_lessons", ["post_id"], unique=False)
    op.create_index("ix_digest_lessons_topic", "digest_lessons", ["topic"], unique=False)
    op.create_index("ix_post_readings_person", "post_readings", ["person_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_post_readings_person", table_name="post_readings")
    op.drop_index("ix_digest_lessons_topic", table_name="digest_lessons")
    op.drop_index("ix_digest_lessons_post", table_name="digest_lessons")
    op.drop_table("digest_lessons")
