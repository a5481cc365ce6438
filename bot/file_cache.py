"""Files of one platform on their way to many people on another: fetched once, for a while."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.platforms.base import FetchFile
from handlers.conversation.screen import FileReference

KEPT_BYTES = 64 << 20
"""More than the largest file that Telegram hands out (20 MB) three times over."""
KEPT_SECONDS = 900.0
"""A broadcast asks for its picture again and again; what was erased meanwhile must not be kept for long."""


class FileCache:
    """Fetches files and keeps the newest for a while; who asks for one that is being fetched waits for that.

    Args:
        fetch: gets a file from its platform.
        now: monotonic seconds.
    """

    def __init__(self, fetch: FetchFile, *, now: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._kept: OrderedDict[FileReference, tuple[bytes, float]] = OrderedDict()
        self._coming: dict[FileReference, asyncio.Future[bytes]] = {}

    async def __call__(self, reference: FileReference) -> bytes:
        """The bytes of a file.

        Raises:
            SendError: it cannot be had; the next to ask tries again.
        """
        self._forget()
        kept = self._kept.get(reference)
        if kept is not None:
            return kept[0]
        coming = self._coming.get(reference)
        if coming is None:
            coming = self._coming[reference] = asyncio.ensure_future(self._get(reference))
            coming.add_done_callback(lambda _: self._coming.pop(reference, None))
        # Shielded: who gives up waiting does not take the file from the others.
        return await asyncio.shield(coming)

    async def _get(self, reference: FileReference) -> bytes:
        content = await self._fetch(reference)
        if len(content) <= KEPT_BYTES:
            self._kept[reference] = (content, self._now() + KEPT_SECONDS)
            self._forget()
        return content

    def _forget(self) -> None:
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest][1] > self._now() and sum(len(one) for one, _ in self._kept.values()) <= KEPT_BYTES:
                return
            del self._kept[oldest]
