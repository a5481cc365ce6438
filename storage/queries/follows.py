"""Who follows what of the know-how, what it is called, and who wants a post at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.enums import POSTS_OF_SECTOR, PersonStatus, TopicLevel
from storage.models import Organisation, Person, PersonTopic, Post, SearchTopic, Sector
from storage.post_topics import (
    POSTS_BY_AUTHOR,
    POSTS_BY_ORGANISATION,
    POSTS_ON_WORD,
    id_in,
    topic_of_author,
    topic_of_organisation,
    topic_of_sector,
    topic_of_word,
    topics_of_post,
)
from storage.queries.post_authors import named_author_id
from storage.queries.post_visibility import readable_by
from storage.queries.preferences import level_of, levels


async def topics_of_posts(session: AsyncSession, posts: Sequence[Post]) -> dict[int, tuple[str, ...]]:
    """All keys under which these posts can be followed, by their ids."""
    named = {one.id: named_author_id(one) for one in posts}
    authors = select(Person.id, Person.organisation_id).where(Person.id.in_({*named.values()} - {None}))
    houses = {row.id: row.organisation_id for row in await session.execute(authors)} if posts else {}
    return {
        one.id: topics_of_post(
            author_id=(author := named[one.id]),
            organisation_id=houses.get(author) if author is not None else None,
            sector_id=one.sector_id,
            words=one.topics,
        )
        for one in posts
    }


async def topics_of(session: AsyncSession, post: Post) -> tuple[str, ...]:
    """All keys under which a post can be followed."""
    return (await topics_of_posts(session, [post]))[post.id]


async def people_to_tell(session: AsyncSession, post: Post) -> list[int]:
    """Those who want a post at once, each once, by id: who follows one of its topics so and has muted none of them.

    Its author is none of them, nor is anybody who may not read it.
    """
    topics = list(await topics_of(session, post))
    muted = exists().where(
        PersonTopic.person_id == Person.id, PersonTopic.topic.in_(topics), PersonTopic.level == TopicLevel.MUTED
    )
    wanted = select(PersonTopic.person_id).where(PersonTopic.topic.in_(topics), PersonTopic.level == TopicLevel.NOW)
    statement = (
        select(Person.id)
        .join_from(Person, Post, Post.id == post.id)
        .where(
            Person.id.in_(wanted),
            Person.id != post.author_id,
            Person.status == PersonStatus.MEMBER,
            ~muted,
            readable_by(Person.id),
        )
        .order_by(Person.id)
    )
    return list((await session.execute(statement)).scalars())


async def deciding_topic(session: AsyncSession, person_id: int, post: Post) -> str:
    """The topic of a post that decides how much of it somebody wants: a muted one, else one they want at once.

    Empty for a blind post without topics and sector, which nobody can follow.
    """
    topics = await topics_of(session, post)
    if not topics:
        return ""
    chosen = await levels(session, person_id)
    for decisive in (TopicLevel.MUTED, TopicLevel.NOW):
        for topic in topics:
            if level_of(chosen, topic) is decisive:
                return topic
    return topics[0]


async def followed(session: AsyncSession, person_id: int) -> list[tuple[str, TopicLevel]]:
    """What somebody follows or has muted, but for the sectors, which have a list of their own; the latest first."""
    kinds = [PersonTopic.topic.startswith(one, autoescape=True) for one in
             (POSTS_BY_AUTHOR, POSTS_BY_ORGANISATION, POSTS_ON_WORD)]  # fmt: skip
    statement = (
        select(PersonTopic.topic, PersonTopic.level)
        .where(PersonTopic.person_id == person_id, or_(*kinds))
        .order_by(PersonTopic.at.desc(), PersonTopic.topic)
    )
    return [(topic, level) for topic, level in await session.execute(statement)]


async def stop_following(session: AsyncSession, person_id: int, topic: str) -> None:
    """Neither follow nor mute a topic any more."""
    await session.execute(
        delete(PersonTopic)
        .where(PersonTopic.person_id == person_id, PersonTopic.topic == topic)
        .execution_options(synchronize_session="fetch")
    )


@dataclass(frozen=True, slots=True)
class Names:
    """What topics are called: a sector in both languages, all others as they are.

    Attributes:
        plain: of authors, organisations and words, by topic. Who or what is gone is missing.
        sectors: by topic.
    """

    plain: dict[str, str]
    sectors: dict[str, Sector]


async def names_of(session: AsyncSession, topics: Collection[str], *, spelt: Collection[str] = ()) -> Names:
    """What these topics are called, with a query for each kind of them that occurs.

    Args:
        session: any.
        topics: their keys.
        spelt: words as a post at hand writes them; others are written as the search knows them.
    """
    plain: dict[str, str] = {}
    authors = _ids(topics, POSTS_BY_AUTHOR)
    if authors:
        named = select(Person.id, Person.name).where(
            Person.id.in_(authors), Person.name != "", Person.status != PersonStatus.ERASED
        )
        plain |= {topic_of_author(one): name for one, name in await session.execute(named)}
    houses = _ids(topics, POSTS_BY_ORGANISATION)
    if houses:
        called = select(Organisation.id, Organisation.name).where(Organisation.id.in_(houses))
        plain |= {topic_of_organisation(one): name for one, name in await session.execute(called)}
    words = [topic.removeprefix(POSTS_ON_WORD) for topic in topics if topic.startswith(POSTS_ON_WORD)]
    if words:
        plain |= {topic_of_word(word): word for word in words}
        written = select(SearchTopic.name).where(SearchTopic.folded.in_(words))
        plain |= {topic_of_word(name): name for name in (await session.execute(written)).scalars()}
        plain |= {topic_of_word(word): word for word in spelt if topic_of_word(word) in topics}
    sectors: Sequence[Sector] = ()
    numbers = _ids(topics, POSTS_OF_SECTOR)
    if numbers:
        sectors = (await session.execute(select(Sector).where(Sector.id.in_(numbers)))).scalars().all()
    return Names(plain, {topic_of_sector(one.id): one for one in sectors})


def _ids(topics: Collection[str], prefix: str) -> list[int]:
    return [one for topic in topics if (one := id_in(topic, prefix)) is not None]
