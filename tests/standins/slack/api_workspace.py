"""auth, apps, bots, team, users and conversations: who and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .api import flag, method, needed, page
from .refusals import Json, SlackRefusalError
from .state import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Account, Channel

if TYPE_CHECKING:
    from .server import SlackServer

MAX_SOCKETS = 10
_TZ_LABELS = {"Europe/Rome": "Central European Time", "Etc/UTC": "Coordinated Universal Time"}


@method("auth.test", "url")
def auth_test(server: SlackServer, args: Json) -> Json:
    """Who this token is."""
    return {
        "url": "https://lsc-standin.slack.com/",
        "team": "Life Science Cluster",
        "user": "clusterbot",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", "", scope="connections:write", app_token=True)
def open_connection(server: SlackServer, args: Json) -> Json:
    """A WebSocket address for one Socket Mode connection."""
    if len(server.sockets.connections) >= MAX_SOCKETS:
        raise SlackRefusalError("too_many_websockets")
    return {"url": server.sockets.new_address()}


@method("bots.info", "bot team_id", scope="users:read")
def bot_info(server: SlackServer, args: Json) -> Json:
    """The bot itself."""
    if args.get("bot", BOT_ID) != BOT_ID:
        raise SlackRefusalError("bot_not_found")
    return {"bot": {"id": BOT_ID, "deleted": False, "name": "Cluster bot", "app_id": APP_ID, "user_id": BOT_USER_ID}}


@method("team.info", "team domain", scope="team:read")
def team_info(server: SlackServer, args: Json) -> Json:
    """The workspace."""
    return {"team": {"id": TEAM_ID, "name": "Life Science Cluster", "domain": "lsc-standin"}}


def user_json(server: SlackServer, account: Account, *, with_locale: bool = False) -> Json:
    """The user object; the e-mail address needs its own scope."""
    first, _, last = account.name.partition(" ")
    profile: Json = {
        "real_name": account.name,
        "display_name": account.name,
        "first_name": first,
        "last_name": last,
        "team": TEAM_ID,
    }
    if "users:read.email" in server.scopes and account.email:
        profile["email"] = account.email
    body: Json = {
        "id": account.id,
        "team_id": TEAM_ID,
        "name": account.name.lower().replace(" ", "."),
        "deleted": account.deleted,
        "is_bot": account.is_bot,
        "is_app_user": False,
        "profile": profile,
    }
    if not account.deleted:
        tz = {"tz": account.tz, "tz_label": _TZ_LABELS.get(account.tz, account.tz), "tz_offset": server.offset(account)}
        body |= {"real_name": account.name, **tz, "is_admin": False, "is_owner": False, "is_restricted": False}
    if with_locale:
        body["locale"] = account.locale
    return body


@method("users.info", "user include_locale", scope="users:read")
def user_info(server: SlackServer, args: Json) -> Json:
    """One member; the locale only when asked for."""
    account = server.workspace.account(needed(args, "user"))
    return {"user": user_json(server, account, with_locale=flag(args, "include_locale"))}


@method("users.list", "cursor limit include_locale team_id", scope="users:read")
def user_list(server: SlackServer, args: Json) -> Json:
    """The members, deactivated ones too, page by page."""
    locale = flag(args, "include_locale")
    everyone = [user_json(server, account, with_locale=locale) for account in server.workspace.accounts.values()]
    members, metadata = page(everyone, args, 1000)
    return {"members": members, "response_metadata": metadata}


@method("users.lookupByEmail", "email", scope="users:read.email")
def lookup_by_email(server: SlackServer, args: Json) -> Json:
    """A member by e-mail address; a deactivated one is not found."""
    email = needed(args, "email").lower()
    for account in server.workspace.accounts.values():
        if account.email.lower() == email and not account.deleted and not account.is_bot:
            return {"user": user_json(server, account)}
    raise SlackRefusalError("users_not_found")


@method("conversations.open", "channel users return_im prevent_creation", scope="im:write")
def open_conversation(server: SlackServer, args: Json) -> Json:
    """Open the direct message with one person."""
    users = args.get("users")
    if isinstance(users, list):
        users = ",".join(users)
    if not users:
        if not args.get("channel"):
            raise SlackRefusalError("users_list_not_supplied")
        channel = server.workspace.channel(args["channel"])
        if channel.im_user is None:
            raise SlackRefusalError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    wanted = [name.strip() for name in str(users).split(",")]
    if len(wanted) > 1:
        server.require_scope("mpim:write")
        raise SlackRefusalError("method_not_supported_for_channel_type")
    account = server.workspace.account(wanted[0])
    if account.deleted:
        raise SlackRefusalError("user_disabled")
    if account.is_bot:
        raise SlackRefusalError("cannot_dm_bot")
    known = server.workspace.has_direct(account.id)
    if not known and flag(args, "prevent_creation"):
        raise SlackRefusalError("channel_not_found")
    channel = server.workspace.direct(account.id)
    body = channel.as_json() if flag(args, "return_im") else {"id": channel.id}
    return {"channel": body, **({"no_op": True, "already_open": True} if known else {})}


def _read_scope(channel: Channel) -> str:
    if channel.im_user is not None:
        return "im:read"
    return "groups:read" if channel.is_private else "channels:read"


@method("conversations.info", "channel include_locale include_num_members", scope="channels:read groups:read im:read")
def conversation_info(server: SlackServer, args: Json) -> Json:
    """One conversation."""
    channel = server.workspace.channel(needed(args, "channel"))
    server.require_scope(_read_scope(channel))
    return {"channel": channel.as_json()}


@method("conversations.join", "channel", scope="channels:join")
def join(server: SlackServer, args: Json) -> Json:
    """Join a public channel."""
    channel = server.workspace.channel(needed(args, "channel"))
    if channel.archived:
        raise SlackRefusalError("is_archived")
    if channel.im_user is not None or channel.is_private:
        raise SlackRefusalError("method_not_supported_for_channel_type")
    already = BOT_USER_ID in channel.members
    channel.members.add(BOT_USER_ID)
    return {"channel": channel.as_json(), **({"warning": "already_in_channel"} if already else {})}


@method(
    "conversations.list",
    "cursor exclude_archived limit team_id types",
    scope="channels:read groups:read im:read mpim:read",
)
def list_conversations(server: SlackServer, args: Json) -> Json:
    """The conversations of the given types that the bot may know of."""
    types = {kind.strip() for kind in str(args.get("types") or "public_channel").split(",")}
    scopes = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
    if types - set(scopes):
        raise SlackRefusalError("invalid_types")
    for kind in sorted(types):
        server.require_scope(scopes[kind])
    found: list[Json] = []
    for channel in server.workspace.channels.values():
        kind = "im" if channel.im_user is not None else "private_channel" if channel.is_private else "public_channel"
        hidden = channel.is_private and BOT_USER_ID not in channel.members
        if kind in types and not hidden and not (channel.archived and flag(args, "exclude_archived")):
            found.append(channel.as_json())
    channels, metadata = page(found, args, 100)
    return {"channels": channels, "response_metadata": metadata}


@method("conversations.members", "channel cursor limit", scope="channels:read groups:read im:read")
def members(server: SlackServer, args: Json) -> Json:
    """Who is in a conversation."""
    channel = server.workspace.channel(needed(args, "channel"))
    server.require_scope(_read_scope(channel))
    listed, metadata = page([{"id": each} for each in sorted(channel.members)], args, 100)
    return {"members": [each["id"] for each in listed], "response_metadata": metadata}


_HISTORY = "channel cursor include_all_metadata inclusive latest limit oldest"


def _readable(server: SlackServer, args: Json) -> Channel:
    channel = server.workspace.channel(needed(args, "channel"))
    kind = "im" if channel.im_user is not None else "groups" if channel.is_private else "channels"
    server.require_scope(f"{kind}:history")
    if BOT_USER_ID not in channel.members:
        raise SlackRefusalError("not_in_channel")
    return channel


def _within(ts: str, args: Json) -> bool:
    moment, inclusive = float(ts), flag(args, "inclusive")
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    return oldest < moment < latest or (inclusive and moment in (oldest, latest))


_HISTORY_SCOPES = "im:history channels:history groups:history"


@method("conversations.history", _HISTORY, scope=_HISTORY_SCOPES)
def history(server: SlackServer, args: Json) -> Json:
    """The messages of a conversation, newest first, replies in threads left out."""
    channel = _readable(server, args)
    metadata = flag(args, "include_all_metadata")
    found = [
        message.as_json(server.base_url, with_metadata=metadata)
        for message in reversed(channel.store.values())
        if _within(message.ts, args) and message.thread_ts in (None, message.ts)
    ]
    messages, paging = page(found, args, 100, 999)
    more = bool(paging["next_cursor"])
    return {"messages": messages, "has_more": more, "pin_count": 0, **({"response_metadata": paging} if more else {})}


@method("conversations.replies", _HISTORY + " ts", scope=_HISTORY_SCOPES)
def replies(server: SlackServer, args: Json) -> Json:
    """A message and the replies in its thread, oldest first."""
    channel = _readable(server, args)
    ts = needed(args, "ts")
    if ts not in channel.store:
        raise SlackRefusalError("thread_not_found")
    metadata = flag(args, "include_all_metadata")
    found = [
        message.as_json(server.base_url, with_metadata=metadata)
        for message in channel.store.values()
        if ts in (message.ts, message.thread_ts) and _within(message.ts, args)
    ]
    messages, paging = page(found, args, 1000)
    return {"messages": messages, "has_more": bool(paging["next_cursor"]), "response_metadata": paging}
