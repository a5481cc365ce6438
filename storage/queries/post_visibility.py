"""Which posts somebody may read: the one condition that lists, searches, digests and single posts ask."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from storage.enums import PostStatus
from storage.models import Post


def readable_by(person_id: int | ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:  # noqa: ARG001 - all members read all posts
    """The condition on :class:`~storage.models.Post` under which this member may read what was published.

    Args:
        person_id: a member's; a column, where many people are looked at in one query.
    """
    return Post.status == PostStatus.PUBLISHED
