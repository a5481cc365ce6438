"""The first schema."""

from alembic import op

from storage.models import Base
from storage.search_schema import create_search, drop_search

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(op.get_bind())
    create_search(op.get_bind())


def downgrade() -> None:
    drop_search(op.get_bind())
    Base.metadata.drop_all(op.get_bind())
