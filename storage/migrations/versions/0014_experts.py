"""Who may know the answer to a question, and was asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STATE_TYPE = sa.Enum(
    "next", "waiting", "taken", "referred", "declined", "silent", name="expertstate", native_enum=False, length=40
)


def upgrade() -> None:
    op.create_table(
        "expert_rounds",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("begun_by", KEY_TYPE, nullable=True),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["begun_by"], ["people.id"], name="fk_expert_rounds_begun_by_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_expert_rounds_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name="pk_expert_rounds"),
    )
    op.create_index("ix_expert_rounds_due", "expert_rounds", ["stopped_at", "next_at"], unique=False)
    op.create_table(
        "expert_asks",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("state", STATE_TYPE, nullable=False),
        sa.Column("reasons", JSON_TYPE, nullable=False),
        sa.Column("named_by_id", KEY_TYPE, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["named_by_id"], ["people.id"], name="fk_expert_asks_named_by_id_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_expert_asks_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_expert_asks_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_expert_asks"),
        sa.UniqueConstraint("post_id", "person_id", name="uq_expert_asks_post_id_person_id"),
    )
    op.create_index("ix_expert_asks_at", "expert_asks", ["at"], unique=False)
    op.create_index("ix_expert_asks_named_by_id", "expert_asks", ["named_by_id"], unique=False)
    op.create_index("ix_expert_asks_person", "expert_asks", ["person_id", "asked_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_expert_asks_person", table_name="expert_asks")
    op.drop_index("ix_expert_asks_named_by_id", table_name="expert_asks")
    op.drop_index("ix_expert_asks_at", table_name="expert_asks")
    op.drop_table("expert_asks")
    op.drop_index("ix_expert_rounds_due", table_name="expert_rounds")
    op.drop_table("expert_rounds")
