"""How the field sends to many: loops over a list, with each library's remedy for the limits. They remember nothing."""

import argparse
import asyncio
import logging
import time

from tests.bench.processes import Json, obey

AIOGRAM_PAUSE = 0.05
"""Seconds after each message, as aiogram's documentation advises for broadcasting: 20 a second, safely below 30."""


class PtbLoop:
    """python-telegram-bot: ``bot.send_message`` one after the other, with its AIORateLimiter as it comes."""

    def __init__(self, base_url: str, token: str) -> None:
        from telegram.ext import AIORateLimiter, Application

        builder = Application.builder().token(token).base_url(f"{base_url}/bot").job_queue(None).updater(None)
        self._application = builder.rate_limiter(AIORateLimiter()).build()

    async def start(self) -> None:
        """Connect."""
        await self._application.initialize()

    async def stop(self) -> None:
        """Let the connections go."""
        await self._application.shutdown()

    async def send(self, chats: list[int], text: str) -> Json:
        """To each chat in turn; what is refused is lost, since the limiter does not try again by itself."""
        from telegram.error import TelegramError

        began, lost = time.monotonic(), 0
        for chat in chats:
            try:
                await self._application.bot.send_message(chat, text)
            except TelegramError:
                lost += 1
        return {"began": began, "ended": time.monotonic(), "lost": lost}


class AiogramLoop:
    """aiogram: one after the other with a pause, and again after the wait that it is told."""

    def __init__(self, base_url: str, token: str) -> None:
        from aiogram import Bot
        from aiogram.client.session.aiohttp import AiohttpSession
        from aiogram.client.telegram import TelegramAPIServer

        self._bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base_url)))

    async def start(self) -> None:
        """Nothing: it connects with the first call."""

    async def stop(self) -> None:
        """Let the connections go."""
        await self._bot.session.close()

    async def send(self, chats: list[int], text: str) -> Json:
        """To each chat in turn."""
        began, lost = time.monotonic(), 0
        for chat in chats:
            lost += not await self._one(chat, text)
            await asyncio.sleep(AIOGRAM_PAUSE)
        return {"began": began, "ended": time.monotonic(), "lost": lost}

    async def _one(self, chat: int, text: str) -> bool:
        from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter

        try:
            await self._bot.send_message(chat, text)
        except TelegramRetryAfter as told:
            await asyncio.sleep(told.retry_after)
            return await self._one(chat, text)
        except TelegramAPIError:
            return False
        return True


async def main() -> None:
    """Serve until there are no more orders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--library", choices=("ptb", "aiogram"), required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    kind = PtbLoop if arguments.library == "ptb" else AiogramLoop
    loop = kind(arguments.base_url, arguments.token)
    await loop.start()
    try:
        await obey({"send": loop.send})
    finally:
        await loop.stop()


if __name__ == "__main__":
    asyncio.run(main())
