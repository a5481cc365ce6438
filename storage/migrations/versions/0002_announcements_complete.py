"""Announcements: topics, plans, approval, batches, acknowledgements, the channel, and the installation's trial.

The columns added to ``announcements`` refer to no other table: SQLite can add those without copying the table, and a
copy would delete, by cascade, the results of all recipients. What refers to people and events has tables of its own.
An installation that has announced before is past its trial.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PAST_TRIAL = """
INSERT INTO milestones (name, at)
SELECT 'trial.ended', min(started_at) FROM announcements WHERE started_at IS NOT NULL HAVING count(*) > 0
"""


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("topic", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("extras", JSON_TYPE, nullable=False, server_default="{}"),
        sa.Column("trial", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("channel", sa.String(length=40), nullable=False, server_default="none"),
        sa.Column("asks_ack", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("chase_hours", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("chases", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("chased_at", Instant(), nullable=True),
        sa.Column("joins_until", Instant(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("corrected_at", Instant(), nullable=True),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("announcements", column)
    op.create_index("ix_announcements_status", "announcements", ["status", "started_at"], unique=False)
    op.drop_index("ix_outbox_announcement", "outbox")
    op.create_index("ix_outbox_announcement", "outbox", ["announcement_id", "state", "finished_at"], unique=False)
    op.create_index(
        "ix_outbox_card",
        "outbox",
        ["card", "state"],
        unique=False,
        sqlite_where=sa.text("card <> ''"),
        postgresql_where=sa.text("card <> ''"),
    )
    op.create_table(
        "topics",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_it", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("key", name="uq_topics_key"),
    )
    op.create_table(
        "person_topics",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_topics_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "topic", name="pk_person_topics"),
    )
    op.create_index("ix_person_topics_topic", "person_topics", ["topic", "level"], unique=False)
    op.create_table(
        "announcement_plans",
        sa.Column("announcement_id", KEY_TYPE, nullable=False),
        sa.Column("send_wall", sa.String(length=80), nullable=False),
        sa.Column("send_zone", sa.String(length=80), nullable=False),
        sa.Column("send_at", Instant(), nullable=True),
        sa.Column("event_id", KEY_TYPE, nullable=True),
        sa.Column("event_minutes", sa.BigInteger(), nullable=False),
        sa.Column("any_time", sa.Boolean(), nullable=False),
        sa.Column("asked_by_id", KEY_TYPE, nullable=True),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("asked_for", sa.BigInteger(), nullable=False),
        sa.Column("approved_by_id", KEY_TYPE, nullable=True),
        sa.Column("approved_at", Instant(), nullable=True),
        sa.Column("approved_for", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_announcement_plans_announcement_id_announcements",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_announcement_plans_event_id_events", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name="fk_announcement_plans_asked_by_id_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name="fk_announcement_plans_approved_by_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("announcement_id", name="pk_announcement_plans"),
    )
    op.create_index("ix_announcement_plans_send_at", "announcement_plans", ["send_at"], unique=False)
    op.create_table(
        "announcement_runs",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("announcement_id", KEY_TYPE, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("queued", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_announcement_runs_announcement_id_announcements",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_announcement_runs"),
        sa.UniqueConstraint(
            "announcement_id", "purpose", "number", name="uq_announcement_runs_announcement_id_purpose_number"
        ),
    )
    op.create_index("ix_announcement_runs_open", "announcement_runs", ["finished_at", "id"], unique=False)
    op.create_table(
        "acknowledgements",
        sa.Column("announcement_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_acknowledgements_announcement_id_announcements",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_acknowledgements_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name="pk_acknowledgements"),
    )
    op.create_table(
        "channel_members",
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "account", "user", name="pk_channel_members"),
    )
    op.create_table(
        "milestones",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_milestones_by_person_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_milestones"),
    )
    op.execute(PAST_TRIAL)


def downgrade() -> None:
    for table in (
        "milestones",
        "channel_members",
        "acknowledgements",
        "announcement_runs",
        "announcement_plans",
        "person_topics",
        "topics",
    ):
        op.drop_table(table)
    op.drop_index("ix_outbox_card", "outbox")
    op.drop_index("ix_outbox_announcement", "outbox")
    op.create_index("ix_outbox_announcement", "outbox", ["announcement_id", "state"], unique=False)
    op.drop_index("ix_announcements_status", "announcements")
    for column in reversed(_columns()):
        op.drop_column("announcements", column.name)
