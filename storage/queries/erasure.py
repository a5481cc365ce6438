"""Erasing a person from every table, as the declaration in :mod:`storage.personal` says, in one transaction.

What the declaration calls *elsewhere* has its rules here: posts that stay or go, places in what is still to come,
messages in every state, and the copies that others have of words about them.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, delete, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import (
    Answer,
    EventStatus,
    OutboxOp,
    OutboxState,
    PersonStatus,
    Platform,
    PostStatus,
    SubjectKind,
)
from storage.models import (
    AnswerVote,
    Application,
    AuditEntry,
    CallPartner,
    CardCopy,
    CommunityEvent,
    EventAnswer,
    InboxEvent,
    Meeting,
    MeetingParty,
    MeetingStep,
    OutboxMessage,
    Person,
    Post,
    PostAnswer,
    PostRevision,
    PostVote,
    SearchEntry,
    SearchWord,
    WebMessage,
)
from storage.personal.inventory import INVENTORY
from storage.personal.terms import ANONYMOUS, Erase, Whose, resolved
from storage.queries.dialect import is_postgres
from storage.queries.search_index import reindex
from storage.search_schema import FTS_FORGET

OPEN = (OutboxState.QUEUED, OutboxState.HELD, OutboxState.SENDING)
SHORTEST = 3
"""Characters: shorter words are too common to be looked for in what others were shown."""
LOOKED_FOR = 80
"""Characters of a longer text that are looked for: a list shows its beginning."""
MOST_TEXTS = 60
"""Texts of one person that are looked for in what others were shown."""
NO_TITLE = "–"
"""The title of a post that is gone: a heading needs a letter."""
EMPTY_CONTENT: Mapping[str, Any] = {"text": "", "screen": None}


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of ours that stands in a chat.

    ``person_id`` reads it there; ``None`` where several do.
    """

    platform: Platform
    account: str
    chat: str
    thread: str
    message_id: str
    sent_at: datetime
    person_id: int | None


async def words_of(session: AsyncSession, person: Person, *, keep_posts: bool) -> list[str]:
    """What others may have been shown of this person: their name first, then what they wrote and what goes."""
    statements = [
        select(PostAnswer.body).where(PostAnswer.author_id == person.id) if not keep_posts else None,
        select(Post.title).where(Post.author_id == person.id, _goes(keep_posts=keep_posts)),
        select(Post.body).where(Post.author_id == person.id, _goes(keep_posts=keep_posts)),
        select(CallPartner.sentence).where(CallPartner.person_id == person.id),
        select(Application.note).where(Application.person_id == person.id),
        select(Meeting.topic).where(
            Meeting.id.in_(select(MeetingParty.meeting_id).where(MeetingParty.person_id == person.id))
        ),
    ]
    found = [person.name, person.offers, person.seeks, person.organisation_claim]
    for statement in statements:
        if statement is not None:
            found += (await session.execute(statement)).scalars().all()
    for objectives in (
        await session.execute(select(Application.objectives).where(Application.person_id == person.id))
    ).scalars():
        found += objectives
    found = [" ".join(one.split()) if one is person.name else one.strip() for one in found]
    return list(dict.fromkeys(one[:LOOKED_FOR] for one in found if len(one) >= SHORTEST))[:MOST_TEXTS]


def _goes(*, keep_posts: bool) -> ColumnElement[bool]:
    """Which of somebody's posts go: only what is published can stay."""
    return Post.status.not_in([PostStatus.PUBLISHED, PostStatus.CLOSED]) if keep_posts else Post.id.is_not(None)


# What others were shown


def _holds(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """Rows whose JSON holds one of the texts, as written out by either database."""
    patterns = {
        spelling
        for one in words
        for spelling in (one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])
    }
    written = cast(column, Text)
    return or_(*(written.like(f"%{_escaped(one)}%", escape="!") for one in sorted(patterns)))


def _escaped(word: str) -> str:
    return re.sub(r"([!%_])", r"!\1", word)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """The texts as whole words: an Anna is looked for, and Annalisa is left alone."""
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in words))


def _strings(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _strings(one)
        case list():
            for one in value:
                yield from _strings(one)


async def blank_mentions(session: AsyncSession, who: Whose, words: Sequence[str]) -> list[Posted]:
    """Empty what was kept of messages to others that held these words, and say where the messages stand.

    Live cards are left out: they are redrawn from what is stored.
    """
    if not words:
        return []
    wanted, found = _pattern(words), list[Posted]()
    not_mine = and_(
        or_(OutboxMessage.person_id.is_(None), OutboxMessage.person_id != who.id),
        ~who.reads(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.chat),
    )
    rows = await session.execute(
        select(OutboxMessage).where(not_mine, OutboxMessage.state.not_in(OPEN), _holds(OutboxMessage.data, words))
    )
    for row in rows.scalars():
        if not any(wanted.search(one) for one in _strings(row.data)):
            continue
        row.data = {}
        message_id = row.message_id or row.target
        stands = row.state is OutboxState.SENT and row.op is not OutboxOp.DELETE
        if message_id and stands and not await _is_card(session, row.platform, row.chat, message_id):
            found.append(_posted(row, message_id))
    messages = await session.execute(
        select(WebMessage).where(
            ~who.on_web(WebMessage.chat, WebMessage.author), WebMessage.author == "", _holds(WebMessage.content, words)
        )
    )
    known = {(one.platform, one.chat, one.message_id) for one in found}
    for message in messages.scalars():
        if any(wanted.search(one) for one in _strings(message.content)) and not await _is_card(
            session, Platform.WEB, message.chat, message.message_id
        ):
            message.content = dict(EMPTY_CONTENT)
            if (Platform.WEB, message.chat, message.message_id) not in known:
                found.append(Posted(Platform.WEB, "web", message.chat, "", message.message_id, message.at, None))
    await session.flush()
    return found


async def _is_card(session: AsyncSession, platform: Platform, chat: str, message_id: str) -> bool:
    """Whether a message is a copy of a live card, which is redrawn by itself."""
    return bool((await session.execute(select(_copy_of(platform, chat, message_id)))).scalar_one())


def _copy_of(platform: Any, chat: Any, message_id: Any) -> Any:
    return exists().where(CardCopy.platform == platform, CardCopy.chat == chat, CardCopy.message_id == message_id)


def _posted(row: OutboxMessage, message_id: str) -> Posted:
    return Posted(
        row.platform, row.account, row.chat, row.thread, message_id, row.finished_at or row.created_at, row.person_id
    )


async def notices_naming(
    session: AsyncSession, who: Whose, subjects: Mapping[str, Collection[int]], but_kinds: Collection[str]
) -> list[Posted]:
    """Notices that others have and that were drawn from rows of this person, so that their name may stand in them.

    Args:
        session: any.
        who: the person.
        subjects: ids by the key under which a notice's data names them.
        but_kinds: kinds that carry their words themselves.
    """
    named = [OutboxMessage.data[key].as_integer().in_(ids) for key, ids in subjects.items() if ids]
    if not named:
        return []
    rows = await session.execute(
        select(OutboxMessage).where(
            or_(OutboxMessage.person_id.is_(None), OutboxMessage.person_id != who.id),
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.op == OutboxOp.SEND,
            OutboxMessage.kind.not_in(but_kinds),
            ~_copy_of(OutboxMessage.platform, OutboxMessage.chat, OutboxMessage.message_id),
            OutboxMessage.announcement_id.is_(None),
            or_(*named),
        )
    )
    return [_posted(row, row.message_id) for row in rows.scalars() if row.message_id]


async def own_messages(session: AsyncSession, who: Whose) -> list[Posted]:
    """Messages of ours in this person's own chats, as far as the outbox still knows them."""
    rows = await session.execute(
        select(OutboxMessage).where(
            who.reads(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.chat),
            OutboxMessage.state == OutboxState.SENT,
            OutboxMessage.op == OutboxOp.SEND,
            OutboxMessage.message_id != "",
        )
    )
    return [_posted(row, row.message_id) for row in rows.scalars()]


# The tables


async def erase(session: AsyncSession, who: Whose, name: str, *, keep_posts: bool, now: datetime) -> dict[str, int]:
    """Erase a person from every table.

    Args:
        session: in a writing transaction; places and meetings to come were given up before.
        who: the person.
        name: replaced by their number in reasons that others wrote.
        keep_posts: published posts and answers stay, without a name.
        now: the present.

    Returns:
        How many rows of each table were deleted or changed.
    """
    await session.flush()
    done = {
        "posts": await _erase_posts(session, who, keep_posts=keep_posts),
        "post_answers": 0 if keep_posts else await _erase_own_answers(session, who),
        "event_answers": await _erase_answers(session, who, now),
        "events": await _erase_events(session, who),
        "inbox": await _erase_inbox(session, who, now),
    }
    await _scrub_reasons(session, who, name)
    voted = await _voted(session, who)
    for declared in INVENTORY:
        for link in declared.links:
            table = declared.model.__tablename__
            if link.erase is Erase.CHANGE and declared.model is not Person:
                values = {column.key: resolved(value, now) for column, value in link.blank.items()}
                done[table] = done.get(table, 0) + await _changed(session, declared.model, link.rows(who), values)
    for declared in INVENTORY:
        for link in declared.links:
            if link.erase is Erase.DELETE:
                table = declared.model.__tablename__
                done[table] = done.get(table, 0) + await _deleted(session, declared.model, link.rows(who))
    for kind, subjects in voted.items():
        await reindex(session, kind, subjects)
    done["outbox"] = await _erase_outbox(session, who, now)
    for declared in INVENTORY:
        if declared.model is Person:
            (link,) = declared.links
            values = {column.key: resolved(value, now) for column, value in link.blank.items()}
            await _changed(session, Person, link.rows(who), values)
    await _forget_wording(session, SubjectKind.PERSON, [who.id])
    # What was read before would be written back, or read as it was.
    session.expunge_all()
    return {table: number for table, number in sorted(done.items()) if number}


async def _changed(session: AsyncSession, model: Any, rows: ColumnElement[bool], values: Mapping[str, object]) -> int:
    key = next(iter(model.__table__.primary_key))
    result = await session.execute(
        update(model).where(rows).values(**values).returning(key).execution_options(synchronize_session=False)
    )
    return len(result.all())


async def _deleted(session: AsyncSession, model: Any, rows: ColumnElement[bool]) -> int:
    key = next(iter(model.__table__.primary_key))
    result = await session.execute(
        delete(model).where(rows).returning(key).execution_options(synchronize_session=False)
    )
    return len(result.all())


async def _erase_posts(session: AsyncSession, who: Whose, *, keep_posts: bool) -> int:
    going = and_(Post.author_id == who.id, _goes(keep_posts=keep_posts))
    theirs = (await session.execute(select(Post.id).where(Post.author_id == who.id))).scalars().all()
    await _changed(session, Post, Post.author_id == who.id, {"reason": ""})
    gone = await _changed(
        session,
        Post,
        going,
        {"title": NO_TITLE, "body": "", "topics": [], "link": "", "attachment": {}, "status": PostStatus.REMOVED},
    )
    # Their earlier wordings go with them, whether the posts stay or not.
    await _deleted(session, PostRevision, PostRevision.post_id.in_(theirs))
    await _forget_wording(session, SubjectKind.POST, theirs)
    return gone


async def _voted(session: AsyncSession, who: Whose) -> dict[SubjectKind, Sequence[int]]:
    """What they found useful, which is counted anew without them."""
    posts = select(PostVote.post_id).where(PostVote.person_id == who.id).order_by(PostVote.post_id)
    answers = select(AnswerVote.answer_id).where(AnswerVote.person_id == who.id).order_by(AnswerVote.answer_id)
    return {
        SubjectKind.POST: (await session.execute(posts)).scalars().all(),
        SubjectKind.ANSWER: (await session.execute(answers)).scalars().all(),
    }


async def _erase_own_answers(session: AsyncSession, who: Whose) -> int:
    theirs = (await session.execute(select(PostAnswer.id).where(PostAnswer.author_id == who.id))).scalars().all()
    gone = await _deleted(session, PostAnswer, PostAnswer.author_id == who.id)
    await _forget_wording(session, SubjectKind.ANSWER, theirs)
    return gone


async def _forget_wording(session: AsyncSession, kind: SubjectKind, ids: Sequence[int]) -> None:
    """What can no longer be found leaves the search, with the wording it gave to stems that others use too."""
    entries = select(SearchEntry.title, SearchEntry.topics, SearchEntry.body).where(
        SearchEntry.kind == kind, SearchEntry.subject_id.in_(ids)
    )
    stems = sorted({stem for texts in (await session.execute(entries)).all() for stem in " ".join(texts).split()})
    for first in range(0, len(stems), 500):
        await _changed(
            session, SearchWord, SearchWord.stem.in_(stems[first : first + 500]), {"example": SearchWord.stem}
        )
    await reindex(session, kind, ids)
    if stems:
        await forget_words(session)


async def forget_words(session: AsyncSession) -> None:
    """Let the words of entries that were removed leave the search index's own pages.

    SQLite's FTS5 only marks them until segments are merged; PostgreSQL keeps no words beside its rows.
    """
    if not is_postgres(session):
        await session.execute(text(FTS_FORGET))


async def _erase_answers(session: AsyncSession, who: Whose, now: datetime) -> int:
    """Only that they came to what has begun stays, as a count."""
    begun = select(CommunityEvent.id).where(
        CommunityEvent.starts_at <= now, CommunityEvent.status == EventStatus.PUBLISHED
    )
    came = and_(EventAnswer.answer == Answer.GOING, EventAnswer.event_id.in_(begun))
    return await _deleted(session, EventAnswer, and_(EventAnswer.person_id == who.id, ~came))


async def _erase_events(session: AsyncSession, who: Whose) -> int:
    mine = CommunityEvent.organiser_id == who.id
    never_shown = CommunityEvent.status.in_((EventStatus.PROPOSED, EventStatus.DECLINED))
    gone = await _deleted(session, CommunityEvent, and_(mine, never_shown))
    return gone + await _changed(session, CommunityEvent, mine, {"organiser_id": None})


async def _erase_inbox(session: AsyncSession, who: Whose, now: datetime) -> int:
    """The ids of events stay for their day, so that one that is delivered again does nothing."""
    return await _changed(
        session,
        InboxEvent,
        who.acts(InboxEvent.platform, InboxEvent.account, InboxEvent.person),
        {"person": "", "payload": {}, "closed_at": func.coalesce(InboxEvent.closed_at, now)},
    )


async def _scrub_reasons(session: AsyncSession, who: Whose, name: str) -> None:
    """In reasons that others wrote, a number in the place of the name."""
    if len(name) < SHORTEST:
        return
    wanted, number = _pattern([name]), f"{ANONYMOUS} ({who.id})"
    written: tuple[Any, ...] = (AuditEntry, MeetingStep, Application, Post)
    for model in written:
        rows = await session.execute(select(model).where(model.reason.like(f"%{_escaped(name)}%", escape="!")))
        for row in rows.scalars():
            row.reason = wanted.sub(number, row.reason)
            if isinstance(row, AuditEntry):
                row.anonymised = True  # or the log would refuse the change
    await session.flush()


def _blank_message() -> dict[str, object]:
    return {"data": {}, "chat": "", "thread": "", "target": "", "message_id": "", "dedup_key": None}


async def _erase_outbox(session: AsyncSession, who: Whose, now: datetime) -> int:
    """Nothing more is sent; how many were sent stays counted."""
    mine = or_(
        OutboxMessage.person_id == who.id,
        who.reads(OutboxMessage.platform, OutboxMessage.account, OutboxMessage.chat),
    )
    waits = OutboxMessage.state.in_(OPEN)
    return await _changed(
        session,
        OutboxMessage,
        mine,
        {
            **_blank_message(),
            "state": case((waits, OutboxState.CANCELLED), else_=OutboxMessage.state),
            "finished_at": case((waits, now), else_=OutboxMessage.finished_at),
        },
    )


def _settled_for_the_erased() -> ColumnElement[bool]:
    gone = select(Person.id).where(Person.status == PersonStatus.ERASED)
    return and_(OutboxMessage.person_id.in_(gone), OutboxMessage.chat != "", OutboxMessage.state.not_in(OPEN))


async def any_settled(session: AsyncSession) -> bool:
    """Whether there is anything for :func:`blank_settled`."""
    return (
        await session.execute(select(OutboxMessage.id).where(_settled_for_the_erased()).limit(1))
    ).first() is not None


async def blank_settled(session: AsyncSession) -> int:
    """Empty what still went out to the chats of people who are erased, once it has arrived; returns how many rows."""
    return await _changed(session, OutboxMessage, _settled_for_the_erased(), _blank_message())
