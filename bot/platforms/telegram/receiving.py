"""Updates on their way in: stored in one commit, only then confirmed to Telegram, only then handled."""

import asyncio
import hmac
import json
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter
from telegram.ext import TypeHandler

from bot.platforms.base import Accepted, Raw, Receiver, SendError
from bot.platforms.telegram.client import AnyApplication, TelegramClient
from bot.platforms.telegram.errors import UNREADABLE
from bot.platforms.telegram.layout import clean, is_visible, utf16_length
from bot.platforms.telegram.parsing import query_id, raw_update
from handlers.conversation.event import Payload, Toast
from storage.enums import Platform

logger = logging.getLogger(__name__)

ANSWER_WITHIN_SECONDS = 0.8
"""A press is answered by then at the latest; until then the button seems stuck."""
TOAST_LIMIT = 200
"""Characters (Bot API, answerCallbackQuery)."""
POLL_SECONDS = 50
"""How long a poll waits; the Bot API server cuts longer ones."""
SHORTEST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 60.0
LARGEST_UPDATE_BYTES = 1 << 20
"""Far above any update: a text has 4,096 characters."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name

Tell = Callable[[Payload, Toast], Awaitable[None]]


class Intake:
    """Stores updates, hands them to the receiver through the library's application, and answers presses.

    Args:
        client: the connection.
        account: our account's id.
        tell: sends a toast as a message, where there is no press to answer with it, or no longer.
    """

    def __init__(self, client: TelegramClient, account: str, tell: Tell) -> None:
        self._client = client
        self._account = account
        self._tell = tell
        self._waiting: dict[int, tuple[Receiver, Accepted]] = {}
        self.application.add_handler(TypeHandler(Update, self._on_update))

    @property
    def application(self) -> AnyApplication:
        """The library's application, in which our handler is registered."""
        return self._client.application

    async def accept(self, receiver: Receiver, updates: Sequence[object]) -> None:
        """Store updates and begin to handle those that are new. When this returns they may be confirmed.

        Raises:
            Exception: whatever storing raised; nothing is confirmed then and Telegram sends them again.
        """
        raws: list[Raw] = [raw for raw in map(raw_update, updates) if raw is not None]
        if not raws:
            return
        for accepted in await receiver.store(Platform.TELEGRAM, self._account, raws):
            receiver.spawn(self._take(receiver, accepted), name=f"telegram update {accepted.raw.id}")

    async def _take(self, receiver: Receiver, accepted: Accepted) -> None:
        try:
            update = Update.de_json(accepted.raw.payload, self._client.bot)
        except Exception as error:  # noqa: BLE001 - the library promises nothing about shapes that it does not know
            logger.warning("the library cannot read update %s (%s)", accepted.raw.id, type(error).__name__)
            await self._handle(receiver, accepted)
            return
        self._waiting[update.update_id] = (receiver, accepted)
        try:
            await self.application.process_update(update)
        finally:
            self._waiting.pop(update.update_id, None)

    async def _on_update(self, update: Update, _context: object) -> None:
        receiver, accepted = self._waiting.pop(update.update_id)
        await self._handle(receiver, accepted)

    async def _handle(self, receiver: Receiver, accepted: Accepted) -> None:
        try:
            query = query_id(accepted.raw.payload)
            if query:
                await self._handle_press(receiver, accepted, query)
                return
            outcome = await receiver.handle(accepted)
            if outcome.toast is not None:
                await self._tell(accepted.raw.payload, outcome.toast)
        except Exception:
            # It stays open in the inbox, where it is found again; the next update must not suffer for it.
            logger.exception("update %s was not handled; it stays stored", accepted.raw.id)

    async def _handle_press(self, receiver: Receiver, accepted: Accepted, query: str) -> None:
        handling = asyncio.ensure_future(receiver.handle(accepted))
        try:
            await asyncio.wait({handling}, timeout=ANSWER_WITHIN_SECONDS)
            quick = handling.done() and not handling.cancelled() and handling.exception() is None
            in_time = await self._answer(query, handling.result().toast if quick else None) and quick
            toast = (await handling).toast
            if toast is not None and not in_time:
                await self._tell(accepted.raw.payload, toast)
        finally:
            if not handling.done():
                handling.cancel()

    async def _answer(self, query: str, toast: Toast | None) -> bool:
        """Answer a press; returns whether Telegram took the answer."""
        text = shortened(toast.text) if toast is not None else ""
        answer = self._client.bot.answer_callback_query(
            query, text=text or None, show_alert=bool(text and toast and toast.alert) or None
        )
        try:
            await self._client.call(answer, repeatable=True)
        except SendError as error:
            logger.info("a press was answered too late: %s", error)
            return False
        return True


def shortened(text: str) -> str:
    """A toast's words within Telegram's limit; empty when there is nothing to see."""
    words = clean(text).strip()
    if not is_visible(words):
        return ""
    if utf16_length(words) <= TOAST_LIMIT:
        return words
    while utf16_length(words) > TOAST_LIMIT - 1:
        words = words[:-1]
    return words.rstrip() + "…"


class Poller:
    """Asks for updates until cancelled, whatever happens to the connection or the store.

    Attributes:
        healthy: whether the last poll was answered and its updates are stored.
    """

    def __init__(self, client: TelegramClient, intake: Intake) -> None:
        self._client = client
        self._intake = intake
        self._failures = 0
        self.healthy = False

    async def run(self, receiver: Receiver) -> None:
        """Receive until cancelled."""
        offset = 0
        while True:
            try:
                # After a failure, and at first, the answer comes at once: it tells that all is well.
                updates = await self._client.bot.raw_updates(offset, POLL_SECONDS if self.healthy else 0)
                await self._intake.accept(receiver, updates)
            except Exception as error:  # noqa: BLE001 - neither a network nor a database may end the receiving
                await self._pause(error)
                continue
            if self._failures:
                logger.info("receiving from Telegram again")
            self._failures, self.healthy = 0, True
            # Numbers may begin anew, and lower, after a week of silence. Once a poll came back empty, all before it is
            # confirmed, and the next one needs no number.
            numbers = [int(raw.id) for raw in map(raw_update, updates) if raw is not None]
            offset = max(numbers) + 1 if numbers else 0

    async def _pause(self, error: Exception) -> None:
        self._failures += 1
        self.healthy = False
        longest = min(SHORTEST_BACKOFF_SECONDS * 2 ** min(self._failures, 10), LONGEST_BACKOFF_SECONDS)
        # Jitter, so that many clients cut off together do not come back together.
        delay = longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret depends on it
        match error:
            case Conflict():
                logger.warning(
                    "another program receives for this Telegram bot, by polling or by a webhook; stop one of them. "
                    "Trying again in %.1f s",
                    delay,
                )
            case InvalidToken():
                logger.error("Telegram does not accept the bot's token any more; trying again in %.1f s", delay)
            case RetryAfter():
                wait = error.retry_after
                delay = max(delay, float(wait) if isinstance(wait, int) else wait.total_seconds())
                logger.warning("Telegram limits the polls; trying again in %.1f s", delay)
            case BadRequest() | SendError():
                logger.error("Telegram refuses the polls; trying again in %.1f s: %s", delay, error)
            case _ if isinstance(error, UNREADABLE):
                logger.warning("Telegram cannot be reached (%s); trying again in %.1f s", type(error).__name__, delay)
            case _:
                logger.error("updates could not be stored; trying again in %.1f s", delay, exc_info=error)
        await asyncio.sleep(delay)


class WebhookRoute:
    """What Telegram posts updates to.

    Args:
        secret: what Telegram was told to send along, so that nobody else's posts count.
        accept: stores updates and begins to handle them; ``None`` as long as nobody receives.
    """

    def __init__(self, secret: str, accept: Callable[[], Callable[[Sequence[object]], Awaitable[None]] | None]) -> None:
        self._secret = secret.encode()
        self._accept = accept

    async def __call__(self, request: Request) -> Response:
        """Store one update and answer: 200 stored, 400 no update, 403 wrong secret, 413 too large, 503 come again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, self._secret):
            return _plain(HTTPStatus.FORBIDDEN)
        body = await _limited_body(request)
        if body is None:
            return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return _plain(HTTPStatus.BAD_REQUEST)
        if raw_update(update) is None:
            return _plain(HTTPStatus.BAD_REQUEST)
        accept = self._accept()
        if accept is None:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            await accept([update])
        except Exception:
            logger.exception("an update could not be stored; Telegram will send it again")
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        return _plain(HTTPStatus.OK)


async def _limited_body(request: Request) -> bytes | None:
    """The body; ``None`` as soon as it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_UPDATE_BYTES:
            return None
    return bytes(body)


def _plain(status: HTTPStatus) -> Response:
    return PlainTextResponse(status.phrase, status_code=status)
