"""Digests composed for many at once: what somebody has opened is found by them and the moment."""

from alembic import op

revision = "0012"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_post_readings_person", "post_readings", ["person_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_post_readings_person", table_name="post_readings")
