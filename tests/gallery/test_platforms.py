"""Every example goes through each adapter to a strict server: within all limits, and with nothing left out."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.modals import form_view
from bot.platforms.slack.rendering import render_home
from bot.platforms.telegram.adapter import TelegramAdapter
from bot.platforms.webchat.adapter import WebChatAdapter
from bot.platforms.webchat.forms import initial_values
from handlers.conversation.event import Address, MessageRef
from handlers.conversation.form import Form
from handlers.conversation.screen import FileReference, Screen, plain
from handlers.conversation.texts import texts_for
from storage.enums import Locale, Platform
from tests.contracts.webchat.memory_history import MemoryHistory
from tests.gallery.examples import made, messages
from tests.standins.slack import SlackServer
from tests.standins.slack.blocks import check_view
from tests.standins.telegram import TelegramServer

BOTH = pytest.mark.parametrize("locale", list(Locale), ids=str)


def now() -> datetime:
    return datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


async def fetch(reference: FileReference) -> bytes:
    return f"the bytes of {reference.reference}".encode()


def missing(shown: Screen, text: str, labels: list[str]) -> list[str]:
    """The words and buttons of a screen that somebody does not get to see."""
    there = Counter(text.replace(":", " ").split())
    wanted = Counter(plain(shown).replace(":", " ").split())
    words = [word for word in wanted - there if any(char.isalnum() for char in word)]
    seen = {" ".join(label.split()) for label in labels}
    buttons = [one.label for one in shown.buttons if " ".join(one.label.split()) not in seen and one.label not in text]
    return words + buttons


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[TelegramServer, TelegramAdapter]]:
    async with TelegramServer() as server:
        adapter = TelegramAdapter(
            token=server.token, mode="polling", api_base_url=server.base_url, fetch=fetch, now=now
        )
        await adapter.open([])
        adapter.pace = type(adapter.pace)(per_second=0, chat_seconds=0, group_per_minute=0, in_flight=8)
        yield server, adapter
        await adapter.close()


@BOTH
async def test_telegram_takes_every_message(telegram: tuple[TelegramServer, TelegramAdapter], locale: Locale) -> None:
    server, adapter = telegram
    anna = server.user()
    anna.starts()
    problems = []
    for name, shown in messages(locale):
        before = len(anna.messages)
        address = await adapter.private_address(str(anna.id))
        message_id = await adapter.send(address, shown, token=name)
        fresh = anna.messages[before:]
        text = "\n".join(message.text for message in fresh)
        labels = [label for message in fresh for row in anna.keyboard(message) for label in row]
        problems += [f"{name}: {word!r} is not shown" for word in missing(shown, text, labels)]
        # What was sent can be redrawn as another screen and back.
        await adapter.edit(MessageRef(address, message_id), shown.with_blocks(*shown.blocks[:1]))
    problems += [f"{name}: refused" for name in server.violations] + server.losses
    assert problems == []


@BOTH
async def test_slack_takes_every_message(locale: Locale) -> None:
    async with SlackServer() as server:
        server.install(
            manifest(name="Cluster", slash_command="/cluster", mode="http", public_url="https://x.it", locale=locale)
        )
        adapter = SlackAdapter(
            bot_token=server.bot_token,
            signing_secret=server.signing_secret,
            mode="http",
            api_base_url=server.api_base_url,
            fetch=fetch,
            now=now,
        )
        await adapter.open([])
        anna = server.user()
        address = await adapter.private_address(anna.id)
        problems = []
        for name, shown in messages(locale):
            before = len(anna.messages)
            message_id = await adapter.send(address, shown, token=name)
            fresh = anna.messages[before:]
            text = "\n".join(message.seen for message in fresh)
            labels = [label for message in fresh for label in message.labels]
            problems += [f"{name}: {word!r} is not shown" for word in missing(shown, text, labels)]
            await adapter.edit(MessageRef(address, message_id), shown.with_blocks(*shown.blocks[:1]))
        await adapter.close()
        assert problems + server.violations == []


@BOTH
def test_slack_takes_every_form_as_a_modal(locale: Locale) -> None:
    t = texts_for(locale)
    for name, form in made(locale):
        if isinstance(form, Form):
            view = check_view(form_view(form, t), "modal")
            assert view["title"]["text"], name


@BOTH
def test_slack_takes_what_is_made_for_the_home_tab(locale: Locale) -> None:
    for name, shown in messages(locale):
        if shown.name:
            assert check_view(render_home(shown), "home")["blocks"], name


@BOTH
async def test_the_web_chat_keeps_and_reads_back_every_message(locale: Locale, tmp_path: Path) -> None:
    adapter = WebChatAdapter(history=MemoryHistory(), now=now, fetch=fetch, uploads=tmp_path)
    await adapter.open([])
    address = Address(Platform.WEB, adapter.account, "anna")
    for name, one in made(locale):
        if isinstance(one, Form):
            assert set(initial_values(one)) == {field.name for field in one.fields}, name
            continue
        message_id = await adapter.send(address, one, token=name)
        kept = await adapter.history.get("anna", message_id)
        assert kept is not None
        assert kept.shown == one, name
