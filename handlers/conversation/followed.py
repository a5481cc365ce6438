"""What followed topics are called, and why something comes: words that several features say."""

from collections.abc import Collection, Mapping

from handlers.conversation.context import ReadContext
from handlers.conversation.texts import Texts
from storage.queries import follows


async def topic_names(ctx: ReadContext, topics: Collection[str]) -> Mapping[str, str]:
    """What these topics of posts are called, in the reader's language; what is gone is missing."""
    found = await follows.names_of(ctx.session, topics)
    return {**found.plain, **{topic: ctx.t.of(sector, "name") for topic, sector in found.sectors.items()}}


def because_followed(name: str, t: Texts) -> str:
    """Why a post comes to somebody who follows what it is about."""
    return t("because you follow {name}", name=name)
