"""The stand-in's workspace: everything it remembers, and ids made like Slack's."""

from __future__ import annotations

import itertools
import secrets
import time

from .refusals import SlackRefusalError
from .state import BOT_USER_ID, TEAM_ID, Account, Channel, File, Message, ResponseUrl, Trigger, View


class Workspace:
    """Everything that the stand-in remembers, with ids made like Slack's."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._last_tick = 0
        self.accounts: dict[str, Account] = {
            BOT_USER_ID: Account(BOT_USER_ID, "Cluster bot", "", "en-US", "Etc/UTC", is_bot=True)
        }
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._direct: dict[str, Channel] = {}
        self._named: dict[str, Channel] = {}

    def new_id(self, letter: str) -> str:
        """A fresh id that starts with the letter of its kind."""
        return f"{letter}{next(self._numbers):010d}"

    def new_ts(self) -> str:
        """A message id: the time in microseconds, never the same twice and always growing."""
        self._last_tick = max(self._last_tick + 1, time.time_ns() // 1000)
        return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def name_of(self, identifier: str) -> str:
        """The name behind a user or channel id, or the id itself when unknown."""
        account = self.accounts.get(identifier)
        if account:
            return account.name
        channel = self.channels.get(identifier)
        return channel.name if channel else identifier

    def add_channel(self, name: str, *, private: bool = False) -> Channel:
        """Create a channel.

        Raises:
            ValueError: the name is taken.
        """
        if name in self._named:
            raise ValueError(f"there is already a channel {name!r}")
        channel = Channel(self.new_id("G" if private else "C"), name, is_private=private)
        self.channels[channel.id] = self._named[name] = channel
        return channel

    def direct(self, user_id: str) -> Channel:
        """The direct message between a person and the bot, opened when needed."""
        channel = self._direct.get(user_id)
        if channel is None:
            channel = Channel(self.new_id("D"), "directmessage", {user_id, BOT_USER_ID}, im_user=user_id)
            self.channels[channel.id] = self._direct[user_id] = channel
        return channel

    def has_direct(self, user_id: str) -> bool:
        """Whether that direct message was ever opened."""
        return user_id in self._direct

    def channel(self, identifier: object) -> Channel:
        """A conversation by id or #name.

        Raises:
            SlackRefusalError: ``channel_not_found``; a private channel without the bot is not found either.
        """
        found = self.channels.get(str(identifier)) or self._named.get(str(identifier).removeprefix("#"))
        if found is None or (found.is_private and BOT_USER_ID not in found.members):
            raise SlackRefusalError("channel_not_found")
        return found

    def account(self, identifier: object) -> Account:
        """A member by id.

        Raises:
            SlackRefusalError: ``user_not_found``.
        """
        found = self.accounts.get(str(identifier))
        if found is None:
            raise SlackRefusalError("user_not_found")
        return found

    def new_trigger(self, user_id: str, view_id: str | None = None) -> Trigger:
        """A trigger as an interaction carries it."""
        number = next(self._numbers)
        trigger = Trigger(f"{number}.{TEAM_ID[1:]}.{secrets.token_hex(16)}", user_id, time.monotonic(), view_id)
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(self, user_id: str, channel_id: str, message: Message | None = None) -> ResponseUrl:
        """A response URL as an interaction carries it."""
        permission = ResponseUrl(secrets.token_urlsafe(18), user_id, channel_id, message, time.monotonic())
        self.response_urls[permission.token] = permission
        return permission

    def new_hash(self) -> str:
        """A view hash."""
        return f"{time.time_ns() // 1_000_000_000}.{secrets.token_hex(4)}"
