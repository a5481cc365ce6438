"""Groups and channels from the people's side: who comes and goes, and what becomes of the bot there."""

from typing import TYPE_CHECKING

from tests.standins.telegram.state import CHANNEL, GROUP, SUPERGROUP, Account, Chat, Json, Message, chat_member

if TYPE_CHECKING:
    from tests.standins.telegram.people import TelegramUser
    from tests.standins.telegram.server import TelegramServer

INSIDE = frozenset({"creator", "administrator", "member", "restricted"})
"""Statuses of those who are in a chat."""


def from_bot(chat: Chat) -> list[Message]:
    """What the bot wrote in a chat and has not deleted, oldest first."""
    return [message for message in chat.visible() if message.is_from_bot and message.service is None]


def newest(chat: Chat) -> Message:
    """The bot's newest message in a chat.

    Raises:
        AssertionError: there is none.
    """
    for message in reversed(chat.messages.values()):
        if not message.deleted and message.is_from_bot and message.service is None:
            return message
    raise AssertionError(f"the bot has written nothing in chat {chat.id}")


class TelegramGroup:
    """A group, supergroup or channel; people come and go, the bot is added and thrown out."""

    def __init__(self, server: "TelegramServer", chat: Chat) -> None:
        self.server = server
        self.chat = chat

    @property
    def id(self) -> int:
        """Chat id, which changes when the group becomes a supergroup."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote here and has not deleted, oldest first."""
        return from_bot(self.chat)

    @property
    def history(self) -> list[Message]:
        """The chat as it stands."""
        return list(self.chat.visible())

    @property
    def last(self) -> Message:
        """The newest message of the bot here.

        Raises:
            AssertionError: there is none.
        """
        return newest(self.chat)

    def add_bot(self, by: "TelegramUser | None" = None, *, admin: bool = False) -> None:
        """Somebody adds the bot, perhaps as an administrator."""
        actor = self._actor(by)
        self.server.set_bot_membership(self.chat, "administrator" if admin else "member", actor)
        if self.chat.kind != CHANNEL:
            self._service({"new_chat_members": [self.server.state.bot.api()]}, actor)

    def kick_bot(self, by: "TelegramUser | None" = None) -> None:
        """Somebody throws the bot out."""
        self.server.set_bot_membership(self.chat, "kicked", self._actor(by))

    def joins(self, user: "TelegramUser") -> None:
        """A person comes in."""
        self._membership(user, "member")
        self._service({"new_chat_members": [user.account.api()]}, user.account)

    def leaves(self, user: "TelegramUser") -> None:
        """A person goes."""
        self._membership(user, "left")
        self._service({"left_chat_member": user.account.api()}, user.account)

    def promotes(self, user: "TelegramUser") -> None:
        """A person becomes an administrator."""
        self._membership(user, "administrator")

    def migrate(self) -> int:
        """Turn a basic group into a supergroup with another id, which is returned; the old one refuses everything.

        Raises:
            AssertionError: it is a supergroup or channel already.
        """
        if self.chat.kind != GROUP:
            raise AssertionError("only a basic group can be upgraded")
        old, state = self.chat, self.server.state
        new = self.server.new_group_chat(old.title, SUPERGROUP)
        new.members, new.accounts = dict(old.members), dict(old.accounts)
        actor = self._actor(None)
        self._service({"migrate_to_chat_id": new.id}, actor)
        old.migrated_to = new.id
        state.chats[new.id] = new
        self.chat = new
        self._service({"migrate_from_chat_id": old.id}, actor)
        return new.id

    def _actor(self, by: "TelegramUser | None") -> Account:
        if by is not None:
            return by.account
        return next(
            (a for i, a in self.chat.accounts.items() if self.chat.members.get(i) in INSIDE), Account(1, "Owner")
        )

    def _membership(self, user: "TelegramUser", new: str) -> None:
        old = self.chat.members.get(user.id, "left")
        self.chat.members[user.id] = new
        self.chat.accounts[user.id] = user.account
        if self.chat.members.get(self.server.state.bot.id) == "administrator":
            change = {
                "chat": self.chat.api(),
                "from": user.account.api(),
                "date": int(self.server.now()),
                "old_chat_member": chat_member(user.account, old),
                "new_chat_member": chat_member(user.account, new),
            }
            self.server.updates.push("chat_member", change, self.id)

    def _service(self, content: Json, actor: Account) -> None:
        message = self.server.new_message(self.chat, actor)
        message.service = content
        if self.chat.members.get(self.server.state.bot.id) in INSIDE:
            message.update_id = self.server.updates.push("message", message.api(), self.id)
