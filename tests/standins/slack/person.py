"""A person in Slack: says, presses, runs commands, uploads; and what they see."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from .api_chat import MAX_POST_TEXT, content, show_answer
from .blocks import elements_of
from .delivery import Delivery
from .forms import filled, starting_values, state_key
from .modal_user import ModalUser
from .refusals import Json, SlackRefusalError
from .rendering import Button, escape, unescape
from .state import APP_ID, BOT_USER_ID, TEAM_ID, Channel, Message, View

Surface = Message | View


def _matching(buttons: Iterable[Button], what: str) -> Button | None:
    listed = list(buttons)
    for key in ("label", "value", "action_id"):
        for button in listed:
            if getattr(button, key) == what:
                return button
    return None


class Person(ModalUser):
    """A member of the workspace, as a test speaks for them. Every method that acts waits for the bot's acknowledgement.

    An acknowledgement is not yet an answer: wait for that with ``server.wait_for`` or ``server.quiet``.
    """

    # Sees

    @property
    def conversation(self) -> list[Message]:
        """Both sides of the direct message with the bot, oldest first, ephemeral messages in their place."""
        own = [message for message in self.dm.ephemerals if message.ephemeral_for == self.id]
        return sorted([*self.dm.messages, *own], key=lambda message: message.ts) if own else self.dm.messages

    @property
    def messages(self) -> list[Message]:
        """What the bot wrote in the direct message, oldest first."""
        return [message for message in self.conversation if message.user == BOT_USER_ID]

    @property
    def last(self) -> Message:
        """The newest of ``messages``.

        Raises:
            AssertionError: the bot has written nothing.
        """
        messages = self.messages
        if not messages:
            raise AssertionError(f"the bot has written nothing to {self.name}")
        return messages[-1]

    @property
    def ephemerals(self) -> list[Message]:
        """What only this person sees, in any conversation, oldest first."""
        channels = self.server.workspace.channels.values()
        mine = [each for channel in channels for each in channel.ephemerals if each.ephemeral_for == self.id]
        return sorted(mine, key=lambda message: message.ts)

    @property
    def home(self) -> View | None:
        """The App Home published for this person, or None."""
        return self.server.workspace.homes.get(self.id)

    # Says

    async def says(self, text: str, channel: Channel | None = None, *, thread: Message | None = None) -> Message:
        """Write in the direct message with the bot, or in a channel; the text arrives escaped as Slack does it."""
        return await self._writes(escape(text), text, channel or self.dm, thread)

    async def mentions_bot(self, channel: Channel, text: str, *, thread: Message | None = None) -> Message:
        """Write in a channel and mention the bot first."""
        return await self._writes(f"<@{BOT_USER_ID}> {escape(text)}", text, channel, thread, mention=True)

    async def _writes(
        self, escaped: str, plain: str, channel: Channel, thread: Message | None, *, mention: bool = False
    ) -> Message:
        message = self._store(escaped, channel, thread)
        elements: list[Json] = [{"type": "text", "text": plain}] if plain else []
        if mention:
            elements.insert(0, {"type": "user", "user_id": BOT_USER_ID})
        block_id = self.server.workspace.new_ts()[-5:]
        section = {"type": "rich_text_section", "elements": elements}
        message.blocks = [{"type": "rich_text", "block_id": block_id, "elements": [section]}]
        await self._announce(message, channel)
        if mention and BOT_USER_ID in channel.members:
            event = {**message.as_json(self.server.base_url), "channel": channel.id, "event_ts": message.ts}
            await self.server.push_event({**event, "type": "app_mention"})
        return message

    def _store(self, escaped: str, channel: Channel, thread: Message | None) -> Message:
        if self.account.deleted or self.id not in channel.members:
            raise AssertionError(f"{self.name} cannot write in {channel.name}")
        if channel.archived:
            raise AssertionError(f"{channel.name} is archived")
        if channel.im_user is not None and not self.server.messages_tab_enabled:
            raise AssertionError("the app's messages tab is off: nobody can write to it")
        workspace = self.server.workspace
        message = Message(workspace, channel.id, workspace.new_ts(), self.id, escaped)
        if thread is not None:
            message.thread_ts = thread.thread_ts or thread.ts
        channel.store[message.ts] = message
        return message

    async def _announce(self, message: Message, channel: Channel, **extra: object) -> None:
        if BOT_USER_ID not in channel.members:
            return
        kind = "im" if channel.im_user is not None else "group" if channel.is_private else "channel"
        event = {
            **message.as_json(self.server.base_url),
            "channel": channel.id,
            "channel_type": kind,
            "event_ts": message.ts,
            **extra,
        }
        name = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}[kind]
        if kind == "im" or f"{name.partition('.')[2]}:history" in self.server.scopes:
            await self.server.push_event(event, name=name)

    async def uploads_file(
        self, name: str, content_bytes: bytes, *, text: str = "", channel: Channel | None = None
    ) -> Message:
        """Share a file in the direct message with the bot, or in a channel."""
        where = channel or self.dm
        message = self._store(escape(text), where, None)
        message.files = [self.new_file(name, content_bytes)]
        await self._announce(message, where, subtype="file_share")
        return message

    async def runs(self, command: str, text: str = "", *, channel: Channel | None = None) -> Delivery:
        """Run a slash command; its immediate answer, if any, appears to this person (or to all, if it says so).

        The returned delivery has ``ack``, ``seconds``, ``trigger_id`` and ``response_url``.

        Raises:
            AssertionError: the app has no such command.
        """
        server, where = self.server, channel or self.dm
        if "commands" not in server.scopes or (server.commands is not None and command not in server.commands):
            raise AssertionError(f"{command} is not a command of this app")
        payload = {
            "token": "standin-verification-token",
            "team_id": TEAM_ID,
            "team_domain": "lsc-standin",
            "channel_id": where.id,
            "channel_name": where.name,
            "user_id": self.id,
            "user_name": self.name.lower().replace(" ", "."),
            "command": command,
            "text": escape(text),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._response_url(where),
            "trigger_id": server.workspace.new_trigger(self.id).id,
        }
        delivery = await server.deliver("slash_commands", payload)
        if delivery.ack:
            try:
                shown, blocks = content(
                    server, {**delivery.ack, "channel": where.id}, MAX_POST_TEXT, "answer to command"
                )
                show_answer(server, self.id, where, shown, blocks, str(delivery.ack.get("response_type", "ephemeral")))
            except SlackRefusalError as refusal:
                server.refuse(refusal.error, f"answer to {command}: {refusal.error} {'; '.join(refusal.messages)}")
            server.changed()
        return delivery

    def _response_url(self, channel: Channel, message: Message | None = None) -> str:
        permission = self.server.workspace.new_response_url(self.id, channel.id, message)
        return f"{self.server.base_url}/actions/{TEAM_ID}/{permission.token}"

    # Presses

    async def opens_home(self, tab: str = "home") -> Delivery | None:
        """Open the app's Home tab, or its ``messages`` tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": self.id,
            "channel": self.dm.id,
            "tab": tab,
            "event_ts": self.server.workspace.new_ts(),
        }
        if tab == "home" and self.home is not None:
            event["view"] = self.home.as_json()
        return await self.server.push_event(event)

    def _surfaces(self, message: Message | None, *, home: bool) -> list[Surface]:
        if message is not None:
            return [message]
        if home:
            return [self.home] if self.home is not None else []
        if self.modal is not None:
            return [self.modal]
        return list(reversed(self.messages))

    async def presses(self, what: str, message: Message | None = None, *, home: bool = False) -> Delivery:
        """Press a button or a line of an overflow menu, named by its label, else its value, else its action_id.

        Looks in ``message``; or in App Home with ``home=True``; or else in the open modal; or else in the bot's direct
        messages, newest first.

        Raises:
            AssertionError: nobody sees such a button; lists those that are there.
        """
        surfaces = self._surfaces(message, home=home)
        for surface in surfaces:
            button = _matching((each for row in surface.buttons for each in row), what)
            if button is not None:
                return await self._press(surface, button)
        seen = [label for surface in surfaces for label in surface.labels]
        raise AssertionError(f"{self.name} sees no button {what!r}; there are {seen}")

    async def _press(self, surface: Surface, button: Button) -> Delivery:
        if button.option is not None:
            changes: Json = {"type": "overflow", "selected_option": button.option}
        else:
            changes = {"type": "button", "text": button.element["text"]}
            changes |= {"value": button.value} if button.value else {}
            changes |= {"style": button.style} if button.style else {}
        return await self._act(surface, button.block_id, button.element, changes)

    async def chooses(
        self, element_name: str, value: object, message: Message | None = None, *, home: bool = False
    ) -> Delivery:
        """Choose in a menu, picker or checkboxes outside a form, named by action_id, block_id or placeholder.

        Raises:
            AssertionError: there is no such element, or it does not offer the value.
        """
        names: list[str] = []
        for surface in self._surfaces(message, home=home):
            for block in surface.blocks:
                for _, element in elements_of(block):
                    if state_key(element["type"]) is None:
                        continue
                    placeholder = unescape(element.get("placeholder", {}).get("text", ""))
                    names.append(placeholder or element["action_id"])
                    if element_name in (element["action_id"], block["block_id"], placeholder):
                        state = filled(element, value, self.upload, escaped=self.server.escapes_modal_values)
                        if isinstance(surface, View):
                            surface.values.setdefault(block["block_id"], {})[element["action_id"]] = state
                        return await self._act(surface, block["block_id"], element, state)
        raise AssertionError(f"{self.name} sees no menu {element_name!r}; there are {names}")

    async def sends_action(self, value: str, message: Message, *, action_id: str = "", block_id: str = "x") -> Delivery:
        """Send any action with any value on a message, shown there or not, as an attacker's client can."""
        element = {"action_id": action_id or value}
        text = {"type": "plain_text", "text": "?", "emoji": True}
        return await self._act(message, block_id, element, {"type": "button", "text": text, "value": value})

    async def _act(self, surface: Surface, block_id: str, element: Json, changes: Json) -> Delivery:
        if isinstance(surface, View):
            return await self.send_view_action(surface, block_id, element, changes)
        workspace = self.server.workspace
        channel = workspace.channels[surface.channel_id]
        values = starting_values(surface.blocks, {})
        if state_key(changes["type"]) is not None:
            values.setdefault(block_id, {})[element["action_id"]] = changes
        container = {
            "type": "message",
            "message_ts": surface.ts,
            "channel_id": channel.id,
            "is_ephemeral": surface.ephemeral_for is not None,
        }
        action = {"action_id": element["action_id"], "block_id": block_id, **changes, "action_ts": workspace.new_ts()}
        payload = {
            **self.interaction("block_actions"),
            "container": container,
            "trigger_id": workspace.new_trigger(self.id).id,
            "channel": {"id": channel.id, "name": channel.name},
            "message": surface.as_json(self.server.base_url),
            "state": {"values": values},
            "response_url": self._response_url(channel, surface),
            "actions": [action],
        }
        return await self.server.deliver("interactive", copy.deepcopy(payload))

    async def message_shortcut(self, callback_id: str, message: Message) -> Delivery:
        """Use a message shortcut from a message's menu."""
        workspace = self.server.workspace
        channel = workspace.channels[message.channel_id]
        self._need_shortcut(callback_id)
        payload = {
            **self.interaction("message_action"),
            "callback_id": callback_id,
            "trigger_id": workspace.new_trigger(self.id).id,
            "response_url": self._response_url(channel, message),
            "message_ts": message.ts,
            "action_ts": workspace.new_ts(),
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.as_json(self.server.base_url),
        }
        return await self.server.deliver("interactive", copy.deepcopy(payload))

    async def global_shortcut(self, callback_id: str) -> Delivery:
        """Use a shortcut from the search bar or the plus menu."""
        workspace = self.server.workspace
        self._need_shortcut(callback_id)
        payload = {
            **self.interaction("shortcut"),
            "callback_id": callback_id,
            "trigger_id": workspace.new_trigger(self.id).id,
            "action_ts": workspace.new_ts(),
        }
        return await self.server.deliver("interactive", payload)

    def _need_shortcut(self, callback_id: str) -> None:
        if self.server.shortcuts is not None and callback_id not in self.server.shortcuts:
            raise AssertionError(f"{callback_id} is not a shortcut of this app")

    # Comes and goes

    async def joins(self, channel: Channel) -> Delivery | None:
        """Join a channel."""
        channel.members.add(self.id)
        return await self._membership("member_joined_channel", channel)

    async def leaves(self, channel: Channel) -> Delivery | None:
        """Leave a channel."""
        channel.members.discard(self.id)
        return await self._membership("member_left_channel", channel)

    async def _membership(self, kind: str, channel: Channel) -> Delivery | None:
        if BOT_USER_ID not in channel.members:
            return None
        event = {"type": kind, "user": self.id, "channel": channel.id, "channel_type": "C", "team": TEAM_ID}
        return await self.server.push_event({**event, "event_ts": self.server.workspace.new_ts()})

    async def deactivates(self) -> Delivery | None:
        """The account is deactivated: see ``SlackServer.deactivated_dm_error`` for what the bot then meets."""
        self.account.deleted = True
        user = {"id": self.id, "team_id": TEAM_ID, "name": self.name, "deleted": True, "is_bot": False}
        return await self.server.push_event(
            {"type": "user_change", "user": user, "event_ts": self.server.workspace.new_ts()}
        )
