"""What followed topics are called, and why something comes: words that several features say."""

from collections.abc import Collection, Mapping

from handlers.conversation.context import ReadContext
from handlers.conversation.texts import Texts
from storage.enums import POSTS_OF_SECTOR
from storage.post_topics import POSTS_BY_AUTHOR, POSTS_BY_ORGANISATION
from storage.queries import follows


async def topic_names(ctx: ReadContext, topics: Collection[str], *, spelt: Collection[str] = ()) -> Mapping[str, str]:
    """What these topics of posts are called, in the reader's language; what is gone is missing.

    ``spelt`` are words as a post at hand writes them.
    """
    found = await follows.names_of(ctx.session, topics, spelt=spelt)
    return {**found.plain, **{topic: ctx.t.of(sector, "name") for topic, sector in found.sectors.items()}}


def topic_line(topic: str, name: str, t: Texts) -> str:
    """``Topic: CAR-T``: what kind of thing it is, and what it is called."""
    if topic.startswith(POSTS_OF_SECTOR):
        return t("Sector: {name}", name=name)
    if topic.startswith(POSTS_BY_ORGANISATION):
        return t("Organisation: {name}", name=name)
    if topic.startswith(POSTS_BY_AUTHOR):
        return t("Author: {name}", name=name)
    return t("Topic: {name}", name=name)


def because_followed(name: str, t: Texts) -> str:
    """Why a post comes to somebody who follows what it is about."""
    return t("because you follow {name}", name=name)
