"""views.*: modals and App Home."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .api import method, needed, structured
from .blocks import check_view
from .forms import starting_values
from .record import Mention
from .refusals import Json, SlackRefusalError, missing_argument
from .rendering import mentions_in
from .state import Trigger, View

if TYPE_CHECKING:
    from .server import SlackServer

MAX_STACK = 3
"""Views in one stack. Source: views.push, push_limit_reached."""


def _view_argument(server: SlackServer, args: Json, kind: str, name: str) -> Json:
    if "view" not in args:
        raise missing_argument("view")
    body = check_view(structured(args, "view", "invalid_arguments"), kind)
    for mention in mentions_in("", body["blocks"], linked_names=False):
        server.mentions.append(Mention(name, str(args.get("user_id", "")), mention, ""))
    return body


def _trigger(server: SlackServer, args: Json) -> Trigger:
    trigger = server.workspace.triggers.get(needed(args, "trigger_id"))
    if trigger is None:
        raise SlackRefusalError("invalid_trigger_id")
    if trigger.used:
        raise SlackRefusalError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > server.trigger_seconds:
        raise SlackRefusalError("expired_trigger_id")
    return trigger


def new_view(server: SlackServer, user: str, body: Json, below: View | None = None) -> View:
    """A view, remembered but not yet shown.

    Raises:
        SlackRefusalError: ``duplicate_external_id``.
    """
    external = body.get("external_id")
    if external and any(each.body.get("external_id") == external for each in server.workspace.views.values()):
        raise SlackRefusalError("duplicate_external_id")
    workspace = server.workspace
    identifier = workspace.new_id("V")
    root, previous = (below.root_id, below.id) if below else (identifier, None)
    view = View(workspace, identifier, user, body, workspace.new_hash(), root, previous)
    view.values = starting_values(view.blocks, {})
    workspace.views[view.id] = view
    return view


def replace_body(server: SlackServer, view: View, body: Json) -> None:
    """Show something else in a view; inputs that keep both ids keep what was typed, as Slack does."""
    kept = view.values
    view.body = body
    view.hash = server.workspace.new_hash()
    view.updates += 1
    view.values = starting_values(view.blocks, kept)
    server.changed()


def close_stack(server: SlackServer, user: str, keep: int = 0) -> None:
    """Close a person's modals down to the lowest ``keep``."""
    stack = server.workspace.stacks.get(user, [])
    for view in stack[keep:]:
        server.workspace.views.pop(view.id, None)
    del stack[keep:]
    server.changed()


@method("views.open", "trigger_id view interactivity_pointer")
def open_view(server: SlackServer, args: Json) -> Json:
    """Open a modal for whoever caused the trigger."""
    body = _view_argument(server, args, "modal", "views.open")
    trigger = _trigger(server, args)
    trigger.used = True
    close_stack(server, trigger.user)
    view = new_view(server, trigger.user, body)
    server.workspace.stacks[trigger.user] = [view]
    return {"view": view.as_json()}


@method("views.push", "trigger_id view interactivity_pointer")
def push_view(server: SlackServer, args: Json) -> Json:
    """Put a modal on top of the one that the trigger came from."""
    body = _view_argument(server, args, "modal", "views.push")
    trigger = _trigger(server, args)
    stack = server.workspace.stacks.get(trigger.user, [])
    if not stack or trigger.view_id is None:
        raise SlackRefusalError("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackRefusalError("push_limit_reached")
    trigger.used = True
    view = new_view(server, trigger.user, body, stack[-1])
    stack.append(view)
    return {"view": view.as_json()}


@method("views.update", "view view_id external_id hash")
def update_view(server: SlackServer, args: Json) -> Json:
    """Replace an open modal; refused when it is closed or, with a hash, when it has changed since."""
    body = _view_argument(server, args, "modal", "views.update")
    if not args.get("view_id") and not args.get("external_id"):
        raise missing_argument("view_id")
    for view in server.workspace.views.values():
        if args.get("view_id") == view.id or (not args.get("view_id") and _external(view) == args["external_id"]):
            break
    else:
        raise SlackRefusalError("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackRefusalError("hash_conflict")
    replace_body(server, view, body)
    return {"view": view.as_json()}


def _external(view: View) -> str | None:
    value = view.body.get("external_id")
    return str(value) if value else None


@method("views.publish", "user_id view hash")
def publish_view(server: SlackServer, args: Json) -> Json:
    """Publish a person's App Home."""
    body = _view_argument(server, args, "home", "views.publish")
    account = server.workspace.account(needed(args, "user_id"))
    if not server.home_tab_enabled:
        raise SlackRefusalError("not_enabled")
    current = server.workspace.homes.get(account.id)
    if args.get("hash") and (current is None or args["hash"] != current.hash):
        raise SlackRefusalError("hash_conflict")
    if current is None:
        identifier = server.workspace.new_id("V")
        current = View(server.workspace, identifier, account.id, body, server.workspace.new_hash(), identifier)
        server.workspace.homes[account.id] = current
    replace_body(server, current, body)
    return {"view": current.as_json()}
