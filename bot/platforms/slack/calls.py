"""Calls to Slack's Web API: one shared session, errors in delivery's words, and what answers are worth remembering."""

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.base import Failure, SendError
from bot.platforms.slack.errors import to_send_error

CALL_SECONDS = 30.0
CONNECT_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 15.0
"""Shorter than a far server's: a connection that it closed at rest would leave the next message in doubt."""
LOCALE_KEPT = timedelta(days=1)
LOCALE_RETRY = timedelta(minutes=1)
LOCALE_SECONDS = 0.7
"""How long the storing of an event waits for its person's language; three seconds are all that Slack gives."""
MAX_DOWNLOAD = 50 * 1024 * 1024

log = logging.getLogger(__name__)

sdk_log = logging.getLogger(f"{__name__}.sdk")
sdk_log.setLevel(logging.WARNING)
"""slack_sdk and Bolt write bodies and headers at INFO and DEBUG; those hold what people typed."""


class SlackCalls:
    """The Web API as this adapter uses it.

    Retries are delivery's: the client has no retry handler.
    """

    def __init__(self, *, bot_token: str, api_base_url: str) -> None:
        self.base_url = api_base_url.rstrip("/") + "/"
        self._token = bot_token
        self._direct: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """The client; its shared session is made at the first use, inside the running loop."""
        if self._client is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS),
                connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=KEEP_ALIVE_SECONDS),
            )
            self._client = self.client_for(self._token)
        return self._client

    def client_for(self, token: str | None) -> AsyncWebClient:
        """A client on the same session with another token, or none."""
        return AsyncWebClient(
            token=token, base_url=self.base_url, session=self._session, retry_handlers=[], logger=sdk_log
        )

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
        self._session = self._client = None

    async def run(self, method: str, request: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
        """Await one call and return its answer.

        Raises:
            SendError: it failed.
        """
        try:
            answer = (await request).data
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            raise to_send_error(method, error) from error
        except AttributeError as error:
            # slack_sdk reads an answer of type text/plain as a dictionary, and stumbles.
            raise to_send_error(method, TimeoutError("an answer that is not JSON")) from error
        if not isinstance(answer, dict):
            raise to_send_error(method, TimeoutError("an answer that is not JSON"))
        return answer

    async def direct_channel(self, user: str) -> str:
        """The id of the direct conversation with a person.

        Raises:
            SendError: there can be none.
        """
        known = self._direct.get(user)
        if known is None:
            answer = await self.run("conversations.open", self.client.conversations_open(users=[user]))
            known = str(answer["channel"]["id"])
            self.remember_direct(user, known)
        return known

    def remember_direct(self, user: str, channel: str) -> None:
        """Keep the id of a direct conversation that Slack mentioned."""
        if user and channel.startswith("D"):
            self._direct[user] = channel
            self._people[channel] = user

    def known_direct(self, user: str) -> str:
        """The id if it is known already; else empty."""
        return self._direct.get(user, "")

    async def join(self, channel: str) -> None:
        """Enter a public channel.

        Raises:
            SendError: it is private, archived or not there.
        """
        await self.run("conversations.join", self.client.conversations_join(channel=channel))

    async def upload(self, name: str, content: bytes, alt: str = "") -> str:
        """Hand the bytes of a file to Slack and return its id; nobody sees it before it is shared.

        Raises:
            SendError: Slack did not take it.
        """
        method = "files.getUploadURLExternal"
        place = await self.run(
            method,
            self.client.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt[:1000] or None),
        )
        try:
            async with self._open_session().post(str(place["upload_url"]), data=io.BytesIO(content)) as answer:
                if answer.status != 200:
                    failure = Failure.TEMPORARY if answer.status >= 500 or answer.status == 429 else Failure.REFUSED
                    raise SendError(failure, f"upload: HTTP {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise to_send_error("upload", error) from error
        return str(place["file_id"])

    async def share(self, files: list[tuple[str, str]], channel: str, thread: str) -> None:
        """Put uploaded files, as (id, title), into a conversation.

        Raises:
            SendError: they were not shared.
        """
        method = "files.completeUploadExternal"
        listed: list[dict[str, str | None]] = [{"id": file_id, "title": title} for file_id, title in files]
        await self.run(
            method,
            self.client.files_completeUploadExternal(files=listed, channel_id=channel, thread_ts=thread or None),
        )

    async def download(self, file_id: str) -> bytes:
        """The bytes of a file that Slack keeps.

        Raises:
            SendError: it is gone, too large, elsewhere, or cannot be fetched now.
        """
        answer = await self.run("files.info", self.client.files_info(file=file_id))
        file = answer.get("file")
        url = str(file.get("url_private_download") or file.get("url_private") or "") if isinstance(file, dict) else ""
        if not self._is_slacks(url):
            raise SendError(Failure.GONE, "files.info: the file is not kept by Slack")
        return await self._fetched(url)

    async def respond(self, response_url: str, text: str) -> None:
        """Say something to the person alone, where they ran a command; works where the bot is no member, too.

        Raises:
            SendError: it was not said.
        """
        if not self._is_slacks(response_url):
            raise SendError(Failure.REFUSED, "response_url: not an address of Slack's")
        body = {"response_type": "ephemeral", "replace_original": False, "text": text}
        try:
            async with self._open_session().post(response_url, json=body, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise SendError(Failure.TEMPORARY, f"response_url: HTTP {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(Failure.TEMPORARY, f"response_url: {type(error).__name__}") from error

    async def _fetched(self, url: str) -> bytes:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._open_session().get(url, headers=headers, allow_redirects=False) as response:
                if response.status != 200:
                    gone = response.status in {301, 302, 303, 307, 308, 401, 403, 404, 410}
                    raise SendError(Failure.GONE if gone else Failure.TEMPORARY, f"download: HTTP {response.status}")
                content = bytearray()
                async for chunk in response.content.iter_chunked(1 << 16):
                    content += chunk
                    if len(content) > MAX_DOWNLOAD:
                        raise SendError(Failure.REFUSED, f"download: larger than {MAX_DOWNLOAD} bytes")
                return bytes(content)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(Failure.TEMPORARY, f"download: {type(error).__name__}") from error

    def _is_slacks(self, url: str) -> bool:
        """Whether our token may be shown there: Slack's own hosts, or the server that stands for it."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.netloc == urlsplit(self.base_url).netloc:
            return True
        return parts.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))

    def _open_session(self) -> aiohttp.ClientSession:
        session = self.client.session
        if session is None:  # pragma: no cover - the property above made it
            raise SendError(Failure.TEMPORARY, "closed")
        return session


class Languages:
    """The language of each person, asked for once a day.

    Slack tells it only when asked (users.info with ``include_locale``), so it is kept; while it cannot be had, events
    go on without it.
    """

    def __init__(self, calls: SlackCalls, now: Callable[[], datetime]) -> None:
        self._calls = calls
        self._now = now
        self._known: dict[str, tuple[datetime, str]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._pause_until: datetime | None = None

    async def of(self, user: str) -> str:
        """The ISO 639-1 code; empty when unknown or not to be had in time."""
        now = self._now()
        until, code = self._known.get(user, (now, ""))
        if not user or until > now or (self._pause_until is not None and now < self._pause_until):
            return code
        asking = self._asking.get(user)
        if asking is None:
            asking = self._asking[user] = asyncio.create_task(self._ask(user), name="slack users.info")
            asking.add_done_callback(lambda _: self._asking.pop(user, None))
        # The question goes on when it takes longer: the next event of this person finds the answer.
        await asyncio.wait({asking}, timeout=LOCALE_SECONDS)
        return self._known.get(user, (now, code))[1]

    async def close(self) -> None:
        """Stop asking."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, user: str) -> None:
        before = self._known.get(user, (self._now(), ""))[1]
        try:
            client = self._calls.client
            answer = await self._calls.run("users.info", client.users_info(user=user, include_locale=True))
        except SendError as error:
            log.info("users.info: %s", error.failure)
            self._known[user] = (self._now() + LOCALE_RETRY, before)
            if error.failure is Failure.WAIT:
                self._pause_until = self._now() + timedelta(seconds=error.retry_after)
            return
        person = answer.get("user")
        locale = person.get("locale") if isinstance(person, dict) else None
        code = locale[:2].lower() if isinstance(locale, str) else ""
        self._known[user] = (self._now() + LOCALE_KEPT, code)
