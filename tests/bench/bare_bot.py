"""What the program is compared with: python-telegram-bot alone, as its own examples use it. It stores nothing."""

import argparse
import asyncio
import json
import logging
import time
from collections.abc import Iterator

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.bench.processes import Json, obey


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer with the same text."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


class BareBot:
    """An echo bot, and a loop that sends.

    Args:
        base_url: of the Bot API.
        token: the bot's.
        transport: "httpx", which the library brings, or "aiohttp", which is ours.
    """

    def __init__(self, base_url: str, token: str, transport: str) -> None:
        builder = Application.builder().token(token).base_url(f"{base_url}/bot").job_queue(None)
        if transport == "aiohttp":
            from bot.platforms.telegram.transport import AiohttpRequest

            builder = builder.request(AiohttpRequest(trust_env=False)).get_updates_request(
                AiohttpRequest(trust_env=False)
            )
            # Each has what is faster with it: httpx gets slower when many requests are made at the same time.
            builder = builder.concurrent_updates(True)
        self._application = builder.build()
        self._application.add_handler(MessageHandler(filters.TEXT, echo))

    async def start(self) -> None:
        """Connect and receive."""
        await self._application.initialize()
        await self._application.start()
        if self._application.updater is None:
            raise RuntimeError("an application with a token has an updater")
        await self._application.updater.start_polling()

    async def stop(self) -> None:
        """Stop receiving and let the connections go."""
        if self._application.updater is not None:
            await self._application.updater.stop()
        await self._application.stop()
        await self._application.shutdown()

    async def send(self, chats: list[int], message: Json, in_flight: int) -> Json:
        """Send one message to each chat, so many at the same time.

        Args:
            chats: ids.
            message: the parameters of a sendMessage as they came over the wire.
            in_flight: calls at a time.
        """
        bot = self._application.bot
        keyboard = json.loads(message["reply_markup"]) if "reply_markup" in message else None
        markup = InlineKeyboardMarkup.de_json(keyboard, bot) if keyboard else None
        preview = json.loads(message["link_preview_options"]) if "link_preview_options" in message else None
        options = LinkPreviewOptions.de_json(preview, bot) if preview else None

        async def loop(left: Iterator[int]) -> None:
            for chat in left:
                await bot.send_message(
                    chat,
                    message["text"],
                    parse_mode=message.get("parse_mode"),
                    reply_markup=markup,
                    link_preview_options=options,
                )

        left = iter(chats)
        began = time.monotonic()
        await asyncio.gather(*(loop(left) for _ in range(in_flight)))
        return {"began": began, "ended": time.monotonic()}


async def main() -> None:
    """Receive, and serve until there are no more orders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--transport", choices=("httpx", "aiohttp"), required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    bot = BareBot(arguments.base_url, arguments.token, arguments.transport)
    await bot.start()
    try:
        await obey({"send": bot.send})
    finally:
        await bot.stop()


if __name__ == "__main__":
    asyncio.run(main())
