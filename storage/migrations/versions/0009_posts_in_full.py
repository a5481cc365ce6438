"""Posts: who may read them, how they changed, until when they hold; working groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "working_groups",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_working_groups"),
        sa.UniqueConstraint("name", name="uq_working_groups_name"),
    )
    op.create_table(
        "group_members",
        sa.Column("group_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("added_by", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["working_groups.id"], name="fk_group_members_group_id_working_groups", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_group_members_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name="fk_group_members_added_by_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("group_id", "person_id", name="pk_group_members"),
    )
    op.create_index("ix_group_members_person_id", "group_members", ["person_id"])
    op.create_index("ix_group_members_added_by", "group_members", ["added_by"])
    op.create_table(
        "post_revisions",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("editor_id", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("was", JSON_TYPE, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_revisions_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["editor_id"], ["people.id"], name="fk_post_revisions_editor_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_post_revisions"),
    )
    op.create_index("ix_post_revisions_post_id", "post_revisions", ["post_id"])
    op.create_index("ix_post_revisions_editor_id", "post_revisions", ["editor_id"])
    op.create_table(
        "post_audiences",
        sa.Column("post_id", KEY_TYPE, autoincrement=False, nullable=False),
        sa.Column("group_id", KEY_TYPE, nullable=True),
        sa.Column("mission_id", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_audiences_post_id_posts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["group_id"], ["working_groups.id"], name="fk_post_audiences_group_id_working_groups", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_post_audiences_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_audiences"),
    )
    op.create_index("ix_post_audiences_group_id", "post_audiences", ["group_id"])
    op.create_index("ix_post_audiences_mission_id", "post_audiences", ["mission_id"])
    op.add_column("post_kinds", sa.Column("valid_months", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("posts", sa.Column("visibility", sa.String(length=40), nullable=False, server_default="community"))
    op.add_column("posts", sa.Column("to_check", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("posts", sa.Column("edited_at", Instant(), nullable=True))
    op.add_column("posts", sa.Column("valid_until", Instant(), nullable=True))
    op.add_column("posts", sa.Column("asked_at", Instant(), nullable=True))
    op.create_index("ix_posts_valid_until", "posts", ["valid_until"])
    # What is offered or sought is asked about after a year, where the community has these kinds.
    op.execute("UPDATE post_kinds SET valid_months = 12 WHERE key IN ('offer', 'request')")


def downgrade() -> None:
    op.drop_index("ix_posts_valid_until", "posts")
    for column in ("asked_at", "valid_until", "edited_at", "to_check", "visibility"):
        op.drop_column("posts", column)
    op.drop_column("post_kinds", "valid_months")
    op.drop_table("post_audiences")
    op.drop_table("post_revisions")
    op.drop_table("group_members")
    op.drop_table("working_groups")
