"""What profiles offer and seek is compared too, and what was nothing for somebody is remembered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.engine import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON_TYPE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEY_TYPE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "profile_matches",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("seeker_id", KEY_TYPE, nullable=False),
        sa.Column("offerer_id", KEY_TYPE, nullable=False),
        sa.Column("request_id", KEY_TYPE, nullable=True),
        sa.Column("offer_id", KEY_TYPE, nullable=True),
        sa.Column("percent", sa.BigInteger(), nullable=False),
        sa.Column("words", JSON_TYPE, nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("seeker_told_at", Instant(), nullable=True),
        sa.Column("offerer_told_at", Instant(), nullable=True),
        sa.Column("seeker_refused_at", Instant(), nullable=True),
        sa.Column("offerer_refused_at", Instant(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=f"fk_profile_matches_{column}_{table}", ondelete="CASCADE"
            )
            for column, table in (
                ("seeker_id", "people"),
                ("offerer_id", "people"),
                ("request_id", "posts"),
                ("offer_id", "posts"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_profile_matches"),
        sa.UniqueConstraint("key", name="uq_profile_matches_key"),
    )
    op.create_index("ix_profile_matches_request_id", "profile_matches", ["request_id"])
    op.create_index("ix_profile_matches_offer_id", "profile_matches", ["offer_id"])
    op.create_index("ix_profile_matches_seeker", "profile_matches", ["seeker_id", "percent"])
    op.create_index("ix_profile_matches_offerer", "profile_matches", ["offerer_id", "percent"])
    op.create_index("ix_profile_matches_seeker_told", "profile_matches", ["seeker_told_at"])
    op.create_index("ix_profile_matches_offerer_told", "profile_matches", ["offerer_told_at"])
    op.create_table(
        "profiles_compared",
        sa.Column("person_id", KEY_TYPE, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_profiles_compared_person_id_people", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_profiles_compared"),
    )
    op.create_table(
        "match_refusals",
        sa.Column("id", KEY_TYPE, autoincrement=True, nullable=False),
        sa.Column("person_id", KEY_TYPE, nullable=False),
        sa.Column("other_id", KEY_TYPE, nullable=True),
        sa.Column("pair", sa.String(length=80), nullable=False),
        sa.Column("words", JSON_TYPE, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], ["people.id"], name=f"fk_match_refusals_{column}_people", ondelete="CASCADE"
            )
            for column in ("person_id", "other_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_match_refusals"),
        sa.UniqueConstraint("person_id", "pair", name="uq_match_refusals_person_id_pair"),
    )
    op.create_index("ix_match_refusals_other_id", "match_refusals", ["other_id"])


def downgrade() -> None:
    op.drop_table("match_refusals")
    op.drop_table("profiles_compared")
    op.drop_table("profile_matches")
