"""The declarations of who is interested in blind posts."""

from sqlalchemy import select

from storage.models import BlindInterest, Post
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, columns, is_person

BLIND = (
    Declared(
        model=BlindInterest,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id post_id shows_name state at remind_at expires_at answered_at introduction_id",
            words="about message",
            address="contact",
            person="person_id",
        ),
        links=(
            Link(
                role="interested",
                rows=is_person(BlindInterest.person_id),
                export=(
                    BlindInterest.post_id,
                    BlindInterest.about,
                    BlindInterest.message,
                    BlindInterest.contact,
                    BlindInterest.shows_name,
                    BlindInterest.state,
                    BlindInterest.at,
                    BlindInterest.expires_at,
                    BlindInterest.answered_at,
                ),
                beside={"post": lambda: select(Post.title).where(Post.id == BlindInterest.post_id).scalar_subquery()},
                erase=Erase.DELETE,
            ),
            Link(
                role="in my post",
                rows=lambda who: BlindInterest.post_id.in_(select(Post.id).where(Post.author_id == who.id)),
                export=(BlindInterest.post_id, BlindInterest.state, BlindInterest.at, BlindInterest.answered_at),
                erase=Erase.KEEP,  # it is the other's, who is told that nothing comes of it
            ),
        ),
        kept=Period.READINGS,
        why="Who is interested in a post without a name, and what they said before both knew who the other is.",
    ),
)
