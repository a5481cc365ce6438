"""Telegram's menu of commands, by language and scope, and the line that introduces the bot."""

import logging
from collections.abc import Awaitable, Sequence

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)

from bot.platforms.base import MenuEntry, SendError
from bot.platforms.telegram.client import TelegramClient
from handlers.conversation.texts import texts_for
from storage.enums import Locale

logger = logging.getLogger(__name__)

COMMAND_LIMIT = 100
"""Commands in one scope and language (Bot API, setMyCommands)."""
LANGUAGES: tuple[tuple[str, Locale], ...] = (("", Locale.ENGLISH), ("it", Locale.ITALIAN))
"""Telegram shows the list of the reader's own language, and the one without a language to everybody else."""


class Menu:
    """Registers commands. A menu only shows them: who may use one is decided when it is used.

    Args:
        client: the connection.
        entries: all commands.
    """

    def __init__(self, client: TelegramClient, entries: Sequence[MenuEntry]) -> None:
        self._client = client
        self._entries = entries

    async def register(self) -> None:
        """Register everybody's menus and the introduction. A failure is logged: the bot works without."""
        members = [entry for entry in self._entries if not entry.staff]
        groups = [entry for entry in members if entry.groups]
        for code, locale in LANGUAGES:
            t = texts_for(locale)
            line = t("Know-how, events, missions and meetings of the life-science community.")
            await self._try(self._set(_commands(members, locale), BotCommandScopeAllPrivateChats(), code))
            await self._try(self._set(_commands(groups, locale), BotCommandScopeAllGroupChats(), code))
            await self._try(self._introduce(line, code))

    async def show_staff(self, chat: str, locale: Locale) -> None:
        """Show all commands in one private chat, in the language that its person chose here.

        Raises:
            SendError: Telegram refused it.
        """
        await self._set(_commands(self._entries, locale), BotCommandScopeChat(int(chat)), "")

    async def hide_staff(self, chat: str) -> None:
        """Show the members' menu in that chat again.

        Raises:
            SendError: Telegram refused it.
        """
        await self._set([], BotCommandScopeChat(int(chat)), "")

    async def _set(self, commands: list[BotCommand], scope: BotCommandScope, language: str) -> None:
        bot = self._client.bot
        code = language or None
        # An empty list would be shown as such; a deleted one lets the wider scope's through.
        call = (
            bot.set_my_commands(commands, scope=scope, language_code=code)
            if commands
            else bot.delete_my_commands(scope=scope, language_code=code)
        )
        await self._client.call(call, repeatable=True)

    async def _introduce(self, line: str, language: str) -> None:
        call = self._client.bot.set_my_short_description(line, language_code=language or None)
        await self._client.call(call, repeatable=True)

    async def _try(self, call: Awaitable[None]) -> None:
        try:
            await call
        except SendError as error:
            logger.warning("Telegram's menu is not up to date: %s", error)


def _commands(entries: Sequence[MenuEntry], locale: Locale) -> list[BotCommand]:
    if len(entries) > COMMAND_LIMIT:
        logger.warning("Telegram lists %d of %d commands", COMMAND_LIMIT, len(entries))
    return [BotCommand(entry.names[locale], entry.descriptions[locale]) for entry in entries[:COMMAND_LIMIT]]
