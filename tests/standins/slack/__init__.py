"""A strict stand-in for Slack: Web API, Socket Mode, HTTP events, modals, App Home and the people who use them."""

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
