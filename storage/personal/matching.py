"""The declarations of offers and requests that fit each other."""

from sqlalchemy import ColumnElement, or_, select

from storage.models import Post, PostCompared, PostMatch
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, Whose, columns


def _of_their_posts(who: Whose) -> ColumnElement[bool]:
    theirs = select(Post.id).where(Post.author_id == who.id)
    return or_(PostMatch.offer_id.in_(theirs), PostMatch.request_id.in_(theirs))


MATCHING = (
    Declared(
        model=PostMatch,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id offer_id request_id percent found_at offer_told_at request_told_at offer_refused_at "
            "request_refused_at",
            words="words",
        ),
        links=(
            Link(
                role="author of one of the two",
                rows=_of_their_posts,
                export=(PostMatch.offer_id, PostMatch.request_id, PostMatch.words, PostMatch.found_at),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="So that a pair is told once, and not again to who said that it is nothing for them.",
    ),
    Declared(
        model=PostCompared,
        chapter=Chapter.NONE,
        says=columns(plain="post_id at"),
        kept=Period.SUBJECT,
        why="Which posts were compared; goes with them.",
    ),
)
