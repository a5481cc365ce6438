"""Whose name stands on a post and on an answer, for whoever reads: the one place that says it.

A blind post carries no name, not even where its author or the staff read it: a screen can be looked at by others, and
forwarded.
"""

from handlers.conversation.context import ReadContext
from handlers.conversation.texts import Texts
from storage.enums import PersonStatus
from storage.models import Person, Post, PostAnswer
from storage.queries.post_authors import is_by_hidden_author


def named(person: Person, t: Texts) -> str:
    """Somebody's name, as long as they have one."""
    return person.name if person.name and person.status is not PersonStatus.ERASED else t("a former member")


def byline(person: Person, t: Texts) -> str:
    """Name and organisation of somebody read with it."""
    known = person.name and person.status is not PersonStatus.ERASED
    return f"{person.name}, {person.organisation.name}" if known and person.organisation else named(person, t)


def unnamed(t: Texts) -> str:
    """In the place of the name of who wrote a blind post."""
    return t("A member of the cluster")


def byline_of_post(post: Post, t: Texts) -> str:
    """Under what name everybody reads a post, which was read with its author."""
    return unnamed(t) if post.blind else byline(post.author, t)


def byline_of_answer(answer: PostAnswer, t: Texts) -> str:
    """Under what name everybody reads an answer, which was read with its author and its post."""
    if is_by_hidden_author(answer, answer.post):
        return t("Whoever wrote this post")
    return byline(answer.author, t)


def answered(ctx: ReadContext, answer: PostAnswer, post: Post) -> bool:
    """Whether an answer is the reader's own, with the same reserve as in :func:`wrote`."""
    if ctx.person is None or (is_by_hidden_author(answer, post) and ctx.acting is not None):
        return False
    return answer.author_id == ctx.person.id


def wrote(ctx: ReadContext, post: Post) -> bool:
    """Whether a post is the reader's own; of a blind one whoever of the staff acts for them does not learn it."""
    if ctx.person is None or (post.blind and ctx.acting is not None):
        return False
    return post.author_id == ctx.person.id
