"""Urgent notices that are repeated on another platform, and what a card's copy says instead of its buttons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "second_pings",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("first_id", KEY_TYPE, nullable=False),
        sa.Column("second_id", KEY_TYPE, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("closing", JSON_TYPE, nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_second_pings_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["outbox.id"], name="fk_second_pings_first_id_outbox", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["outbox.id"], name="fk_second_pings_second_id_outbox", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_second_pings"),
        sa.UniqueConstraint("first_id", name="uq_second_pings_first_id"),
        sa.UniqueConstraint("second_id", name="uq_second_pings_second_id"),
    )
    op.create_index("ix_second_pings_person_id", "second_pings", ["person_id"], unique=False)
    op.create_index("ix_second_pings_open", "second_pings", ["closed_at", "answered_at"], unique=False)
    op.add_column("outbox", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_outbox_urgent",
        "outbox",
        ["state", "finished_at"],
        unique=False,
        sqlite_where=sa.text("urgent = 1"),
        postgresql_where=sa.text("urgent"),
    )
    # The rows that are there have none; what is written later always says.
    op.add_column("card_copies", sa.Column("note", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("card_copies", "note")
    op.drop_index("ix_outbox_urgent", table_name="outbox")
    op.drop_column("outbox", "urgent")
    op.drop_index("ix_second_pings_open", table_name="second_pings")
    op.drop_index("ix_second_pings_person_id", table_name="second_pings")
    op.drop_table("second_pings")
