"""Whose name a post and an answer may carry: the one place that decides, for rows and in SQL.

A blind post has an author, who edits it and is told what happens to it, and no name: whatever names, lists, follows,
groups or finds posts by their author or their organisation asks here.
"""

from sqlalchemy import ColumnElement, and_, case, null, or_, select

from storage.enums import SubjectKind
from storage.models import Post, PostAnswer, SearchEntry


def named_author_id(post: Post) -> int | None:
    """Under whom a post is known; ``None`` for a blind one."""
    return None if post.blind else post.author_id


def named_author() -> ColumnElement[int | None]:
    """The same, of :class:`~storage.models.Post` in a query: null for a blind one."""
    return case((Post.blind, null()), else_=Post.author_id)


def is_by_hidden_author(answer: PostAnswer, post: Post) -> bool:
    """Whether an answer would name who wrote the blind post that it is below."""
    return post.blind and answer.author_id == post.author_id


def kept_unnamed(person_id: int) -> ColumnElement[bool]:
    """The condition on :class:`~storage.models.SearchEntry` under which it is somebody's without saying so.

    For "only mine" of that person alone: entries of blind posts, and of the answers of their authors, name no owner.
    """
    posts = select(Post.id).where(Post.blind, Post.author_id == person_id)
    answers = select(PostAnswer.id).where(PostAnswer.post_id.in_(posts), PostAnswer.author_id == person_id)
    return or_(
        and_(SearchEntry.kind == SubjectKind.POST, SearchEntry.subject_id.in_(posts)),
        and_(SearchEntry.kind == SubjectKind.ANSWER, SearchEntry.subject_id.in_(answers)),
    )
