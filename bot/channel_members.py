"""Learns who reads the community's channels: a few people a tick, so that nobody's limits are strained.

An announcement may go to the channel and directly only to those who are not in it. What is known is at most a day old;
of whom nothing is known gets it directly as well, since twice is better than not at all.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from bot.platforms.base import Adapter, SendError
from handlers.conversation.clock import Clock
from handlers.conversation.context import Channel, Community
from handlers.conversation.event import Address
from storage.engine import Database
from storage.queries import channel_members as stored

log = logging.getLogger(__name__)

KNOWN_FOR = timedelta(hours=20)
"""After this somebody is looked up again."""
COUNTS_FOR = timedelta(days=2)
"""After this what is known counts no longer."""


@runtime_checkable
class KnowsMembers(Protocol):
    """An adapter that can tell who is in a channel."""

    members_at_once: int

    async def members_among(self, channel: Address, users: Sequence[str]) -> Mapping[str, bool]:
        """Whether each of these users is in the channel; who could not be looked up is left out.

        Raises:
            SendError: the channel cannot be looked at.
        """
        ...


async def look_up(database: Database, community: Community, clock: Clock, adapters: Sequence[Adapter]) -> int:
    """Look up the next people of each channel. Returns nothing to send: 0."""
    for channel in list(community.channels):
        for adapter in adapters:
            here = (adapter.platform, adapter.account) == (channel.platform, channel.account)
            if here and isinstance(adapter, KnowsMembers):
                await _look_up(database, clock, adapter, channel)
    async with database.writing() as session:
        await stored.forget_stale(session, clock.now() - COUNTS_FOR)
    return 0


async def _look_up(database: Database, clock: Clock, adapter: KnowsMembers, channel: Channel) -> None:
    now = clock.now()
    async with database.reading() as session:
        users = await stored.to_look_up(
            session, channel.platform, channel.account, seen_before=now - KNOWN_FOR, most=adapter.members_at_once
        )
    if not users:
        return
    try:
        present = await adapter.members_among(
            Address(channel.platform, channel.account, channel.chat, channel.thread), users
        )
    except SendError as error:
        log.info("cannot tell who is in the channel", extra={"platform": channel.platform, "why": error.failure})
        return
    async with database.writing() as session:
        await stored.note(session, channel.platform, channel.account, present, now)
