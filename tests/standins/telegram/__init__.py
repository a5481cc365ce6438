"""A strict stand-in for the Telegram Bot API, with the people who talk to the bot.

It refuses what Telegram refuses, with Telegram's words, and some things more that Telegram lets pass but that can only
be mistakes (unknown parameters, unescaped ``&``, links that carry no valid payload). Nothing is remembered on disk.
"""

from tests.standins.telegram.callbacks import CallbackAnswer, Press
from tests.standins.telegram.groups import TelegramGroup
from tests.standins.telegram.limits import RateLimits
from tests.standins.telegram.people import TelegramUser
from tests.standins.telegram.server import Call, Expectation, TelegramServer
from tests.standins.telegram.state import Button, Message

__all__ = [
    "Button",
    "Call",
    "CallbackAnswer",
    "Expectation",
    "Message",
    "Press",
    "RateLimits",
    "TelegramGroup",
    "TelegramServer",
    "TelegramUser",
]
