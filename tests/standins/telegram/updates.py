"""Updates on their way to the bot: by long polling or by webhook, in order, until the bot confirms them.

Polling: https://core.telegram.org/bots/api#getupdates. Webhook: the same page, and the resending rules of the Bot API
server (delay of 1 s, doubled at each failure up to 60 s; Retry-After obeyed; dropped after 23 h; order kept in a chat).
"""

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.standins.telegram import rules
from tests.standins.telegram.refusals import OTHER_POLLER, TERMINATED_BY_WEBHOOK, WEBHOOK_ACTIVE, Refusal

Json = dict[str, Any]

LONGEST_POLL_SECONDS = 50
FIRST_RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0
DROP_AFTER_SECONDS = 23 * 3600.0


@dataclass(slots=True, eq=False)
class Update:
    """One update and where it stands; `about` keeps the order of a chat."""

    update_id: int
    body: Json
    about: int
    created_at: float
    attempts: int = 0


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to, and how the last attempts went."""

    url: str
    secret_token: str
    max_connections: int
    ip_address: str = ""
    last_error_date: int = 0
    last_error_message: str = ""
    newest_of: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    running: set[asyncio.Task[None]] = field(default_factory=set)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))


class UpdateQueue:
    """The queue between people and the bot.

    Attributes:
        allowed: kinds of update that are let in; the last setting persists.
        webhook_time_scale: factor on every delay of the webhook, so that a test need not wait a minute.
        webhook_timeout: seconds before a push without an answer counts as failed.
        webhook_attempts: (update id, HTTP status or 0 for no answer) of each push.
        polls: how many getUpdates calls were let in.
    """

    def __init__(self, on_change: Callable[[], None], *, first_update_id: int = 100_000_001) -> None:
        self.allowed: frozenset[str] = rules.UPDATE_TYPES_BY_DEFAULT
        self.webhook: Webhook | None = None
        self.webhook_time_scale = 1.0
        self.webhook_timeout = 60.0
        self.webhook_attempts: list[tuple[int, int]] = []
        self.polls = 0
        self._on_change = on_change
        self._next_id = first_update_id
        self._pending: deque[Update] = deque()
        self._repeated: list[Update] = []
        self._known: dict[int, Update] = {}
        self._last: Update | None = None
        self._poller: asyncio.Future[None] | None = None
        self._session: aiohttp.ClientSession | None = None

    # From people

    def push(self, kind: str, content: Json, about: int) -> int:
        """Queue an update of this kind.

        Returns:
            Its id, or 0 when the bot did not ask for this kind.
        """
        if kind not in self.allowed:
            return 0
        update_id = self._next_id
        self._next_id += 1
        self._enqueue(Update(update_id, {"update_id": update_id, kind: content}, about, time.monotonic()))
        return update_id

    def push_raw(self, body: Json) -> int:
        """Queue an update of any shape; an ``update_id`` in it is kept, else the next one is given."""
        update_id = body.get("update_id")
        if not isinstance(update_id, int):
            update_id = self._next_id
        self._next_id = max(self._next_id, update_id + 1)
        self._enqueue(Update(update_id, {**body, "update_id": update_id}, 0, time.monotonic()))
        return update_id

    def jump(self, update_id: int) -> None:
        """Go on from another id, smaller or greater, as Telegram may after a week without updates."""
        self._next_id = update_id

    def redeliver(self, update_id: int) -> None:
        """Deliver a known update once more, confirmed or not.

        Raises:
            KeyError: no update had this id.
        """
        update = self._known[update_id]
        if self.webhook is not None:
            self._push_to_webhook(Update(update.update_id, update.body, update.about, time.monotonic()))
        else:
            self._repeated.append(update)
            self._wake_poller()

    def redeliver_last(self) -> int:
        """Deliver the newest update once more and return its id.

        Raises:
            LookupError: there was none yet.
        """
        if self._last is None:
            raise LookupError("no update was sent yet")
        self.redeliver(self._last.update_id)
        return self._last.update_id

    @property
    def unconfirmed(self) -> list[Json]:
        """Updates that the bot has not confirmed yet, oldest first."""
        return [update.body for update in self._pending]

    @property
    def has_unconfirmed(self) -> bool:
        """Whether anything waits for the bot."""
        return bool(self._pending or self._repeated)

    @property
    def is_polled(self) -> bool:
        """Whether a poll waits right now."""
        return self._poller is not None

    def _enqueue(self, update: Update) -> None:
        self._pending.append(update)
        self._known[update.update_id] = update
        self._last = update
        if self.webhook is not None:
            self._push_to_webhook(update)
        self._wake_poller()
        self._on_change()

    # By polling

    def _wake_poller(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _end_other_poll(self, description: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(Refusal(409, description))
        self._poller = None

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - a field of the request
        """getUpdates: confirm what lies before `offset`, then wait up to `timeout` seconds for something to hand out.

        Raises:
            Refusal: 409 while a webhook is set, or when another poll or a webhook takes this one's place.
        """
        if self.webhook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        self._end_other_poll(OTHER_POLLER)
        self.polls += 1
        self._confirm_before(offset)
        batch = self._batch(offset, limit)
        if batch or timeout <= 0:
            return batch
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = waiting
        self._on_change()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waiting, min(timeout, LONGEST_POLL_SECONDS))
        finally:
            if self._poller is waiting:
                self._poller = None
        return self._batch(offset, limit)

    def _confirm_before(self, offset: int) -> None:
        if not self._pending:
            return
        before = len(self._pending)
        if offset > 0:
            while self._pending and self._pending[0].update_id < offset:
                self._pending.popleft()
        elif offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        if len(self._pending) != before:
            self._on_change()

    def _batch(self, offset: int, limit: int) -> list[Json]:
        batch = [update.body for update in self._repeated]
        self._repeated.clear()
        for update in self._pending:
            if len(batch) >= limit:
                break
            if offset <= 0 or update.update_id >= offset:
                batch.append(update.body)
        return batch

    # By webhook

    def set_webhook(self, webhook: Webhook | None, *, drop_pending: bool) -> None:
        """Begin to push to a webhook, or stop with None."""
        self._stop_pushing()
        self.webhook = webhook
        if drop_pending:
            self._pending.clear()
            self._repeated.clear()
        if webhook is not None:
            self._end_other_poll(TERMINATED_BY_WEBHOOK)
            webhook.slots = asyncio.Semaphore(webhook.max_connections)
            for update in self._pending:
                self._push_to_webhook(update)
        self._on_change()

    def webhook_info(self) -> Json:
        """WebhookInfo."""
        info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._pending)}
        if self.webhook is not None:
            info["url"] = self.webhook.url
            info["max_connections"] = self.webhook.max_connections
            info["ip_address"] = self.webhook.ip_address or "127.0.0.1"
            if self.webhook.last_error_date:
                info["last_error_date"] = self.webhook.last_error_date
                info["last_error_message"] = self.webhook.last_error_message
        if self.allowed != rules.UPDATE_TYPES_BY_DEFAULT:
            info["allowed_updates"] = sorted(self.allowed)
        return info

    def _push_to_webhook(self, update: Update) -> None:
        webhook = self.webhook
        if webhook is None:
            return
        previous = webhook.newest_of.get(update.about)
        task = asyncio.get_running_loop().create_task(self._push_until_accepted(webhook, update, previous))
        webhook.newest_of[update.about] = task
        webhook.running.add(task)

        def forget(done: asyncio.Task[None]) -> None:
            webhook.running.discard(done)
            if webhook.newest_of.get(update.about) is done:
                del webhook.newest_of[update.about]

        task.add_done_callback(forget)

    async def _push_until_accepted(self, webhook: Webhook, update: Update, previous: asyncio.Task[None] | None) -> None:
        if previous is not None:
            await asyncio.wait([previous])
        delay = FIRST_RETRY_SECONDS
        while True:
            async with webhook.slots:
                status, retry_after, problem = await self._push_once(webhook, update)
            update.attempts += 1
            self.webhook_attempts.append((update.update_id, status))
            if 200 <= status < 300:
                break
            webhook.last_error_date = int(time.time())
            webhook.last_error_message = problem
            self._on_change()
            if retry_after is None and update.attempts > 1:
                delay = min(LONGEST_RETRY_SECONDS, delay * 2)
            wait = delay if retry_after is None else retry_after
            if (time.monotonic() - update.created_at) / max(self.webhook_time_scale, 1e-9) + wait > DROP_AFTER_SECONDS:
                break
            await asyncio.sleep(wait * self.webhook_time_scale)
        with contextlib.suppress(ValueError):
            self._pending.remove(update)
        self._on_change()

    async def _push_once(self, webhook: Webhook, update: Update) -> tuple[int, float | None, str]:
        """One attempt: HTTP status (0 for no answer), seconds the webhook asks to wait, and what went wrong."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        try:
            async with self._session.post(
                webhook.url,
                data=json.dumps(update.body).encode(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.webhook_timeout),
                allow_redirects=False,
            ) as response:
                await response.read()
        except TimeoutError:
            return 0, None, "Read timeout expired"
        except aiohttp.ClientError:
            return 0, None, "Connection failed"
        asked = response.headers.get("Retry-After", "")
        retry_after = min(3600.0, float(asked)) if asked.isdigit() and int(asked) else None
        return response.status, retry_after, f"Wrong response from the webhook: {response.status} {response.reason}"

    def _stop_pushing(self) -> list[asyncio.Task[None]]:
        tasks = list(self.webhook.running) if self.webhook is not None else []
        for task in tasks:
            task.cancel()
        return tasks

    async def close(self) -> None:
        """End polls and pushes."""
        self._wake_poller()
        await asyncio.gather(*self._stop_pushing(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()
