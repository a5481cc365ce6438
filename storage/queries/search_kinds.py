"""What can be found, by kind: what of it is searched, and who may see it. A new kind is one more registration."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from storage.enums import EventStatus, Locale, MissionStatus, PostStatus, SubjectKind
from storage.models import (
    AnswerVote,
    CommunityEvent,
    Component,
    DirectoryEntry,
    Mission,
    MissionQuestion,
    Person,
    Post,
    PostAnswer,
    PostVote,
    Sector,
)
from storage.queries.directory import in_directory, seen_by, shown_of
from storage.queries.post_authors import is_by_hidden_author, named_author_id
from storage.queries.post_visibility import readable_by

PARTICIPANTS, MEMBERS, MISSION_LEADS = "participants", "members", "mission-leads"
"""Audiences: members and guests; members; those who run missions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who searches. ``sectors``: those they follow, which only rank.

    ``acted_for``: one of the staff searches for them, and does not learn which blind posts are theirs.
    ``audiences``: the words of :attr:`Document.audience` that let them find something.
    """

    person_id: int | None = None
    member: bool = False
    participant: bool = False
    runs_missions: bool = False
    sectors: frozenset[int] = frozenset()
    acted_for: bool = False

    @property
    def audiences(self) -> tuple[str, ...]:
        """To which they belong."""
        belongs = {
            PARTICIPANTS: self.participant or self.member,
            MEMBERS: self.member,
            MISSION_LEADS: self.runs_missions,
        }
        return tuple(audience for audience, is_one in belongs.items() if is_one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is searched of one thing, and who may find it.

    Attributes:
        title, topics, body: texts as they were written; a title in two languages holds both.
        audience: who may find it.
        language: ``None``: it is there in all of them.
        at: from when on it grows old: when it was published, or is over.
        until: how long it is open or valid; ``None``: always.
        sectors: ids; ``None``: it is for all of them.
        subkind: an id of what sort it is within its kind.
        owner_id: whose it is, for "only mine", where it may be known.
        useful: how many found it useful.
    """

    title: str
    body: str
    audience: str
    at: datetime
    topics: tuple[str, ...] = ()
    language: Locale | None = None
    until: datetime | None = None
    sectors: tuple[int, ...] | None = ()
    subkind: int = 0
    owner_id: int | None = None
    useful: int = 0


@dataclass(frozen=True, slots=True)
class FindableKind:
    """A kind of thing that a search finds.

    Attributes:
        kind: what it is.
        code: one letter that stands for it in buttons, for ever.
        documents: those of these things that somebody may find, each with what is searched of it.
        findable: the ids of all things of which there is a document, in the order in which they came to be.
        visible: the condition under which this reader may see one, on the table of ``findable``; it is asked of
            everything found, before it is counted or shown.
        parts: what belongs to such things and is found as they are: its kind, and the ids of those of some things.
    """

    kind: SubjectKind
    code: str
    documents: Callable[[AsyncSession, Collection[int]], Awaitable[Mapping[int, Document]]]
    findable: Select[int]
    visible: Callable[[Reader], ColumnElement[bool]]
    parts: tuple[SubjectKind, Callable[[Collection[int]], Select[int]]] | None = None


KINDS: dict[SubjectKind, FindableKind] = {}
"""All kinds, in the order in which filters show them."""


def add_kind(kind: FindableKind) -> None:
    """Let things of one more kind be found.

    Raises:
        ValueError: there is such a kind, or its letter is taken.
    """
    if kind.kind in KINDS or any(one.code == kind.code for one in KINDS.values()):
        raise ValueError(f"{kind.kind} is registered twice")
    KINDS[kind.kind] = kind


def parts_of_others() -> frozenset[SubjectKind]:
    """The kinds of thing that belong to things of another kind."""
    return frozenset(one.parts[0] for one in KINDS.values() if one.parts is not None)


def _post_visible(reader: Reader) -> ColumnElement[bool]:
    return readable_by(reader.person_id) if reader.member and reader.person_id is not None else false()


async def usefulness_of_posts(session: AsyncSession, ids: Collection[int]) -> dict[int, int]:
    """How many people a post was of use to, or moved to help: who voted for it, and who answered it but its author."""
    voted = select(PostVote.post_id, PostVote.person_id).where(PostVote.post_id.in_(ids))
    answered = (
        select(PostAnswer.post_id, PostAnswer.author_id)
        .join(Post, Post.id == PostAnswer.post_id)
        .where(PostAnswer.post_id.in_(ids), PostAnswer.author_id != Post.author_id)
    )
    people = voted.union(answered).subquery()
    counts = select(people.c.post_id, func.count()).group_by(people.c.post_id)
    return dict((await session.execute(counts)).all())


async def _post_documents(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Document]:
    found = await session.execute(select(Post).where(Post.id.in_(ids), Post.status == PostStatus.PUBLISHED))
    useful = await usefulness_of_posts(session, ids)
    return {
        post.id: Document(
            title=post.title,
            topics=tuple(post.topics),
            body=post.body,
            audience=MEMBERS,
            language=post.language,
            at=post.published_at or post.created_at,
            until=post.deadline or post.valid_until,
            sectors=(post.sector_id,) if post.sector_id is not None else (),
            subkind=post.kind_id,
            owner_id=named_author_id(post),
            useful=useful.get(post.id, 0),
        )
        for post in found.scalars()
    }


def _answers_of(ids: Collection[int]) -> Select[int]:
    return select(PostAnswer.id).where(PostAnswer.post_id.in_(ids)).order_by(PostAnswer.id)


def _answer_visible(reader: Reader) -> ColumnElement[bool]:
    return exists().where(Post.id == PostAnswer.post_id, _post_visible(reader))


async def _answer_documents(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Document]:
    """Answers are found by their own words only, by whom and as long as their posts are."""
    asked = select(PostAnswer).where(PostAnswer.id.in_(ids)).options(joinedload(PostAnswer.post))
    answers = (await session.execute(asked)).scalars().all()
    posts = await _post_documents(session, sorted({one.post_id for one in answers}))
    counts = select(AnswerVote.answer_id, func.count()).where(AnswerVote.answer_id.in_(ids))
    votes: dict[int, int] = dict((await session.execute(counts.group_by(AnswerVote.answer_id))).all())
    return {
        one.id: replace(
            posts[one.post_id],
            title="",
            topics=(),
            body=one.body,
            language=None,  # nobody says in which language they answer
            at=one.created_at,
            owner_id=None if is_by_hidden_author(one, one.post) else one.author_id,
            useful=votes.get(one.id, 0),
        )
        for one in answers
        if one.post_id in posts
    }


def _person_visible(reader: Reader) -> ColumnElement[bool]:
    if not reader.member or reader.person_id is None:
        return false()
    return and_(*seen_by(reader.person_id))


async def _person_documents(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Document]:
    """Members who allow the directory, by what they show there."""
    found = await session.execute(
        select(Person, DirectoryEntry)
        .outerjoin(DirectoryEntry, DirectoryEntry.person_id == Person.id)
        .where(Person.id.in_(ids), Person.name != "", *in_directory())
        .options(joinedload(Person.organisation))
        .execution_options(populate_existing=True)
    )
    documents = {}
    for person, entry in found:
        shown = shown_of(person, entry)
        documents[person.id] = Document(
            title=shown.name,
            topics=(shown.organisation,) if shown.organisation else (),
            body="\n".join(one for one in (shown.role, shown.offers, shown.seeks) if one),
            audience=MEMBERS,
            at=person.joined_at or person.created_at,
        )
    return documents


def _event_visible(reader: Reader) -> ColumnElement[bool]:
    return CommunityEvent.status == EventStatus.PUBLISHED if reader.participant else false()


async def _event_documents(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Document]:
    found = await session.execute(
        select(CommunityEvent).where(CommunityEvent.id.in_(ids), CommunityEvent.status == EventStatus.PUBLISHED)
    )
    return {
        event.id: Document(
            title=event.title,
            topics=(event.place,),
            body=event.description,
            audience=PARTICIPANTS,
            language=event.language,
            at=event.ends_at,
            until=event.ends_at,
            owner_id=event.organiser_id,
        )
        for event in found.scalars()
    }


OPEN_TO_ALL = (MissionStatus.OPEN, MissionStatus.CLOSED)
"""The states of a mission in which everybody may read of it."""


def _mission_visible(reader: Reader) -> ColumnElement[bool]:
    if not reader.participant:
        return false()
    shown = Mission.status.in_(OPEN_TO_ALL)
    return or_(shown, Mission.status == MissionStatus.DRAFT) if reader.runs_missions else shown


async def _mission_documents(session: AsyncSession, ids: Collection[int]) -> Mapping[int, Document]:
    wanted = [*OPEN_TO_ALL, MissionStatus.DRAFT]
    found = (await session.execute(select(Mission).where(Mission.id.in_(ids), Mission.status.in_(wanted)))).scalars()
    missions = list(found)
    parts: dict[int, list[str]] = {mission.id: [] for mission in missions}
    components = await session.execute(select(Component).where(Component.mission_id.in_(list(parts))))
    for part in components.scalars():
        parts[part.mission_id] += [part.title_it, part.title_en, part.description_it, part.description_en, part.place]
    questions = await session.execute(select(MissionQuestion).where(MissionQuestion.mission_id.in_(list(parts))))
    for one in questions.scalars():
        parts[one.mission_id] += [one.question_it, one.question_en, one.answer_it, one.answer_en]
    ids_of_sectors: dict[str, int] = dict((await session.execute(select(Sector.key, Sector.id))).all())
    return {
        mission.id: Document(
            title=mission.title,
            topics=(mission.place, mission.venue),
            body="\n".join([mission.summary_it, mission.summary_en, *parts[mission.id]]),
            audience=MISSION_LEADS if mission.status is MissionStatus.DRAFT else PARTICIPANTS,
            at=datetime.combine(mission.last_day, mission.deadline.timetz()),
            until=mission.deadline,
            sectors=tuple(ids_of_sectors[key] for key in mission.sectors if key in ids_of_sectors) or None,
            owner_id=mission.lead_id,
        )
        for mission in missions
    }


add_kind(
    FindableKind(
        SubjectKind.POST,
        "p",
        _post_documents,
        select(Post.id).where(Post.status == PostStatus.PUBLISHED).order_by(Post.published_at, Post.id),
        _post_visible,
        parts=(SubjectKind.ANSWER, _answers_of),
    )
)
add_kind(
    FindableKind(
        SubjectKind.ANSWER,
        "a",
        _answer_documents,
        select(PostAnswer.id)
        .join(Post, Post.id == PostAnswer.post_id)
        .where(Post.status == PostStatus.PUBLISHED)
        .order_by(PostAnswer.created_at, PostAnswer.id),
        _answer_visible,
    )
)
add_kind(
    FindableKind(
        SubjectKind.PERSON,
        "u",
        _person_documents,
        select(Person.id).where(Person.name != "", *in_directory()).order_by(Person.id),
        _person_visible,
    )
)
add_kind(
    FindableKind(
        SubjectKind.EVENT,
        "e",
        _event_documents,
        select(CommunityEvent.id)
        .where(CommunityEvent.status == EventStatus.PUBLISHED)
        .order_by(CommunityEvent.starts_at, CommunityEvent.id),
        _event_visible,
    )
)
add_kind(
    FindableKind(
        SubjectKind.MISSION,
        "m",
        _mission_documents,
        select(Mission.id)
        .where(Mission.status.in_([*OPEN_TO_ALL, MissionStatus.DRAFT]))
        .order_by(Mission.first_day, Mission.id),
        _mission_visible,
    )
)
