"""A strict stand-in for Slack: Web API, Socket Mode, HTTP events, modals, App Home and the people who use them.

async with SlackServer() as server:
    client = AsyncWebClient(token=server.bot_token, base_url=server.api_base_url, session=session)
    ...  # start the bot: Socket Mode with server.app_token, or HTTP by setting server.request_url
    anna = server.user("Anna Rossi")
    await anna.says("ciao")
    await server.wait_for(lambda: "Benvenuta" in anna.last.seen)
    await anna.presses("Eventi")
    assert server.violations == []
"""

from .delivery import Attempt, Delivery
from .person import Person
from .record import Call, Mention
from .refusals import SlackRefusalError
from .rendering import Button
from .server import DEFAULT_SCOPES, SlackServer
from .state import BOT_ID, BOT_USER_ID, TEAM_ID, Channel, File, Message, View

__all__ = [
    "BOT_ID",
    "BOT_USER_ID",
    "DEFAULT_SCOPES",
    "TEAM_ID",
    "Attempt",
    "Button",
    "Call",
    "Channel",
    "Delivery",
    "File",
    "Mention",
    "Message",
    "Person",
    "SlackRefusalError",
    "SlackServer",
    "View",
]
