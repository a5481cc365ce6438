"""The part of a person that fills, submits and closes modals."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from .api_views import MAX_STACK, close_stack, new_view, replace_body
from .blocks import check_view, elements_of
from .delivery import Delivery
from .forms import client_problem, filled, state_key
from .refusals import Json, SlackRefusalError
from .rendering import unescape
from .state import APP_ID, TEAM_ID, Account, Channel, File, View

if TYPE_CHECKING:
    from .server import SlackServer


class ModalUser:
    """A person in front of a modal.

    Attributes:
        modal_errors: after a submission, why it was refused, by the label of the input: by Slack's client or the bot.
    """

    def __init__(self, server: SlackServer, account: Account) -> None:
        self.server = server
        self.account = account
        self.modal_errors: dict[str, str] = {}

    @property
    def id(self) -> str:
        """The user id (U…)."""
        return self.account.id

    @property
    def name(self) -> str:
        """The full name."""
        return self.account.name

    @property
    def modal(self) -> View | None:
        """The modal on top, or None."""
        stack = self.server.workspace.stacks.get(self.id)
        return stack[-1] if stack else None

    def _open_modal(self) -> View:
        view = self.modal
        if view is None:
            raise AssertionError(f"{self.name} has no modal open")
        return view

    def interaction(self, kind: str) -> Json:
        """What every interaction payload begins with."""
        username = self.name.lower().replace(" ", ".")
        return {
            "type": kind,
            "user": {"id": self.id, "username": username, "name": username, "team_id": TEAM_ID},
            "api_app_id": APP_ID,
            "token": "standin-verification-token",
            "team": {"id": TEAM_ID, "domain": "lsc-standin"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def upload(self, given: object) -> Json:
        """Put a file on Slack for a file input; ``given`` is a pair of name and bytes."""
        if not (isinstance(given, tuple) and len(given) == 2):
            raise AssertionError(f"a file is a pair of name and bytes, not {given!r}")
        return self.new_file(given[0], given[1]).as_json(self.server.base_url)

    def new_file(self, name: str, content: bytes) -> File:
        """A file of this person, uploaded."""
        file = File(self.server.workspace.new_id("F"), name, len(content), self.id, content, shared=True)
        self.server.workspace.files[file.id] = file
        return file

    async def fills(self, values: dict[str, object]) -> None:
        """Fill inputs of the modal on top, each named by its label, block_id or action_id; None empties one.

        Values are what a person sees: text, a number, an option's words (or its value), several in a list, a date, time
        or aware datetime, a person or channel, a pair of file name and bytes.

        Raises:
            AssertionError: no modal, no such input, or no such option; the message lists what there is.
        """
        view = self._open_modal()
        for name, value in values.items():
            block, element = self._find_input(view, name)
            state = filled(element, value, self.upload, escaped=self.server.escapes_modal_values)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = state
            if block.get("dispatch_action") or block["type"] != "input":
                await self.send_view_action(view, block["block_id"], element, state)

    def _find_input(self, view: View, name: str) -> tuple[Json, Json]:
        for block in view.blocks:
            for _, element in elements_of(block):
                if state_key(element["type"]) is None:
                    continue
                label = unescape(block["label"]["text"]) if block["type"] == "input" else ""
                if name in (label, block["block_id"], element["action_id"]):
                    return block, element
        raise AssertionError(f"no field {name!r} in {view.title!r}; there are {view.fields}")

    async def send_view_action(self, view: View, block_id: str, element: Json, changes: Json) -> Delivery:
        """Send the block_actions of an element of a modal or App Home."""
        modal = view.body["type"] == "modal"
        trigger = self.server.workspace.new_trigger(self.id, view.id if modal else None)
        action = {"action_id": element["action_id"], "block_id": block_id, **changes}
        payload = {
            **self.interaction("block_actions"),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": trigger.id,
            "view": view.as_json(),
            "actions": [{**action, "action_ts": self.server.workspace.new_ts()}],
        }
        return await self.server.deliver("interactive", copy.deepcopy(payload))

    async def submits(self) -> Delivery | None:
        """Press the submit button and wait for the acknowledgement, whose ``response_action`` is applied.

        Returns None when Slack's client refused the inputs itself: ``modal_errors`` says why and no request was sent.

        Raises:
            AssertionError: no modal is open, or it has no submit button.
        """
        view = self._open_modal()
        if not view.submit_label:
            raise AssertionError(f"{view.title!r} has no submit button")
        self.modal_errors = {}
        for block in view.inputs:
            state = view.values[block["block_id"]][block["element"]["action_id"]]
            problem = client_problem(block, state)
            if problem:
                self.modal_errors[unescape(block["label"]["text"])] = problem
        if self.modal_errors:
            return None
        payload = {
            **self.interaction("view_submission"),
            "trigger_id": self.server.workspace.new_trigger(self.id, view.id).id,
            "view": view.as_json(),
            "response_urls": [],
        }
        delivery = await self.server.deliver("interactive", copy.deepcopy(payload))
        if delivery.acked:
            try:
                self._apply(view, delivery.ack or {})
            except SlackRefusalError as refusal:
                reasons = "; ".join(refusal.messages)
                self.server.refuse(refusal.error, f"answer to view_submission: {refusal.error} {reasons}")
            self.server.changed()
        return delivery

    def _apply(self, view: View, ack: Json) -> None:
        stack = self.server.workspace.stacks.get(self.id, [])
        if view not in stack:
            return
        position = stack.index(view)
        match ack.get("response_action"):
            case None if not ack:
                close_stack(self.server, self.id, position)
            case "clear":
                close_stack(self.server, self.id)
            case "update":
                replace_body(self.server, view, check_view(ack.get("view"), "modal"))
            case "push":
                body = check_view(ack.get("view"), "modal")
                if len(stack) >= MAX_STACK:
                    raise SlackRefusalError("push_limit_reached")
                stack.append(new_view(self.server, self.id, body, view))
            case "errors":
                self._show_errors(view, ack.get("errors"))
            case other:
                raise SlackRefusalError("bad_response_action", [f"response_action {other!r} with keys {sorted(ack)}"])

    def _show_errors(self, view: View, errors: object) -> None:
        labels = {block["block_id"]: unescape(block["label"]["text"]) for block in view.inputs}
        if not isinstance(errors, dict) or not errors:
            raise SlackRefusalError("bad_response_action", ["errors must name at least one block_id"])
        for block_id, message in errors.items():
            if block_id not in labels or not isinstance(message, str) or not message:
                raise SlackRefusalError("bad_response_action", [f"errors names {block_id!r}, which is no input"])
            self.modal_errors[labels[block_id]] = message

    async def closes_modal(self) -> Delivery | None:
        """Close the modal on top, or all of them if it says so; tells the bot if it asked to be told."""
        view = self._open_modal()
        clears = bool(view.body.get("clear_on_close"))
        payload = {**self.interaction("view_closed"), "view": view.as_json(), "is_cleared": clears}
        stack = self.server.workspace.stacks[self.id]
        close_stack(self.server, self.id, 0 if clears else len(stack) - 1)
        if not view.body.get("notify_on_close"):
            return None
        return await self.server.deliver("interactive", copy.deepcopy(payload))

    @property
    def dm(self) -> Channel:
        """The direct message with the bot."""
        return self.server.workspace.direct(self.id)
