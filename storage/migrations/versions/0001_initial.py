"""The first schema.

Written out, so that what later models become does not change what this revision made.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant
from storage.migrations.first_search import create_search, drop_search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "code_attempts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("user_hash", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_attempts"),
    )
    op.create_index("ix_code_attempts_who", "code_attempts", ["platform", "account", "user_hash", "at"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("payload", JSON_TYPE, nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("platform", "account", "event_id", name="uq_inbox_platform_account_event_id"),
    )
    op.create_index("ix_inbox_open", "inbox", ["closed_at", "id"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "organisations",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("city", sa.String(length=300), nullable=False),
        sa.Column("domains", JSON_TYPE, nullable=False),
        sa.Column("about_it", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("name", name="uq_organisations_name"),
    )
    op.create_table(
        "post_kinds",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_it", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("has_deadline", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post_kinds"),
        sa.UniqueConstraint("key", name="uq_post_kinds_key"),
    )
    op.create_table(
        "sectors",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_it", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sectors"),
        sa.UniqueConstraint("key", name="uq_sectors_key"),
    )
    op.create_table(
        "web_messages",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("chat", sa.String(length=80), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("content", JSON_TYPE, nullable=False),
        sa.Column("token", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_messages"),
        sa.UniqueConstraint("message_id", name="uq_web_messages_message_id"),
    )
    op.create_index("ix_web_messages_chat", "web_messages", ["chat", "id"], unique=False)
    op.create_index("ix_web_messages_token", "web_messages", ["token"], unique=False)
    op.create_table(
        "organisation_sectors",
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("sector_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_sectors_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["sector_id"], ["sectors.id"], name="fk_organisation_sectors_sector_id_sectors", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "sector_id", name="pk_organisation_sectors"),
    )
    op.create_table(
        "people",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("organisation_id", KEY_TYPE, nullable=True),
        sa.Column("organisation_claim", sa.String(length=300), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("job_title", sa.String(length=300), nullable=False),
        sa.Column("locale", sa.String(length=40), nullable=False),
        sa.Column("timezone", sa.String(length=80), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("seeks", sa.Text(), nullable=False),
        sa.Column("languages", JSON_TYPE, nullable=False),
        sa.Column("notice_version", sa.String(length=80), nullable=False),
        sa.Column("notice_accepted_at", Instant(), nullable=False),
        sa.Column("joined_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("digest_frequency", sa.String(length=40), nullable=False),
        sa.Column("digest_weekday", sa.BigInteger(), nullable=False),
        sa.Column("digest_hour", sa.BigInteger(), nullable=False),
        sa.Column("next_digest_at", Instant(), nullable=True),
        sa.Column("last_digest_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_people_organisation_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_digest_due", "people", ["next_digest_at"], unique=False)
    op.create_index("ix_people_status", "people", ["status"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("chat", sa.String(length=80), nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("last_acted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_accounts_person_id_people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("platform", "account", "user", name="uq_accounts_platform_account_user"),
    )
    op.create_index(("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)
    op.create_table(
        "announcements",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("author_id", KEY_TYPE, nullable=False),
        sa.Column("title_it", sa.String(length=300), nullable=False),
        sa.Column("text_it", sa.Text(), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("fallback", sa.String(length=40), nullable=False),
        sa.Column("promotional", sa.Boolean(), nullable=False),
        sa.Column("audience", JSON_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("recipients", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("resumed_at", Instant(), nullable=True),
        sa.Column("shown", JSON_TYPE, nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_announcements_author_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_table(
        "audit",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_audit_by_person_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "card_copies",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("card", sa.String(length=80), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("chat", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=True),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_card_copies_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_card_copies"),
        sa.UniqueConstraint(
            "platform", "account", "chat", "message_id", name="uq_card_copies_platform_account_chat_message_id"
        ),
    )
    op.create_index(("ix_card_copies_card"), "card_copies", ["card"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=40), nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_consents_person_id_people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index(("ix_consents_person_id"), "consents", ["person_id"], unique=False)
    op.create_table(
        "digest_mentions",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_digest_mentions_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "subject_id", name="pk_digest_mentions"),
    )
    op.create_table(
        "drafts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("form", sa.String(length=80), nullable=False),
        sa.Column("context", JSON_TYPE, nullable=False),
        sa.Column("values", JSON_TYPE, nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("fixing", JSON_TYPE, nullable=False),
        sa.Column("open_in", sa.String(length=300), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_drafts_person_id_people", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("person_id", "form", name="uq_drafts_person_id_form"),
    )
    op.create_index("ix_drafts_open", "drafts", ["person_id", "open_in"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("starts_wall", sa.String(length=80), nullable=False),
        sa.Column("ends_wall", sa.String(length=80), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("organiser_id", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("moved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["people.id"], name="fk_events_organiser_id_people", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("uid", name="uq_events_uid"),
    )
    op.create_index("ix_events_upcoming", "events", ["status", "starts_at"], unique=False)
    op.create_table(
        "invites",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", KEY_TYPE, nullable=False),
        sa.Column("created_by", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("uses_left", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name="fk_invites_created_by_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_invites_organisation_id_organisations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("code_hash", name="uq_invites_code_hash"),
    )
    op.create_table(
        "link_codes",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("code_hash", sa.String(length=80), nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_link_codes_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_link_codes"),
        sa.UniqueConstraint("code_hash", name="uq_link_codes_code_hash"),
    )
    op.create_table(
        "missions",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("deadline", Instant(), nullable=False),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.Column("cost_it", sa.Text(), nullable=False),
        sa.Column("cost_en", sa.Text(), nullable=False),
        sa.Column("summary_it", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("sectors", JSON_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("lead_id", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("reminded_for", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name="fk_missions_lead_id_people", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_missions"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("granted_by", KEY_TYPE, nullable=True),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["people.id"], name="fk_person_roles_granted_by_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_roles_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_roles"),
    )
    op.create_table(
        "person_sectors",
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("sector_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_sectors_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sector_id"], ["sectors.id"], name="fk_person_sectors_sector_id_sectors", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "sector_id", name="pk_person_sectors"),
    )
    op.create_table(
        "posts",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("author_id", KEY_TYPE, nullable=False),
        sa.Column("kind_id", KEY_TYPE, nullable=False),
        sa.Column("sector_id", KEY_TYPE, nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("topics", JSON_TYPE, nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("deadline", Instant(), nullable=True),
        sa.Column("attachment", JSON_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("decided_by", KEY_TYPE, nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_posts_author_id_people"),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name="fk_posts_decided_by_people", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["kind_id"], ["post_kinds.id"], name="fk_posts_kind_id_post_kinds"),
        sa.ForeignKeyConstraint(["sector_id"], ["sectors.id"], name="fk_posts_sector_id_sectors"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    op.create_index(("ix_posts_author_id"), "posts", ["author_id"], unique=False)
    op.create_index("ix_posts_published", "posts", ["status", "published_at"], unique=False)
    op.create_table(
        "applications",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("objectives", JSON_TYPE, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("applied_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", KEY_TYPE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name="fk_applications_decided_by_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_applications_mission_id_missions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_applications_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.UniqueConstraint("mission_id", "person_id", name="uq_applications_mission_id_person_id"),
    )
    op.create_index(("ix_applications_person_id"), "applications", ["person_id"], unique=False)
    op.create_index("ix_applications_status", "applications", ["mission_id", "status"], unique=False)
    op.create_table(
        "components",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title_it", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("description_it", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("starts_wall", sa.String(length=80), nullable=False),
        sa.Column("ends_wall", sa.String(length=80), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("seats", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_components_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_components"),
    )
    op.create_index(("ix_components_mission_id"), "components", ["mission_id"], unique=False)
    op.create_table(
        "event_answers",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("event_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_answers_event_id_events", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_event_answers_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_answers"),
        sa.UniqueConstraint("event_id", "person_id", name="uq_event_answers_event_id_person_id"),
    )
    op.create_index("ix_event_answers_count", "event_answers", ["event_id", "answer", "asked_at"], unique=False)
    op.create_index(("ix_event_answers_person_id"), "event_answers", ["person_id"], unique=False)
    op.create_table(
        "event_reminders",
        sa.Column("event_id", KEY_TYPE, nullable=False),
        sa.Column("minutes_before", sa.BigInteger(), nullable=False),
        sa.Column("reminded_for", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_reminders_event_id_events", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "minutes_before", name="pk_event_reminders"),
    )
    op.create_table(
        "meeting_tables",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_meeting_tables_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_tables"),
        sa.UniqueConstraint("mission_id", "label", name="uq_meeting_tables_mission_id_label"),
    )
    op.create_table(
        "mission_questions",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("question_it", sa.Text(), nullable=False),
        sa.Column("question_en", sa.Text(), nullable=False),
        sa.Column("answer_it", sa.Text(), nullable=False),
        sa.Column("answer_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_mission_questions_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mission_questions"),
    )
    op.create_index(("ix_mission_questions_mission_id"), "mission_questions", ["mission_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("chat", sa.String(length=80), nullable=False),
        sa.Column("thread", sa.String(length=80), nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("data", JSON_TYPE, nullable=False),
        sa.Column("op", sa.String(length=40), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("card", sa.String(length=80), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("dedup_key", sa.String(length=80), nullable=True),
        sa.Column("policy_again", sa.Boolean(), nullable=False),
        sa.Column("announcement_id", KEY_TYPE, nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.String(length=80), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=80), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="fk_outbox_announcement_id_announcements",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_outbox_person_id_people", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("dedup_key", name="uq_outbox_dedup_key"),
    )
    op.create_index("ix_outbox_announcement", "outbox", ["announcement_id", "state"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["platform", "account", "state", "rank", "due_at", "id"], unique=False)
    op.create_index("ix_outbox_finished", "outbox", ["state", "finished_at"], unique=False)
    op.create_index(("ix_outbox_person_id"), "outbox", ["person_id"], unique=False)
    op.create_table(
        "post_answers",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("author_id", KEY_TYPE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_post_answers_author_id_people"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_answers_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_post_answers"),
    )
    op.create_index(("ix_post_answers_post_id"), "post_answers", ["post_id"], unique=False)
    op.create_table(
        "post_readings",
        sa.Column("post_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_post_readings_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name="fk_post_readings_post_id_posts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "person_id", name="pk_post_readings"),
    )
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
    op.create_table(
        "slots",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_slots_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
        sa.UniqueConstraint("mission_id", "starts_at", name="uq_slots_mission_id_starts_at"),
    )
    op.create_table(
        "application_places",
        sa.Column("application_id", KEY_TYPE, nullable=False),
        sa.Column("component_id", KEY_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name="fk_application_places_application_id_applications",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["component_id"],
            ["components.id"],
            name="fk_application_places_component_id_components",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", "component_id", name="pk_application_places"),
    )
    op.create_index("ix_application_places_count", "application_places", ["component_id", "status"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("slot_id", KEY_TYPE, nullable=True),
        sa.Column("table_id", KEY_TYPE, nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by", KEY_TYPE, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("timed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_meetings_mission_id_missions", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["people.id"], name="fk_meetings_proposed_by_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_meetings_slot_id_slots"),
        sa.ForeignKeyConstraint(["table_id"], ["meeting_tables.id"], name="fk_meetings_table_id_meeting_tables"),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
    )
    op.create_index(("ix_meetings_mission_id"), "meetings", ["mission_id"], unique=False)
    op.create_table(
        "programme_items",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("mission_id", KEY_TYPE, nullable=False),
        sa.Column("component_id", KEY_TYPE, nullable=True),
        sa.Column("title_it", sa.String(length=300), nullable=False),
        sa.Column("title_en", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["component_id"], ["components.id"], name="fk_programme_items_component_id_components", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["mission_id"], ["missions.id"], name="fk_programme_items_mission_id_missions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_programme_items"),
    )
    op.create_index(("ix_programme_items_mission_id"), "programme_items", ["mission_id"], unique=False)
    op.create_table(
        "meeting_offers",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("meeting_id", KEY_TYPE, nullable=False),
        sa.Column("slot_id", KEY_TYPE, nullable=False),
        sa.Column("table_id", KEY_TYPE, nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_meeting_offers_by_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_offers_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_meeting_offers_slot_id_slots"),
        sa.ForeignKeyConstraint(["table_id"], ["meeting_tables.id"], name="fk_meeting_offers_table_id_meeting_tables"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_offers"),
        sa.UniqueConstraint("meeting_id", name="uq_meeting_offers_meeting_id"),
    )
    op.create_table(
        "meeting_parties",
        sa.Column("meeting_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_parties_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_meeting_parties_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_meeting_parties"),
    )
    op.create_index(("ix_meeting_parties_person_id"), "meeting_parties", ["person_id"], unique=False)
    op.create_table(
        "meeting_steps",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("meeting_id", KEY_TYPE, nullable=False),
        sa.Column("was", sa.String(length=40), nullable=True),
        sa.Column("became", sa.String(length=40), nullable=False),
        sa.Column("by_person_id", KEY_TYPE, nullable=True),
        sa.Column("for_person_id", KEY_TYPE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["people.id"], name="fk_meeting_steps_by_person_id_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["for_person_id"], ["people.id"], name="fk_meeting_steps_for_person_id_people", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_steps_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_steps"),
    )
    op.create_index("ix_meeting_steps_meeting", "meeting_steps", ["meeting_id", "id"], unique=False)
    op.create_table(
        "seat_bookings",
        sa.Column("slot_id", KEY_TYPE, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("meeting_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_seat_bookings_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_seat_bookings_person_id_people", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_seat_bookings_slot_id_slots", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slot_id", "person_id", name="pk_seat_bookings"),
    )
    op.create_index(("ix_seat_bookings_meeting_id"), "seat_bookings", ["meeting_id"], unique=False)
    op.create_table(
        "table_bookings",
        sa.Column("slot_id", KEY_TYPE, nullable=False),
        sa.Column("table_id", KEY_TYPE, nullable=False),
        sa.Column("meeting_id", KEY_TYPE, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_table_bookings_meeting_id_meetings", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name="fk_table_bookings_slot_id_slots", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["meeting_tables.id"], name="fk_table_bookings_table_id_meeting_tables", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("slot_id", "table_id", name="pk_table_bookings"),
    )
    op.create_index(("ix_table_bookings_meeting_id"), "table_bookings", ["meeting_id"], unique=False)
    create_search(op.get_bind())


def downgrade() -> None:
    drop_search(op.get_bind())
    op.drop_index(("ix_table_bookings_meeting_id"), table_name="table_bookings")
    op.drop_table("table_bookings")
    op.drop_index(("ix_seat_bookings_meeting_id"), table_name="seat_bookings")
    op.drop_table("seat_bookings")
    op.drop_index("ix_meeting_steps_meeting", table_name="meeting_steps")
    op.drop_table("meeting_steps")
    op.drop_index(("ix_meeting_parties_person_id"), table_name="meeting_parties")
    op.drop_table("meeting_parties")
    op.drop_table("meeting_offers")
    op.drop_index(("ix_programme_items_mission_id"), table_name="programme_items")
    op.drop_table("programme_items")
    op.drop_index(("ix_meetings_mission_id"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index("ix_application_places_count", table_name="application_places")
    op.drop_table("application_places")
    op.drop_table("slots")
    op.drop_table("post_search")
    op.drop_table("post_readings")
    op.drop_index(("ix_post_answers_post_id"), table_name="post_answers")
    op.drop_table("post_answers")
    op.drop_index(("ix_outbox_person_id"), table_name="outbox")
    op.drop_index("ix_outbox_finished", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.drop_index("ix_outbox_announcement", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(("ix_mission_questions_mission_id"), table_name="mission_questions")
    op.drop_table("mission_questions")
    op.drop_table("meeting_tables")
    op.drop_table("event_reminders")
    op.drop_index(("ix_event_answers_person_id"), table_name="event_answers")
    op.drop_index("ix_event_answers_count", table_name="event_answers")
    op.drop_table("event_answers")
    op.drop_index(("ix_components_mission_id"), table_name="components")
    op.drop_table("components")
    op.drop_index("ix_applications_status", table_name="applications")
    op.drop_index(("ix_applications_person_id"), table_name="applications")
    op.drop_table("applications")
    op.drop_index("ix_posts_published", table_name="posts")
    op.drop_index(("ix_posts_author_id"), table_name="posts")
    op.drop_table("posts")
    op.drop_table("person_sectors")
    op.drop_table("person_roles")
    op.drop_table("missions")
    op.drop_table("link_codes")
    op.drop_table("invites")
    op.drop_index("ix_events_upcoming", table_name="events")
    op.drop_table("events")
    op.drop_index("ix_drafts_open", table_name="drafts")
    op.drop_table("drafts")
    op.drop_table("digest_mentions")
    op.drop_index(("ix_consents_person_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(("ix_card_copies_card"), table_name="card_copies")
    op.drop_table("card_copies")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_table("audit")
    op.drop_table("announcements")
    op.drop_index(("ix_accounts_person_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("ix_people_status", table_name="people")
    op.drop_index("ix_people_digest_due", table_name="people")
    op.drop_table("people")
    op.drop_table("organisation_sectors")
    op.drop_index("ix_web_messages_token", table_name="web_messages")
    op.drop_index("ix_web_messages_chat", table_name="web_messages")
    op.drop_table("web_messages")
    op.drop_table("sectors")
    op.drop_table("post_kinds")
    op.drop_table("organisations")
    op.drop_table("leases")
    op.drop_index("ix_inbox_open", table_name="inbox")
    op.drop_table("inbox")
    op.drop_index("ix_code_attempts_who", table_name="code_attempts")
    op.drop_table("code_attempts")
