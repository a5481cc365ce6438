"""What belongs into the digests of many people, asked for all of them together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.digests import rules
from handlers.digests.ranking import Shelf, Taste, why
from handlers.digests.rules import News
from storage.enums import NoticeTopic, SubjectKind
from storage.models import Person
from storage.queries import digest_calls, digest_lessons, digest_posts, follows, preferences
from storage.queries import digests as stored
from storage.queries.digests import Deadline
from storage.queries.posts import new_posts_for


def since_of(person: Person) -> datetime:
    """From when on something is new to a person: since their last digest, or since they joined."""
    return person.last_digest_at or person.joined_at or person.created_at


async def news_for(session: AsyncSession, people: Sequence[Person], now: datetime) -> dict[int, News]:
    """What is new to each person up to that moment; all of them are asked for together."""
    ids = [person.id for person in people]
    since = {person.id: since_of(person) for person in people}
    events = await stored.new_events(session, ids, now)
    missions = await stored.new_missions(session, ids, now)
    announcements = await stored.missed_announcements(session, since, now)
    kept = await preferences.kept_for_digest(session, ids, now)
    tastes = await tastes_of(session, ids)
    posts = await _new_posts(session, people, since, tastes, now)
    found = {}
    for one in ids:
        muted = tastes[one].muted()
        found[one] = rules.shortened(
            posts[one],
            [] if NoticeTopic.EVENTS in muted else events[one],
            [] if NoticeTopic.MISSIONS in muted else missions[one],
            announcements[one],
            kept[one],
        )
    return found


async def tastes_of(session: AsyncSession, people: Sequence[int]) -> dict[int, Taste]:
    """What these people said about what they want to read."""
    levels = await preferences.levels_of_people(session, people)
    sectors = await digest_posts.sectors_of(session, people)
    less = await digest_lessons.less_of_people(session, people)
    return {one: Taste(levels[one], sectors.get(one, frozenset()), less[one]) for one in people}


async def _new_posts(
    session: AsyncSession,
    people: Sequence[Person],
    since: Mapping[int, datetime],
    tastes: Mapping[int, Taste],
    now: datetime,
) -> dict[int, list[int]]:
    """The posts for each person, the best first, one more than a digest names where there are more."""
    if not people:
        return {}
    begin = min(since.values())
    fresh = await digest_posts.fresh_posts(session, begin, now, most=rules.MOST_LOOKED_AT)
    shelf, read = Shelf(fresh, now), await digest_posts.read_since(session, since, begin) if fresh else {}
    best = {
        one: shelf.best(one, tastes[one], read=read.get(one, ()), since=since[one], most=rules.SHORT_LIST)
        for one in since
    }
    named = {post for posts in best.values() for post in posts}
    hidden = await digest_posts.hidden_from(session, since, named) if named else {}
    wanted, found = rules.MOST_POSTS + 1, {}
    for person in people:
        listed = best[person.id]
        shown = [post for post in listed if post not in hidden.get(person.id, ())][:wanted]
        looked_at_all = len(fresh) < rules.MOST_LOOKED_AT and len(listed) < rules.SHORT_LIST
        if len(shown) < wanted and not looked_at_all:
            # They have read, or may not read, nearly all of so much: what is left is looked for on its own.
            rest = await new_posts_for(session, person, since[person.id], wanted + len(shown))
            about, muted = await follows.topics_of_posts(session, rest), tastes[person.id].muted()
            ids = [
                one.id for one in rest if one.published_at and one.published_at <= now and not muted & {*about[one.id]}
            ]
            shown = list(dict.fromkeys([*shown, *ids]))[:wanted]
        found[person.id] = shown
    return found


MUTED_DEADLINES = {SubjectKind.EVENT: NoticeTopic.EVENTS, SubjectKind.MISSION: NoticeTopic.MISSIONS,
                   SubjectKind.MEETING: NoticeTopic.MEETINGS}  # fmt: skip
"""With which topic a deadline goes: who wants nothing of new events is not asked whether they come to one either."""


async def deadlines_for(session: AsyncSession, people: Sequence[int], now: datetime) -> dict[int, list[Deadline]]:
    """What ends soon for each person, of the topics that they have not muted, the most urgent first."""
    tastes = await tastes_of(session, people)
    found = await stored.deadlines(session, people, now, now + rules.HORIZON)
    calls = await _calls(session, people, tastes, now)
    return {
        person: sorted(
            [one for one in waiting if MUTED_DEADLINES.get(one.kind) not in tastes[person].muted()] + calls[person],
            key=lambda one: (one.at is None, one.at or now),
        )
        for person, waiting in found.items()
    }


async def _calls(
    session: AsyncSession, people: Sequence[int], tastes: Mapping[int, Taste], now: datetime
) -> dict[int, list[Deadline]]:
    """The calls that end soon of what each person follows, or that they have opened or answered; not their own."""
    calls = await digest_calls.calls_ahead(session, now, now + rules.HORIZON)
    found: dict[int, list[Deadline]] = {person: [] for person in people}
    if not calls or not people:
        return found
    ids = [one.id for one in calls]
    about = await follows.topics_of_posts(session, calls)
    looked_at = await digest_calls.looked_at(session, people, ids)
    hidden = await digest_posts.hidden_from(session, people, ids)
    for person, taste in tastes.items():
        muted, added, looked, unseen = taste.muted(), taste.added(), looked_at.get(person, ()), hidden.get(person, ())
        for call in calls:
            topics = about[call.id]
            if call.author_id == person or call.id in unseen or not muted.isdisjoint(topics):
                continue
            if call.id in looked:
                found[person].append(Deadline(SubjectKind.POST, call.id, call.title, call.deadline, ""))
            elif not added.keys().isdisjoint(topics):
                topic = why(topics, taste)
                found[person].append(Deadline(SubjectKind.POST, call.id, call.title, call.deadline, "", topic))
    return found
