"""As what the posts of a kind go to the Enterprise Europe Network."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PROFILE_TYPE = sa.Enum("TO", "TR", "BO", "BR", "RDR", name="partneringprofile", native_enum=False, length=40)


def upgrade() -> None:
    op.add_column("post_kinds", sa.Column("profile", PROFILE_TYPE, nullable=True))
    op.execute("UPDATE post_kinds SET profile = 'TO' WHERE key = 'offer'")
    op.execute("UPDATE post_kinds SET profile = 'TR' WHERE key = 'request'")


def downgrade() -> None:
    op.drop_column("post_kinds", "profile")
