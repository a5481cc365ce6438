"""Posts without a name, and who is interested in them."""

import sqlalchemy as sa
from alembic import op

from storage.engine import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATE_TYPE = sa.Enum(
    "open", "accepted", "declined", "withdrawn", "ended", name="intereststate", native_enum=False, length=40
)


def upgrade() -> None:
    op.add_column("posts", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "blind_interests",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("state", STATE_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("remind_at", Instant(), nullable=True),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("introduction_id", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["introduction_id"],
            ["introductions.id"],
            name="fk_blind_interests_introduction_id_introductions",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_blind_interests_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_blind_interests_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_blind_interests"),
        sa.UniqueConstraint("post_id", "person_id", name="uq_blind_interests_post_id_person_id"),
    )
    for name, columns in (
        ("ix_blind_interests_ends", ["state", "expires_at"]),
        ("ix_blind_interests_introduction_id", ["introduction_id"]),
        ("ix_blind_interests_person_id", ["person_id"]),
        ("ix_blind_interests_reminds", ["state", "remind_at"]),
    ):
        op.create_index(name, "blind_interests", columns, unique=False)


def downgrade() -> None:
    op.drop_table("blind_interests")
    op.drop_column("posts", "blind")
