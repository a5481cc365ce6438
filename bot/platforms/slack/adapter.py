"""The Slack adapter: the port's methods, put together from the modules beside it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.platforms.base import FetchFile, MenuEntry, NextTurn, Pace, Receiver, at_once
from bot.platforms.slack.calls import Languages, SlackCalls
from bot.platforms.slack.outline import outline
from bot.platforms.slack.parsing import HOME, Identity, parse
from bot.platforms.slack.receiving import Inbound
from bot.platforms.slack.sending import ScreenSender
from bot.platforms.slack.socket_mode import SocketListener
from bot.platforms.slack.windows import Windows
from handlers.conversation.context import Outline
from handlers.conversation.event import Address, Event, MessageRef, Payload
from handlers.conversation.screen import FileReference, Screen
from storage.enums import Platform

REQUEST_PATH = "/slack/events"
"""Where Slack posts events, interactivity and commands in HTTP mode."""

MEMBERS_A_PAGE = 200
MEMBER_PAGES = 60
"""Of conversations.members, whose reference recommends no more than 200 a page: channels of up to 12,000."""
SLACK_PACE = Pace(per_second=8.0, chat_seconds=1.0, group_per_minute=0, in_flight=8, edits_per_minute=50)
"""chat.postMessage takes one message a second per channel and, over a workspace, "several hundred" a minute
(https://docs.slack.dev/apis/web-api/rate-limits): 8 a second are 480; chat.update is of tier 3, 50 and more a minute.
What Slack finds too much, it says with ``Retry-After``."""


class SlackAdapter:
    """One Slack app in one workspace.

    Attributes:
        account: the workspace's id (``T…``), known once :meth:`open` has returned.
        slash_command: what people type, with its slash; it is registered by the manifest.
    """

    platform = Platform.SLACK

    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str = "",
        signing_secret: str = "",
        mode: Literal["socket", "http"],
        api_base_url: str = "https://slack.com/api/",
        slash_command: str = "/cluster",
        fetch: FetchFile,
        now: Callable[[], datetime],
    ) -> None:
        if mode == "socket" and not app_token:
            raise ValueError("Socket Mode needs the app-level token (xapp-…)")
        if mode == "http" and not signing_secret:
            raise ValueError("HTTP mode needs the signing secret")
        self.account = ""
        self.pace = SLACK_PACE
        self.slash_command = slash_command
        self._mode = mode
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._us = Identity("", "")
        self._calls = SlackCalls(bot_token=bot_token, api_base_url=api_base_url)
        self._languages = Languages(self._calls, now)
        self.next_turn: NextTurn = at_once
        self._sender = ScreenSender(self._calls, fetch, next_turn=lambda chat: self.next_turn(chat))
        self._inbound: Inbound | None = None
        self._socket: SocketListener | None = None

    async def open(self, menu: Sequence[MenuEntry]) -> None:  # noqa: ARG002 - Slack's one command comes with the manifest
        """Connect and learn who we are. Commands are registered by the app's manifest, not here.

        Raises:
            SendError: Slack refuses the token or cannot be reached.
        """
        answer = await self._calls.run("auth.test", self._calls.client.auth_test())
        self.account = str(answer["team_id"])
        self._us = Identity(self.account, str(answer["user_id"]))
        self._inbound = Inbound(
            identity=self._us,
            bot_id=str(answer.get("bot_id") or ""),
            calls=self._calls,
            languages=self._languages,
            windows=Windows(self._calls, self._sender, self.account),
            signing_secret=self._signing_secret,
        )
        if self._mode == "socket":
            self._socket = SocketListener(app_token=self._app_token, calls=self._calls, inbound=self._inbound)

    def routes(self) -> list[Route]:
        """What the web server must serve: one URL in HTTP mode, nothing in Socket Mode."""
        if self._mode == "socket":
            return []
        return [Route(REQUEST_PATH, self._endpoint, methods=["POST"])]

    async def listen(self, receiver: Receiver) -> None:
        """Receive until cancelled; in HTTP mode, begin to and return.

        Raises:
            RuntimeError: called before :meth:`open`.
        """
        if self._inbound is None:
            raise RuntimeError("open() comes first")
        self._inbound.receiver = receiver
        if self._socket is not None:
            await self._socket.run()

    async def close(self) -> None:
        """Release connections."""
        if self._inbound is not None:
            self._inbound.receiver = None
        await self._languages.close()
        await self._calls.close()

    @property
    def healthy(self) -> bool:
        """Whether it is connected and receiving."""
        if self._inbound is None or self._inbound.receiver is None:
            return False
        return self._socket is None or self._socket.connected

    def parse(self, payload: Payload) -> Event | None:
        """The event in a stored payload; ``None`` when there is nothing in it for us."""
        return parse(payload, self._us)

    async def send(self, address: Address, screen: Screen, *, token: str) -> str:
        """Send a screen; a chat ``home:<user>`` is that person's App Home, which is replaced.

        Raises:
            SendError: it was not sent, or that is in doubt.
        """
        return await self._sender.send(address, screen, token)

    async def edit(self, message: MessageRef, screen: Screen) -> str:
        """Redraw a message and return its ids afterwards.

        Raises:
            SendError: it was not edited.
        """
        return await self._sender.edit(message, screen)

    async def delete(self, message: MessageRef) -> None:
        """Delete a message.

        Raises:
            SendError: it was not deleted.
        """
        await self._sender.delete(message)

    async def ping(self) -> None:
        """Ask who we are.

        Raises:
            SendError: there was no answer, or a refusal.
        """
        await self._calls.run("auth.test", self._calls.client.auth_test())

    async def find_sent(self, address: Address, token: str) -> str | None:
        """The ids of the message that carries this token, read from the conversation.

        Raises:
            SendError: the conversation cannot be read now.
        """
        return await self._sender.find_sent(address, token)

    @property
    def resolves_doubt(self) -> bool:
        """Slack keeps the token with the message, so that reading the conversation tells."""
        return True

    members_at_once = 1000

    async def members_among(self, channel: Address, users: Sequence[str]) -> dict[str, bool]:
        """Whether each of these users is in a channel (conversations.members).

        Raises:
            SendError: the channel cannot be looked at.
        """
        inside: set[str] = set()
        cursor = ""
        for _ in range(MEMBER_PAGES):
            request = self._calls.client.conversations_members(
                channel=channel.chat, limit=MEMBERS_A_PAGE, cursor=cursor or None
            )
            answer = await self._calls.run("conversations.members", request)
            inside.update(str(one) for one in answer.get("members") or [])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return {user: user in inside for user in users}
        # Not all of them were seen: who was not may be there or not.
        return {user: True for user in users if user in inside}

    def outline(self, screen: Screen) -> Sequence[Outline]:
        """Which messages a screen would be here, in words."""
        return outline(screen)

    async def private_address(self, user: str) -> Address:
        """The private chat with a person; it goes by the person's own id."""
        return Address(Platform.SLACK, self.account, user)

    def is_group(self, address: Address) -> bool:
        """Whether several people read there."""
        return not address.chat.startswith(("U", "W", "D", HOME))

    async def download(self, reference: FileReference) -> bytes:
        """The bytes of a file that Slack keeps.

        Raises:
            SendError: it is gone, too large, or cannot be fetched now.
        """
        return await self._calls.download(reference.reference)

    async def _endpoint(self, request: Request) -> Response:
        if self._inbound is None:
            # Not open yet: Slack tries again.
            return PlainTextResponse("starting", status_code=503)
        return await self._inbound.endpoint(request)
