"""The methods about the bot itself and about chats: commands, name, description, menu button, members, pins."""

from collections.abc import Callable

from tests.standins.telegram import rules
from tests.standins.telegram.parameters import Parameters
from tests.standins.telegram.refusals import BadRequest
from tests.standins.telegram.state import Chat, Json, State, chat_member


class ProfileMethods:
    """Each method takes the parameters and returns the result, or raises a `Refusal`."""

    def __init__(self, state: State, on_bot_membership: Callable[[Chat, str], None]) -> None:
        self.state = state
        self._on_bot_membership = on_bot_membership

    def get_me(self, p: Parameters) -> Json:
        """User, with what only getMe tells."""
        return self.state.bot.api() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    # Commands, kept apart by scope and language

    def set_my_commands(self, p: Parameters) -> bool:
        """Replace the list of one scope and language."""
        self.state.commands[self._commands_key(p)] = rules.commands(p)
        return True

    def get_my_commands(self, p: Parameters) -> list[dict[str, str]]:
        """The list of exactly this scope and language."""
        return self.state.commands.get(self._commands_key(p), [])

    def delete_my_commands(self, p: Parameters) -> bool:
        """Forget the list of one scope and language."""
        self.state.commands.pop(self._commands_key(p), None)
        return True

    def _commands_key(self, p: Parameters) -> tuple[str, int, int, str]:
        kind, chat_id, user_id = rules.command_scope(p)
        if chat_id:
            self.state.chat(chat_id)
        return kind, chat_id, user_id, rules.language(p)

    # Name and descriptions, by language

    def _set_text(self, p: Parameters, name: str, limit: int) -> bool:
        self.state.profile[name, rules.language(p)] = rules.profile_text(p, name, limit)
        return True

    def _get_text(self, p: Parameters, name: str) -> Json:
        texts = self.state.profile
        text = texts.get((name, rules.language(p))) or texts.get((name, ""), "")
        return {name: text or (self.state.bot.first_name if name == "name" else "")}

    def set_my_name(self, p: Parameters) -> bool:
        """At most 64 characters."""
        return self._set_text(p, "name", rules.MAX_NAME)

    def get_my_name(self, p: Parameters) -> Json:
        """BotName."""
        return self._get_text(p, "name")

    def set_my_description(self, p: Parameters) -> bool:
        """At most 512 characters."""
        return self._set_text(p, "description", rules.MAX_DESCRIPTION)

    def get_my_description(self, p: Parameters) -> Json:
        """BotDescription."""
        return self._get_text(p, "description")

    def set_my_short_description(self, p: Parameters) -> bool:
        """At most 120 characters."""
        return self._set_text(p, "short_description", rules.MAX_SHORT_DESCRIPTION)

    def get_my_short_description(self, p: Parameters) -> Json:
        """BotShortDescription."""
        return self._get_text(p, "short_description")

    def set_chat_menu_button(self, p: Parameters) -> bool:
        """For one private chat, or for all without ``chat_id``."""
        button = rules.menu_button(p)
        self.state.menu_buttons[self._menu_key(p)] = button
        return True

    def get_chat_menu_button(self, p: Parameters) -> Json:
        """The chat's own button, else the one of all chats."""
        buttons = self.state.menu_buttons
        return buttons.get(self._menu_key(p)) or buttons.get(0) or {"type": "commands"}

    def _menu_key(self, p: Parameters) -> int:
        chat_id = p.integer("chat_id")
        if chat_id is None:
            return 0
        if not self.state.chat(chat_id).is_private:
            raise BadRequest("chat not found")
        return chat_id

    # Chats

    def get_chat(self, p: Parameters) -> Json:
        """ChatFullInfo."""
        return self._readable(p).full()

    def get_chat_member(self, p: Parameters) -> Json:
        """ChatMember; a known person who is not there has left."""
        chat = self._readable(p)
        user_id = p.integer("user_id")
        account = self.state.accounts.get(user_id) if user_id is not None else None
        if account is None:
            raise BadRequest("user not found")
        if chat.is_private:
            return chat_member(account, "member")
        return chat_member(account, chat.members.get(account.id, "left"))

    def get_chat_administrators(self, p: Parameters) -> list[Json]:
        """The owner and the administrators; other bots are not listed, this one is."""
        chat = self._readable(p)
        if chat.is_private:
            raise BadRequest("there are no administrators in the private chat")
        return [
            chat_member(self.state.accounts[user_id], status)
            for user_id, status in chat.members.items()
            if status in {"creator", "administrator"}
        ]

    def get_chat_member_count(self, p: Parameters) -> int:
        """People and bots in the chat."""
        chat = self._readable(p)
        if chat.is_private:
            return 2
        return sum(status not in {"left", "kicked"} for status in chat.members.values())

    def leave_chat(self, p: Parameters) -> bool:
        """Leave a group or a channel."""
        chat = self._readable(p)
        if chat.is_private:
            raise BadRequest("chat member status can't be changed in private chats")
        self._on_bot_membership(chat, "left")
        return True

    def pin_chat_message(self, p: Parameters) -> bool:
        """Pin; in a group only as an administrator."""
        chat = self._pinnable(p)
        message = self.state.message(chat, p.integer("message_id"), "message to pin")
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
        chat.pinned.append(message.message_id)
        return True

    def unpin_chat_message(self, p: Parameters) -> bool:
        """Unpin one message, or the newest pinned one."""
        chat = self._pinnable(p)
        message_id = p.integer("message_id", chat.pinned[-1] if chat.pinned else None)
        if message_id not in chat.pinned:
            raise BadRequest("message to unpin not found")
        chat.pinned.remove(message_id)
        return True

    def unpin_all_chat_messages(self, p: Parameters) -> bool:
        """Unpin everything."""
        self._pinnable(p).pinned.clear()
        return True

    def _pinnable(self, p: Parameters) -> Chat:
        chat = self.state.writable_chat(p.integer("chat_id"), is_edit=True)
        if not chat.is_private and chat.members.get(self.state.bot.id) != "administrator":
            raise BadRequest("not enough rights to manage pinned messages in the chat")
        return chat

    def _readable(self, p: Parameters) -> Chat:
        """A chat that the bot can see: any private one, and groups that it is in."""
        if not p.text("chat_id"):
            raise BadRequest("chat_id is empty")
        chat = self.state.chat(p.integer("chat_id"))
        return chat if chat.is_private else self.state.writable_chat(chat.id, is_edit=True)
