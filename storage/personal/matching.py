"""The declarations of offers and requests that fit each other."""

from sqlalchemy import ColumnElement, or_, select

from storage.models import MatchRefusal, Post, PostCompared, PostMatch, ProfileCompared, ProfileMatch
from storage.personal.terms import Chapter, Declared, Erase, Link, Period, Whose, columns, is_person


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
    Declared(
        model=ProfileMatch,
        chapter=Chapter.KNOWHOW,
        says=columns(
            plain="id key request_id offer_id percent found_at seeker_told_at offerer_told_at seeker_refused_at "
            "offerer_refused_at",
            words="words",
            person="seeker_id offerer_id",
        ),
        links=(
            Link(
                role="seeks",
                rows=is_person(ProfileMatch.seeker_id),
                export=(
                    ProfileMatch.request_id,
                    ProfileMatch.offer_id,
                    ProfileMatch.words,
                    ProfileMatch.found_at,
                    ProfileMatch.seeker_told_at,
                    ProfileMatch.seeker_refused_at,
                ),
                erase=Erase.DELETE,
            ),
            Link(
                role="offers",
                rows=is_person(ProfileMatch.offerer_id),
                export=(
                    ProfileMatch.request_id,
                    ProfileMatch.offer_id,
                    ProfileMatch.words,
                    ProfileMatch.found_at,
                    ProfileMatch.offerer_told_at,
                    ProfileMatch.offerer_refused_at,
                ),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.SUBJECT,
        why="So that the two are told once of what fits; without its words as soon as a profile is no longer shown.",
    ),
    Declared(
        model=ProfileCompared,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="at", person="person_id"),
        links=(
            Link(
                role="profile",
                rows=is_person(ProfileCompared.person_id),
                export=(ProfileCompared.at,),
                erase=Erase.DELETE,
            ),
        ),
        kept=Period.PERSON,
        why="Which profiles were compared since they were changed.",
    ),
    Declared(
        model=MatchRefusal,
        chapter=Chapter.KNOWHOW,
        says=columns(plain="id pair at", words="words", person="person_id other_id"),
        links=(
            Link(
                role="refused",
                rows=is_person(MatchRefusal.person_id),
                export=(MatchRefusal.pair, MatchRefusal.words, MatchRefusal.at),
                erase=Erase.DELETE,
            ),
            # What the other one did not want is theirs to know, and nobody else's.
            Link(role="was refused", rows=is_person(MatchRefusal.other_id), erase=Erase.DELETE),
        ),
        kept=Period.PERSON,
        why="What was nothing for somebody, so that such pairs weigh less; its words go with what was opened.",
    ),
)
