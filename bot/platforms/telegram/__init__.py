"""Telegram: everything that only this platform needs."""

import os

# python-telegram-bot's documented way to get lengths of time as timedelta, as its next major version gives them, and no
# deprecation warning whenever Telegram says how long to wait.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from bot.platforms.telegram.adapter import TelegramAdapter

__all__ = ["TelegramAdapter"]
