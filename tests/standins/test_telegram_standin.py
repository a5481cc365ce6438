"""The Telegram stand-in, driven by python-telegram-bot as a program would drive the real one."""

import asyncio
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyParameters,
    Update,
    constants,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.standins.telegram import Button, RateLimits, TelegramServer, TelegramUser, file_rules, keyboards, rules
from tests.standins.telegram.parameters import KNOWN_PARAMETERS
from tests.standins.telegram.text_entities import MAX_ENTITIES, parse_html, to_html

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (40).to_bytes(4) + (30).to_bytes(4) + b"\x08\x02\0\0\0"


def bot_for(server: TelegramServer, *, token: str | None = None, read_timeout: float = 5.0) -> Bot:
    return Bot(
        token or server.token,
        base_url=f"{server.base_url}/bot",
        base_file_url=f"{server.base_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=16, read_timeout=read_timeout),
        get_updates_request=HTTPXRequest(read_timeout=read_timeout),
    )


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose python-telegram-bot's coming type for waits, which otherwise warns at each RetryAfter."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_for(server) as ready:
        yield ready


@pytest.fixture
def anna(server: TelegramServer) -> TelegramUser:
    user = server.user("Anna", "it", last_name="Riva")
    user.starts()
    return user


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(t, callback_data=d) for t, d in row] for row in rows])


async def raw(server: TelegramServer, method: str, body: Any = None, **parameters: Any) -> tuple[int, dict[str, Any]]:
    url = f"{server.base_url}/bot{server.token}/{method}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=body if body is not None else parameters) as r,
    ):
        return r.status, await r.json()


# Happy paths


async def test_a_talk_from_start_to_an_edited_screen(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (server.bot.id, True, "cluster_test_bot")

    (start,) = await bot.get_updates(timeout=1)
    assert start.message is not None
    assert start.message.from_user is not None
    assert (start.message.text, start.message.from_user.language_code) == ("/start", "it")
    assert start.message.entities[0].type == "bot_command"

    sent = await bot.send_message(
        anna.id,
        "<b>Ciao</b> &amp; benvenuta 🎉 <i>qui</i>",
        parse_mode="HTML",
        reply_markup=keyboard([("Partecipo", "event.rsvp:1:yes"), ("Non posso", "event.rsvp:1:no")]),
    )
    assert sent.message_id == 2
    assert anna.sees() == "Ciao & benvenuta 🎉 qui"
    assert anna.last.html == "<b>Ciao</b> &amp; benvenuta 🎉 <i>qui</i>"
    assert sent.parse_entity(sent.entities[1]) == "qui"
    assert anna.keyboard() == [["Partecipo", "Non posso"]]
    assert anna.last.button("Partecipo") == Button("Partecipo", data="event.rsvp:1:yes")

    press = anna.presses("Partecipo")
    (_, update) = await bot.get_updates(offset=start.update_id)
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.message.message_id) == ("event.rsvp:1:yes", sent.message_id)
    answering = asyncio.create_task(query.answer("Segnata!", show_alert=True))
    answer = await press.answer
    assert (answer.text, answer.show_alert) == ("Segnata!", True)
    await answering

    await bot.edit_message_text("Sei iscritta", anna.id, sent.message_id)
    assert (anna.sees(), anna.last.buttons, anna.last.edits) == ("Sei iscritta", [], 1)
    assert [call.method for call in server.sent[1:]] == [
        "getme",
        "sendmessage",
        "answercallbackquery",
        "editmessagetext",
    ]
    assert server.violations == []


async def test_files_go_both_ways(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    await bot.send_document(
        anna.id, b"BEGIN:VCALENDAR", filename="evento.ics", caption="<b>Il tuo evento</b>", parse_mode="HTML"
    )
    assert anna.last.document is not None
    assert (anna.last.document.name, anna.last.text, anna.last.html) == (
        "evento.ics",
        "Il tuo evento",
        "<b>Il tuo evento</b>",
    )
    assert anna.downloads(anna.last) == b"BEGIN:VCALENDAR"

    photo = await bot.send_photo(anna.id, PNG, filename="carta.png")
    assert (photo.photo[0].width, photo.photo[0].height) == (40, 30)
    again = await bot.send_photo(anna.id, photo.photo[0].file_id)
    assert again.photo[0].file_id == photo.photo[0].file_id

    anna.sends_document("cv.pdf", b"%PDF-1.7 text", "application/pdf")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.document is not None
    assert update.message.document.file_name == "cv.pdf"
    file = await bot.get_file(update.message.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7 text"

    anna.sends_photo(PNG, caption="ecco")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert (update.message.caption, update.message.photo[0].width) == ("ecco", 40)

    album = await bot.send_media_group(
        anna.id, [InputMediaDocument(b"one", filename="1.txt"), InputMediaDocument(b"two", filename="2.txt")]
    )
    assert len({message.media_group_id for message in album}) == 1
    assert anna.downloads(anna.last) == b"two"
    assert server.violations == []


async def test_caption_and_keyboard_edits(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    sent = await bot.send_document(
        anna.id, b"x", filename="x.txt", caption="prima", reply_markup=keyboard([("A", "a")])
    )
    await bot.edit_message_caption(anna.id, sent.message_id, caption="dopo", reply_markup=keyboard([("A", "a")]))
    assert (anna.last.text, anna.keyboard()) == ("dopo", [["A"]])
    await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=keyboard([("B", "b")]))
    assert (anna.last.text, anna.keyboard()) == ("dopo", [["B"]])
    await bot.edit_message_reply_markup(anna.id, sent.message_id)
    assert anna.keyboard() == []
    await bot.delete_message(anna.id, sent.message_id)
    assert anna.messages == []
    first, second = await bot.send_message(anna.id, "1"), await bot.send_message(anna.id, "2")
    await bot.delete_messages(anna.id, [first.message_id, second.message_id, 999])
    assert anna.messages == []


async def test_commands_are_kept_apart_by_scope_and_language(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    await bot.set_my_commands([BotCommand("events", "What is on")])
    await bot.set_my_commands([BotCommand("events", "Che cosa c'è")], language_code="it")
    await bot.set_my_commands([BotCommand("staff", "Staff")], scope=BotCommandScopeChat(anna.id))
    assert (await bot.get_my_commands())[0].description == "What is on"
    assert (await bot.get_my_commands(language_code="it"))[0].description == "Che cosa c'è"
    assert (await bot.get_my_commands(scope=BotCommandScopeChat(anna.id)))[0].command == "staff"
    assert await bot.get_my_commands(scope=BotCommandScopeAllGroupChats()) == ()
    await bot.delete_my_commands(language_code="it")
    assert await bot.get_my_commands(language_code="it") == ()


async def test_profile_and_menu(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    await bot.set_my_name("Cluster")
    await bot.set_my_description("Descrizione", language_code="it")
    await bot.set_my_short_description("Breve")
    await bot.set_chat_menu_button(anna.id, MenuButtonCommands())
    assert (await bot.get_my_name()).name == "Cluster"
    assert (await bot.get_my_description(language_code="it")).description == "Descrizione"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description(language_code="en")).short_description == "Breve"
    assert (await bot.get_chat_menu_button(anna.id)).type == "commands"
    chat = await bot.get_chat(anna.id)
    assert (chat.type, chat.first_name) == ("private", "Anna")
    await bot.send_chat_action(anna.id, constants.ChatAction.TYPING)
    assert anna.chat.actions == ["typing"]


async def test_a_group_from_arrival_to_departure(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    marco = server.user("Marco")
    group = server.group("Terapie avanzate", [anna])
    group.add_bot(anna, admin=True)
    group.joins(marco)
    group.leaves(marco)
    updates = (await bot.get_updates())[1:]
    assert updates[0].my_chat_member is not None
    assert updates[0].my_chat_member.new_chat_member.status == "administrator"
    assert updates[1].message is not None
    assert updates[1].message.new_chat_members[0].is_bot
    assert updates[2].message is not None
    assert updates[2].message.new_chat_members[0].first_name == "Marco"
    assert updates[3].message is not None
    assert updates[3].message.left_chat_member is not None

    card = await bot.send_message(group.id, "Scheda", reply_markup=keyboard([("Ci sono", "x:1")]))
    assert group.last.text == "Scheda"
    await bot.pin_chat_message(group.id, card.message_id)
    assert (await bot.get_chat(group.id)).pinned_message is not None
    press = anna.presses("Ci sono", chat=group)
    assert press.message is group.last
    assert (await bot.get_chat_member(group.id, anna.id)).status == "creator"
    assert (await bot.get_chat_member(group.id, marco.id)).status == "left"
    assert {m.user.first_name for m in await bot.get_chat_administrators(group.id)} == {"Anna", "Cluster"}
    assert await bot.get_chat_member_count(group.id) == 2
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(group.id, "?")


async def test_privacy_mode_shows_the_bot_only_what_is_meant_for_it(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    group = server.group("Gruppo", [anna])
    group.add_bot()
    question = await bot.send_message(group.id, "Chi viene?")
    assert anna.says("chiacchiere", group).update_id == 0
    assert anna.says("/events@another_bot", group).update_id == 0
    assert anna.says("/events@cluster_test_bot", group).update_id
    assert anna.says("/events", group).update_id
    assert anna.says("io", group, reply_to=group.last).update_id
    last = (await bot.get_updates())[-1]
    assert last.message is not None
    assert last.message.reply_to_message is not None
    assert last.message.reply_to_message.message_id == question.message_id
    server.privacy_mode = False
    assert anna.says("chiacchiere", group).update_id


async def test_an_upgraded_group_tells_its_new_id(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    group = server.group("Piccolo", [anna], kind="group")
    group.add_bot()
    old = group.id
    new = group.migrate()
    assert old > -(10**12) > new
    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(old, "ciao")
    assert refused.value.new_chat_id == new
    await bot.send_message(new, "ciao")
    migration = [u.message for u in await bot.get_updates() if u.message]
    assert migration[-2].migrate_to_chat_id == new
    assert migration[-1].migrate_from_chat_id == old
    assert server.violations == ["sendMessage: Bad Request: group chat was upgraded to a supergroup chat"]


async def test_a_channel_takes_posts_from_an_administrator_only(server: TelegramServer, bot: Bot) -> None:
    channel = server.group("Vetrina", kind="channel")
    channel.add_bot()
    with pytest.raises(BadRequest, match="administrator rights"):
        await bot.send_message(channel.id, "x")
    channel.add_bot(admin=True)
    post = await bot.send_message(channel.id, "x")
    assert post.from_user is None
    assert post.sender_chat is not None
    assert post.sender_chat.id == channel.id


async def test_deep_links(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    assert anna.starts("invite_A-1").text == "/start invite_A-1"
    link = "https://t.me/cluster_test_bot?start=event_12"
    await bot.send_message(
        anna.id, "Apri", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Apri", url=link)]])
    )
    assert anna.opens("Apri").text == "/start event_12"
    assert anna.opens(link).text == "/start event_12"
    with pytest.raises(AssertionError, match="use opens"):
        anna.presses("Apri")
    with pytest.raises(ValueError, match="payload"):
        anna.starts("a" * 65)
    with pytest.raises(ValueError, match="payload"):
        anna.starts("due parole")
    server.expects_refusal("deep link payload")
    with pytest.raises(BadRequest, match="eep link payload"):
        await bot.send_message(anna.id, f'<a href="{link}?no">x</a>', parse_mode="HTML")


async def test_a_missing_button_lists_those_that_are_there(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    await bot.send_message(anna.id, "Scegli", reply_markup=keyboard([("Sì", "y"), ("No", "n")]))
    with pytest.raises(AssertionError, match=r"Forse.*\['Sì', 'No'\]"):
        anna.presses("Forse")


async def test_the_newest_message_with_the_button_is_pressed(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    for n in (1, 2):
        await bot.send_message(anna.id, f"Domanda {n}", reply_markup=keyboard([("Sì", f"y:{n}")]))
    await bot.send_message(anna.id, "Senza tasti")
    assert anna.presses("Sì").data == "y:2"
    assert anna.presses("Sì", message=anna.messages[0]).data == "y:1"
    assert anna.presses("y:1").message is anna.messages[0]


async def test_form_multipart_and_json_bodies_say_the_same(server: TelegramServer, anna: TelegramUser) -> None:
    url = f"{server.base_url}/bot{server.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    multipart = aiohttp.FormData({"chat_id": str(anna.id), "text": "perché?"}, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        bodies: list[dict[str, Any]] = [
            {"data": {"chat_id": str(anna.id), "text": "perché?", "reply_markup": json.dumps(markup)}},
            {"json": {"chat_id": anna.id, "text": "perché?", "reply_markup": markup}},
            {"data": multipart},
            {"params": {"chat_id": str(anna.id), "text": "perché?"}},
        ]
        for body in bodies:
            async with session.post(url, **body) as response:
                assert response.status == 200
    assert [m.text for m in anna.messages] == ["perché?"] * 4
    assert [m.labels for m in anna.messages] == [[["A"]], [["A"]], [], []]


# Refusals


def test_the_limits_are_those_that_python_telegram_bot_knows() -> None:
    assert rules.MAX_TEXT == constants.MessageLimit.MAX_TEXT_LENGTH
    assert rules.MAX_CAPTION == constants.MessageLimit.CAPTION_LENGTH
    assert MAX_ENTITIES == constants.MessageLimit.MESSAGE_ENTITIES
    assert keyboards.MAX_CALLBACK_DATA_BYTES == constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    assert keyboards.MAX_COPY_TEXT == constants.InlineKeyboardButtonLimit.MAX_COPY_TEXT
    assert keyboards.MAX_BUTTONS == constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    assert keyboards.MAX_BUTTONS_IN_ROW == constants.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW
    assert rules.MAX_CALLBACK_ANSWER == constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    assert rules.MAX_COMMANDS == constants.BotCommandLimit.MAX_COMMAND_NUMBER
    assert rules.MAX_COMMAND_DESCRIPTION == constants.BotCommandLimit.MAX_DESCRIPTION
    assert rules.MAX_NAME == constants.BotNameLimit.MAX_NAME_LENGTH
    assert rules.MAX_DESCRIPTION == constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH
    assert rules.MAX_SHORT_DESCRIPTION == constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH
    assert constants.FileSizeLimit.FILESIZE_DOWNLOAD <= file_rules.MAX_DOWNLOAD_BYTES
    assert constants.FileSizeLimit.FILESIZE_UPLOAD <= file_rules.MAX_UPLOAD_BYTES
    assert constants.FileSizeLimit.PHOTOSIZE_UPLOAD <= file_rules.MAX_PHOTO_BYTES
    assert {kind.value for kind in constants.UpdateType} <= rules.UPDATE_TYPES
    assert {action.value for action in constants.ChatAction} == rules.CHAT_ACTIONS
    limits = RateLimits()
    assert limits.overall_per_second == constants.FloodLimit.MESSAGES_PER_SECOND
    assert limits.group_per_minute == constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP


BAD_TEXTS = [
    ("", None, "message text is empty"),
    ("   \n ", None, "text must be non-empty"),
    ("<b> </b>", "HTML", "text must be non-empty"),
    ("a" * 4097, None, "message is too long"),
    ("😀" * 2049, None, "message is too long"),
    ("<b>" + "a" * 4097 + "</b>", "HTML", "message is too long"),
    ("<b>aperto", "HTML", "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ("<foo>x</foo>", "HTML", 'can\'t parse entities: Unsupported start tag "foo" at byte offset 0'),
    ("è <br>", "HTML", 'can\'t parse entities: Unsupported start tag "br" at byte offset 3'),
    ("</b>", "HTML", "can't parse entities: Unexpected end tag at byte offset 0"),
    (
        "<b><i>x</b></i>",
        "HTML",
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    ("R&D", "HTML", "can't parse entities: Unsupported character reference at byte offset 1"),
    ("a&nbsp;b", "HTML", "can't parse entities: Unsupported character reference at byte offset 1"),
    ("3 < 4", "HTML", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    ("a <b", "HTML", "can't parse entities: Unclosed start tag at byte offset 2"),
    (
        '<span class="x">x</span>',
        "HTML",
        'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    ("*x*", "MarkdownV2", "does not read Markdown"),
    ("x", "text", "unsupported parse_mode"),
]


@pytest.mark.parametrize(("text", "mode", "reason"), BAD_TEXTS)
async def test_bad_texts_are_refused_in_messages_and_in_edits(
    server: TelegramServer, bot: Bot, anna: TelegramUser, text: str, mode: str | None, reason: str
) -> None:
    sent = await bot.send_message(anna.id, "prima")
    for method, target in (("sendMessage", {}), ("editMessageText", {"message_id": sent.message_id})):
        status, answer = await raw(
            server, method, chat_id=anna.id, text=text, **({"parse_mode": mode} if mode else {}), **target
        )
        assert (status, answer["error_code"], answer["ok"]) == (400, 400, False)
        assert answer["description"].startswith("Bad Request: ")
        assert reason in answer["description"]
    assert [m.text for m in anna.messages] == ["prima"]
    assert len(server.violations) == 2


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 2048, "<b>" + "a" * 4096 + "</b>", "&lt;" * 4096])
async def test_texts_at_the_limit_pass(server: TelegramServer, bot: Bot, anna: TelegramUser, text: str) -> None:
    await bot.send_message(anna.id, text, parse_mode="HTML")
    assert server.violations == []


@pytest.mark.parametrize(
    "source",
    [
        "<b>a</b><i>b</i>",
        "<b>a<i>b</i></b>",
        '<a href="https://example.org/?a=1&amp;b=2">qui 🎉</a> e <code>x &lt; y</code>',
        '<pre><code class="language-python">x = 1</code></pre>',
        "<tg-spoiler>s</tg-spoiler><blockquote>q</blockquote><blockquote expandable>q</blockquote><u>u</u><s>s</s>",
    ],
)
def test_html_is_read_and_written_back(source: str) -> None:
    assert to_html(*parse_html(source)) == source


def test_html_in_its_other_spellings() -> None:
    text, entities = parse_html("<STRONG>a</strong><EM>b</>&#233;&#x1F389;<a href=x>c</a>")
    assert text == "abé🎉c"
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == [("bold", 0, 1), ("italic", 1, 1)]


async def test_entities_past_the_hundredth_are_dropped_and_noted(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    await bot.send_message(anna.id, "<b>a</b> " * 103, parse_mode="HTML")
    assert len(anna.last.entities) == 100
    assert len(server.losses) == 1
    assert "3 entities" in server.losses[0]


async def test_captions_and_answers_have_their_own_limits(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    await bot.send_document(anna.id, b"x", filename="x.txt", caption="a" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(anna.id, b"x", filename="x.txt", caption="a" * 1025)
    await bot.send_message(anna.id, "?", reply_markup=keyboard([("A", "a")]))
    query = anna.presses("A")
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(query.query_id, "a" * 201)
    await bot.answer_callback_query(query.query_id, "a" * 200)


def button(**fields: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "A", **fields}]]}


BAD_KEYBOARDS = [
    (button(callback_data="a" * 65), "BUTTON_DATA_INVALID"),
    (button(callback_data="ж" * 33), "BUTTON_DATA_INVALID"),
    (button(callback_data=""), "Text buttons are unallowed in the inline keyboard"),
    (button(), "Text buttons are unallowed in the inline keyboard"),
    (button(callback_data="a", url="https://example.org"), "exactly one action"),
    (button(text="", callback_data="a"), "button text must be non-empty"),
    (button(text=" ", callback_data="a"), "button text must be non-empty"),
    (button(url="http://localhost:8080/x"), "'http://localhost:8080/x' is invalid: Wrong HTTP URL"),
    (button(url="example"), "is invalid: Wrong HTTP URL"),
    (button(url="https://exa mple.org"), "is invalid: Wrong HTTP URL"),
    (button(url="javascript:alert(1)"), "is invalid: Unsupported URL protocol"),
    (button(url="https://t.me/cluster_test_bot?start=" + "a" * 65), "deep link payload"),
    (button(url="https://t.me/cluster_test_bot?start=a.b"), "deep link payload"),
    (button(web_app={"url": "http://example.org"}), "only HTTPS links are allowed"),
    (button(copy_text={"text": "a" * 257}), "BUTTON_COPY_TEXT_INVALID"),
    (button(callback_data="a", style="pink"), "invalid button style"),
    (button(callback_data="a", colour="red"), "unknown field in InlineKeyboardButton: colour"),
    ({"inline_keyboard": [[{"text": "A", "callback_data": "a"}] * 9]}, "at most 8"),
    ({"inline_keyboard": [[{"text": "A", "callback_data": "a"}] * 8] * 13}, "reply markup is too long"),
    ({"inline_keyboard": [{"text": "A"}]}, "must be an Array of Arrays"),
    ({"inline_keyboard": [], "keyboard": []}, "exactly one kind"),
    ({"keyboard": [[""]]}, "button text must be non-empty"),
    ({"inline_keybord": []}, "exactly one kind"),
    ([], "object expected"),
    ("{", "can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), BAD_KEYBOARDS)
async def test_bad_keyboards_are_refused(server: TelegramServer, anna: TelegramUser, markup: Any, reason: str) -> None:
    status, answer = await raw(server, "sendMessage", chat_id=anna.id, text="x", reply_markup=markup)
    assert status == 400
    assert reason in answer["description"]
    assert anna.messages == []


async def test_keyboards_at_the_limit_pass(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    rows = [[("A", "ж" * 32)] * 8] * 12 + [[("A", "a" * 64)] * 4]
    await bot.send_message(anna.id, "x", reply_markup=keyboard(*rows))
    await bot.send_message(
        anna.id,
        "x",
        reply_markup=InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton("tg", url="tg://resolve?domain=x"),
                    InlineKeyboardButton("ip", url="http://127.0.0.1:8080/"),
                ],
                [InlineKeyboardButton("web", url="https://www.example.org/a?b=c#d")],
            ]
        ),
    )
    assert server.violations == []


async def test_web_app_buttons_stand_in_private_chats_only(server: TelegramServer, anna: TelegramUser) -> None:
    group = server.group("Gruppo", [anna])
    group.add_bot()
    markup = button(web_app={"url": "https://example.org/app"})
    assert (await raw(server, "sendMessage", chat_id=anna.id, text="x", reply_markup=markup))[0] == 200
    _, answer = await raw(server, "sendMessage", chat_id=group.id, text="x", reply_markup=markup)
    assert answer["description"] == "Bad Request: BUTTON_TYPE_INVALID"


async def test_unchanged_edits_are_refused_in_full_words(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    markup = keyboard([("A", "a")])
    sent = await bot.send_message(anna.id, "<b>x</b>", parse_mode="HTML", reply_markup=markup)
    expected = server.expects_refusal("message is not modified")
    words = (
        "Message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message"
    )
    with pytest.raises(BadRequest) as refused:
        await bot.edit_message_text("<b>x</b>", anna.id, sent.message_id, parse_mode="HTML", reply_markup=markup)
    assert refused.value.message == words
    with pytest.raises(BadRequest):
        await bot.edit_message_reply_markup(anna.id, sent.message_id, reply_markup=markup)
    await bot.edit_message_text("x", anna.id, sent.message_id, reply_markup=markup)
    assert (expected.count, server.violations) == (2, [])


async def test_edits_and_deletions_of_what_is_not_there(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    own = anna.says("mio")
    sent = await bot.send_message(anna.id, "x")
    file = await bot.send_document(anna.id, b"x", filename="x.txt")
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await bot.edit_message_text("y", anna.id, 999)
    with pytest.raises(BadRequest, match="essage can't be edited"):
        await bot.edit_message_text("y", anna.id, own.message_id)
    with pytest.raises(BadRequest, match="here is no text in the message to edit"):
        await bot.edit_message_text("y", anna.id, file.message_id)
    with pytest.raises(BadRequest, match="here is no caption in the message to edit"):
        await bot.edit_message_caption(anna.id, sent.message_id, caption="y")
    with pytest.raises(BadRequest, match="essage to delete not found"):
        await bot.delete_message(anna.id, 999)
    with pytest.raises(BadRequest, match="essage to be replied not found"):
        await bot.send_message(anna.id, "x", reply_parameters=ReplyParameters(999))
    await bot.send_message(anna.id, "x", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True))
    await bot.delete_message(anna.id, sent.message_id)
    with pytest.raises(BadRequest, match="essage to edit not found"):
        await bot.edit_message_text("y", anna.id, sent.message_id)


async def test_old_messages_stay(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    sent = await bot.send_message(anna.id, "x")
    server.advance(47 * 3600)
    young = await bot.send_message(anna.id, "y")
    server.advance(2 * 3600)
    with pytest.raises(BadRequest, match="essage can't be deleted for everyone"):
        await bot.delete_message(anna.id, sent.message_id)
    with pytest.raises(BadRequest, match="essage can't be deleted for everyone"):
        await bot.delete_messages(anna.id, [sent.message_id, young.message_id])
    await bot.delete_message(anna.id, young.message_id)
    await bot.edit_message_text("z", anna.id, sent.message_id)


async def test_a_press_is_answered_once_and_in_time(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    await bot.send_message(anna.id, "?", reply_markup=keyboard([("A", "a")]))
    words = "Query is too old and response timeout expired or query id is invalid"
    once, late = anna.presses("A"), anna.presses("A")
    await bot.answer_callback_query(once.query_id)
    late.expire()
    for query_id in (once.query_id, late.query_id, "77"):
        with pytest.raises(BadRequest) as refused:
            await bot.answer_callback_query(query_id)
        assert refused.value.message.lower() == words.lower()
    with pytest.raises(TimeoutError, match="was not answered"):
        await late.answer_within(0.01)


async def test_whom_the_bot_cannot_reach(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    stranger = server.user("Charlie")
    with pytest.raises(BadRequest, match="hat not found"):
        await bot.send_message(424242, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(stranger.id, "x")
    anna.blocks_bot()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(anna.id, "x")
    with pytest.raises(AssertionError, match="blocked"):
        anna.says("ciao")
    anna.starts()
    await bot.send_message(anna.id, "x")
    changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    anna.deactivates()
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(anna.id, "x")
    group = server.group("Gruppo", [stranger])
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")
    group.add_bot()
    group.kick_bot()
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    other = server.group("Altro", [stranger])
    other.add_bot()
    card = await bot.send_message(other.id, "x")
    with pytest.raises(BadRequest, match="ot enough rights to manage pinned"):
        await bot.pin_chat_message(other.id, card.message_id)


async def test_unknown_parameters_and_methods_are_refused(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    status, answer = await raw(server, "sendMessage", chat_id=anna.id, text="x", parsemode="HTML")
    assert status == 400
    assert "unknown parameter: parsemode" in answer["description"]
    status, answer = await raw(server, "sendMesage", chat_id=anna.id, text="x")
    assert (status, answer) == (404, {"ok": False, "error_code": 404, "description": "Not Found: method not found"})
    status, answer = await raw(server, "sendMessage", chat_id="Anna", text="x")
    assert status == 400
    status, answer = await raw(server, "sendMessage", body=["no object"])
    assert status == 400
    assert anna.messages == []
    assert len(server.violations) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"entities": [{"type": "bold", "offset": "0", "length": None}]},
        {"entities": "bold"},
        {"reply_markup": {"inline_keyboard": [[5]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "A", "copy_text": 5}]]}},
        {"reply_markup": {"inline_keyboard": [[{"text": "A", "url": 5}]]}},
        {"reply_markup": {"force_reply": True, "input_field_placeholder": 5}},
        {"reply_parameters": {"message_id": "x"}},
        {"disable_notification": "perhaps"},
        {"text": "a\x00b"},
    ],
)
async def test_json_of_any_shape_gets_a_clear_answer(
    server: TelegramServer, anna: TelegramUser, wrong: dict[str, Any]
) -> None:
    status, answer = await raw(server, "sendMessage", **{"chat_id": anna.id, "text": "x", **wrong})
    assert (status, answer["ok"]) == (400, False)
    assert anna.messages == []
    assert server.violations == [f"sendMessage: {answer['description']}"]


async def test_a_wrong_token_is_unauthorized(server: TelegramServer) -> None:
    stranger = bot_for(server, token="1:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    async with aiohttp.ClientSession() as session, session.get(f"{server.base_url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_files_that_are_refused(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    with pytest.raises(BadRequest, match="ile must be non-empty"):
        await bot.send_document(anna.id, b"", filename="x.txt")
    with pytest.raises(TelegramError, match="Request Entity Too Large"):
        await bot.send_document(anna.id, bytes((50 << 20) + 1), filename="x.bin")
    with pytest.raises(BadRequest, match="ile is too big"):
        await bot.send_photo(anna.id, PNG + bytes(10 << 20))
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(anna.id, b"no picture")
    with pytest.raises(BadRequest, match="rong remote file identifier"):
        await bot.send_document(anna.id, "unknown-id")
    with pytest.raises(BadRequest, match="ailed to get http url content"):
        await bot.send_document(anna.id, "https://example.org/x.pdf")
    with pytest.raises(BadRequest, match="2-10 items"):
        await bot.send_media_group(anna.id, [InputMediaPhoto(PNG)])
    with pytest.raises(BadRequest, match="an't use the media of the specified type"):
        await bot.send_media_group(anna.id, [InputMediaPhoto(PNG), InputMediaDocument(b"x", filename="x.txt")])
    with pytest.raises(BadRequest, match="nvalid file_id"):
        await bot.get_file("unknown-id")
    anna.sends_document("film.mp4", b"", size=(20 << 20) + 1)
    document = anna.history[-1].document
    assert document is not None
    with pytest.raises(BadRequest, match="ile is too big"):
        await bot.get_file(document.file_id)
    _, answer = await raw(server, "sendDocument", chat_id=anna.id)
    assert answer["description"] == "Bad Request: there is no document in the request"
    assert anna.messages == []


async def test_file_names_with_paths_are_refused(server: TelegramServer, anna: TelegramUser) -> None:
    url = f"{server.base_url}/bot{server.token}/sendDocument"
    form = aiohttp.FormData({"chat_id": str(anna.id)}, quote_fields=False)
    form.add_field("document", b"x", filename="../x.txt")
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        assert (await response.json())["description"] == "Bad Request: file name is missing or unusable"
    assert anna.messages == []


BAD_PROFILES: list[tuple[str, dict[str, Any], str]] = [
    ("setMyCommands", {"commands": [{"command": "Events", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": f"a{n}", "description": "x"} for n in range(101)]}, "TOO_MUCH"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 2}, "listed twice"),
    ("setMyCommands", {"commands": [], "language_code": "ita"}, "invalid language code specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "everyone"}}, "Unsupported type specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "Empty chat_id specified"),
    ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 42}}, "chat not found"),
    ("setMyName", {"name": "a" * 65}, "name is too long"),
    ("setMyDescription", {"description": "a" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "a" * 121}, "short description is too long"),
    ("setChatMenuButton", {"menu_button": {"type": "menu"}}, "unsupported type"),
    ("getUpdates", {"allowed_updates": ["mesage"]}, "unknown kind of update: mesage"),
    ("getUpdates", {"limit": 101}, "limit must be 1-100"),
    ("setWebhook", {"url": "http://example.org/x"}, "HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://example.org:9000/x"}, "ports 80, 88, 443 or 8443"),
    ("setWebhook", {"url": "https://example.org/x", "secret_token": "a b"}, "contains unallowed characters"),
    ("setWebhook", {"url": "https://example.org/x", "secret_token": "a" * 257}, "secret token is too long"),
    ("sendChatAction", {"chat_id": 1001, "action": "dancing"}, "wrong parameter action in request"),
    ("deleteMessages", {"chat_id": 1001, "message_ids": list(range(1, 102))}, "too many message identifiers"),
    ("getChatAdministrators", {"chat_id": 1001}, "there are no administrators in the private chat"),
    ("sendMessage", {"chat_id": 1001, "text": "x", "message_thread_id": 3}, "message thread not found"),
    ("sendMessage", {"chat_id": 1001, "text": "x", "link_preview_options": {"disabled": True}}, "unknown field"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "parameters", "reason"), BAD_PROFILES)
async def test_other_refusals(
    server: TelegramServer, anna: TelegramUser, method: str, parameters: dict[str, Any], reason: str
) -> None:
    status, answer = await raw(server, method, **parameters)
    assert status == 400
    assert reason in answer["description"]
    assert server.violations == [f"{method}: {answer['description']}"]


async def test_after_logging_out_nothing_works(server: TelegramServer, bot: Bot) -> None:
    await bot.close()
    await bot.log_out()
    with pytest.raises(BadRequest, match="Logged out"):
        await bot.get_me()


# Receiving


async def test_a_poll_waits_and_confirms(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    first = (await bot.get_updates())[0]
    polling = asyncio.create_task(bot.get_updates(offset=first.update_id + 1, timeout=10))
    await server.wait_for(lambda: server.updates.is_polled)
    began = time.monotonic()
    message = anna.says("/events ora")
    (update,) = await polling
    assert time.monotonic() - began < 2
    assert update.update_id == message.update_id == first.update_id + 1
    assert [u["update_id"] for u in server.updates.unconfirmed] == [update.update_id]
    assert [u.update_id for u in await bot.get_updates()] == [update.update_id]
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    assert server.updates.unconfirmed == []
    for n in range(5):
        anna.says(str(n))
    assert [u.message.text for u in await bot.get_updates(limit=2) if u.message] == ["0", "1"]
    assert [u.message.text for u in await bot.get_updates(offset=-2) if u.message] == ["3", "4"]
    began = time.monotonic()
    assert await bot.get_updates(offset=10**9, timeout=1) == ()
    assert 0.9 < time.monotonic() - began < 3


async def test_kinds_of_update_stay_chosen(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    group = server.group("Gruppo", [anna])
    group.add_bot(admin=True)
    last = (await bot.get_updates())[-1].update_id
    group.promotes(server.user("Marco"))
    assert await bot.get_updates(offset=last + 1, allowed_updates=["chat_member"]) == ()
    group.promotes(server.user("Piero"))
    assert anna.says("ciao").update_id == 0
    assert [bool(u.chat_member) for u in await bot.get_updates()] == [True]
    await bot.get_updates(allowed_updates=[])
    assert anna.says("ciao").update_id


async def test_a_second_poller_ends_the_first(server: TelegramServer, bot: Bot) -> None:
    server.expects_refusal("terminated by other getUpdates request")
    async with bot_for(server) as other:
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await server.wait_for(lambda: server.updates.is_polled)
        second = asyncio.create_task(other.get_updates(timeout=1))
        with pytest.raises(Conflict, match="make sure that only one bot instance is running"):
            await first
        assert await second == ()
    assert server.violations == []


async def test_a_poller_that_died_swallows_nothing(server: TelegramServer, anna: TelegramUser) -> None:
    dying = bot_for(server)
    await dying.initialize()
    poll = asyncio.create_task(dying.get_updates(offset=10**8 + 2, timeout=20))
    await server.wait_for(lambda: server.updates.is_polled)
    poll.cancel()
    await dying.shutdown()
    await server.wait_for(lambda: not server.updates.is_polled)
    message = anna.says("sono qui")
    async with bot_for(server) as bot:
        assert [u.update_id for u in await bot.get_updates()] == [message.update_id]
    assert server.violations == []


async def test_updates_can_come_twice_and_in_any_shape(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    (first,) = await bot.get_updates()
    assert await bot.get_updates(offset=first.update_id + 1) == ()
    server.redeliver(first.update_id)
    assert [u.update_id for u in await bot.get_updates(offset=first.update_id + 1)] == [first.update_id]
    assert await bot.get_updates(offset=first.update_id + 1) == ()
    assert server.redeliver_last() == first.update_id
    assert [u.update_id for u in await bot.get_updates(offset=first.update_id + 1)] == [first.update_id]
    odd = server.push_update({"something_new": {"x": 1}})
    assert odd == first.update_id + 1
    assert [u.update_id for u in await bot.get_updates(offset=odd)] == [odd]
    server.updates.jump(7)
    assert anna.says("dopo una settimana").update_id == 7
    with pytest.raises(KeyError):
        server.redeliver(5)


async def test_a_callback_for_a_deleted_message_and_with_foreign_data(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    sent = await bot.send_message(anna.id, "?", reply_markup=keyboard([("A", "a")]))
    message = anna.last
    mallory = server.user("Mallory")
    press = mallory.sends_callback("staff.delete:1", message)
    await bot.delete_message(anna.id, sent.message_id)
    with pytest.raises(AssertionError, match="deleted"):
        anna.presses("A", message=message)
    anna.sends_callback("a", message)
    attack, gone = [u.callback_query for u in await bot.get_updates() if u.callback_query]
    assert (attack.id, attack.from_user.id, attack.data) == (press.query_id, mallory.id, "staff.delete:1")
    assert gone.message is not None
    assert not gone.message.is_accessible


class Hook:
    """A bot's webhook that answers as it is told."""

    def __init__(self) -> None:
        self.answers: list[int | float] = []
        self.received: list[tuple[int, str, float]] = []
        self.headers: dict[str, str] = {}

    async def accept(self, request: web.Request) -> web.Response:
        update = Update.de_json(await request.json())
        assert update is not None
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.received.append((update.update_id, secret, time.monotonic()))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = 200
        return web.Response(status=answer, headers=self.headers if answer != 200 else {})


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    handler = Hook()
    application = web.Application()
    application.router.add_post("/hook", handler.accept)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield handler, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_each_update_until_it_accepts(
    server: TelegramServer, bot: Bot, anna: TelegramUser, hook: tuple[Hook, str]
) -> None:
    handler, url = hook
    server.updates.webhook_time_scale = 0.02
    server.updates.webhook_timeout = 0.2
    handler.answers = [500, 503, 0.5, 302, 200]
    await bot.set_webhook(url, secret_token="s3cret_-", allowed_updates=["message"], max_connections=5)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.allowed_updates) == (url, 5, ("message",))
    await server.wait_for(lambda: not server.updates.has_unconfirmed)
    times = [at for _, _, at in handler.received]
    assert {(i, s) for i, s, _ in handler.received} == {(10**8 + 1, "s3cret_-")}
    assert [status for _, status in server.updates.webhook_attempts] == [500, 503, 0, 302, 200]
    gaps = [b - a for a, b in itertools.pairwise(times)]
    assert gaps[0] >= 0.02
    assert gaps[1] >= 0.04
    assert gaps[2] >= 0.08
    assert gaps[3] >= 0.16
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert "302" in str((await bot.get_webhook_info()).last_error_message)
    anna.says("due")
    anna.says("tre")
    await server.wait_for(lambda: len(handler.received) == 7)
    ids = [i for i, _, _ in handler.received[5:]]
    assert ids == sorted(ids)
    server.redeliver_last()
    await server.wait_for(lambda: len(handler.received) == 8)
    assert handler.received[-1][0] == ids[-1]


async def test_a_webhook_that_asks_for_time_gets_it(
    server: TelegramServer, bot: Bot, anna: TelegramUser, hook: tuple[Hook, str]
) -> None:
    handler, url = hook
    server.updates.webhook_time_scale = 0.05
    handler.answers = [503]
    handler.headers = {"Retry-After": "6"}
    await bot.set_webhook(url)
    await server.wait_for(lambda: len(handler.received) == 2)
    assert handler.received[1][2] - handler.received[0][2] >= 0.3


async def test_polling_and_webhook_exclude_each_other(server: TelegramServer, bot: Bot, hook: tuple[Hook, str]) -> None:
    server.expects_refusal("Conflict")
    polling = asyncio.create_task(bot.get_updates(timeout=10))
    await server.wait_for(lambda: server.updates.is_polled)
    await bot.set_webhook(hook[1])
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await polling
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    assert server.violations == []


# Rates


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_one_message_a_second_in_a_chat(anna: TelegramUser) -> None:
    clock = Clock()
    async with TelegramServer(limits=RateLimits(clock=clock)) as server, bot_for(server) as bot:
        bruno = server.user("Bruno")
        bruno.starts()
        carla = server.user("Carla")
        carla.starts()
        await bot.send_message(bruno.id, "1")
        clock.now += 0.5
        with pytest.raises(RetryAfter) as told:
            await bot.send_message(bruno.id, "2")
        assert _seconds(told.value) == 1
        await bot.send_message(carla.id, "another chat is free")
        clock.now += 0.6
        with pytest.raises(RetryAfter):
            await bot.send_message(bruno.id, "half a second before the time told")
        clock.now += 0.4
        await bot.send_message(bruno.id, "2")
        assert server.limits is not None
        assert (server.limits.refused, server.limits.impatient) == (2, 1)
        assert [m.text for m in bruno.messages] == ["1", "2"]
        assert server.violations == ["sendMessage: Too Many Requests: retry after 1"] * 2


def _seconds(error: RetryAfter) -> float:
    told = error.retry_after
    return told if isinstance(told, int) else told.total_seconds()


async def test_thirty_messages_a_second_overall() -> None:
    clock = Clock()
    async with TelegramServer(limits=RateLimits(clock=clock)) as server, bot_for(server) as bot:
        people = [server.user(f"P{n}") for n in range(32)]
        for person in people:
            person.starts()
        for person in people[:30]:
            await bot.send_message(person.id, "x")
            clock.now += 0.01
        status, answer = await raw(server, "sendMessage", chat_id=people[30].id, text="x")
        assert (status, answer) == (
            429,
            {
                "ok": False,
                "error_code": 429,
                "description": "Too Many Requests: retry after 1",
                "parameters": {"retry_after": 1},
            },
        )
        clock.now += 1.0
        await bot.send_message(people[31].id, "x")


async def test_twenty_messages_a_minute_in_a_group() -> None:
    clock = Clock()
    async with TelegramServer(limits=RateLimits(clock=clock)) as server, bot_for(server) as bot:
        group = server.group("Gruppo", [server.user("A")])
        group.add_bot()
        for _ in range(20):
            await bot.send_message(group.id, "x")
            clock.now += 1.0
        with pytest.raises(RetryAfter) as told:
            await bot.send_message(group.id, "x")
        assert _seconds(told.value) == 40
        clock.now += 40.0
        await bot.send_message(group.id, "x")


async def test_a_burst_can_be_allowed() -> None:
    clock = Clock()
    async with TelegramServer(limits=RateLimits(clock=clock, chat_burst=3)) as server, bot_for(server) as bot:
        user = server.user("A")
        user.starts()
        for _ in range(3):
            await bot.send_message(user.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(user.id, "x")


async def test_a_steady_second_passes_on_the_real_clock() -> None:
    async with TelegramServer(enforce_limits=True) as server, bot_for(server) as bot:
        user = server.user("A")
        user.starts()
        await bot.send_message(user.id, "x")
        await asyncio.sleep(1.0)
        await bot.send_message(user.id, "x")
        assert server.limits is not None
        assert server.limits.refused == 0


# Faults


async def test_injected_refusals(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    bruno = server.user("Bruno")
    bruno.starts()
    server.fail_next("sendMessage", times=2, status=502)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(anna.id, "x")
    await bot.send_message(anna.id, "x")
    server.fail_next("sendMessage", status=429, retry_after=1, chat=bruno.id)
    await bot.send_message(anna.id, "y")
    with pytest.raises(RetryAfter) as told:
        await bot.send_message(bruno.id, "x")
    assert _seconds(told.value) == 1
    assert server.faults.early_retries == []
    await bot.send_message(bruno.id, "too early")
    assert server.faults.early_retries == [f"sendmessage to {bruno.id}"]
    server.fail_next("*", status=403, description="Forbidden: bot was blocked by the user")
    with pytest.raises(Forbidden, match="blocked"):
        await bot.get_me()
    assert server.faults.planned == 0
    assert (len(anna.messages), server.violations) == (2, [])


async def test_cut_connections(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    server.drop_connection_next("sendMessage", after_accepting=False)
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "perso")
    assert anna.messages == []
    server.drop_connection_next("sendMessage", after_accepting=True)
    with pytest.raises(NetworkError):
        await bot.send_message(anna.id, "arrivato")
    assert [m.text for m in anna.messages] == ["arrivato"]
    assert server.violations == []


async def test_slowness(server: TelegramServer, anna: TelegramUser) -> None:
    async with bot_for(server, read_timeout=0.3) as bot:
        server.delay("sendMessage", 1.0, times=1, after_accepting=True)
        with pytest.raises(TimedOut):
            await bot.send_message(anna.id, "arrivato tardi")
        assert anna.sees() == "arrivato tardi"
        server.delay("sendMessage", 0.1)
        began = time.monotonic()
        await bot.send_message(anna.id, "x")
        assert time.monotonic() - began >= 0.1
        server.delay("sendMessage", 0)
        server.latency = 0.1
        began = time.monotonic()
        await bot.get_me()
        assert time.monotonic() - began >= 0.1


# Waiting


async def test_waiting_for_what_becomes_true(server: TelegramServer, bot: Bot, anna: TelegramUser) -> None:
    async def later() -> None:
        await asyncio.sleep(0.05)
        await bot.send_message(anna.id, "eccomi")

    task = asyncio.create_task(later())
    assert await server.wait_for(lambda: anna.last.text) == "eccomi"
    await task
    with pytest.raises(TimeoutError, match="nothing in chat"):
        await server.wait_for(lambda: server.user("Nuova").last, timeout=0.05)


async def test_quiet_waits_for_open_requests_and_for_updates_to_be_taken(
    server: TelegramServer, bot: Bot, anna: TelegramUser
) -> None:
    server.delay("sendMessage", 0.2)
    sending = asyncio.create_task(bot.send_message(anna.id, "x"))
    await asyncio.sleep(0.05)
    await server.quiet(ms=50)
    assert anna.sees() == "x"
    await sending
    (update,) = await bot.get_updates()
    with pytest.raises(TimeoutError, match="not quiet"):
        await server.quiet(ms=20, timeout=0.2)
    await bot.get_updates(offset=update.update_id + 1)
    await server.quiet(ms=20, timeout=1)


# As a process of its own


async def test_it_runs_as_a_process_with_a_door_for_people() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.standins.telegram", "--port", "0", "--token", "42:T", "--enforce-limits",
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession(url) as session:

            async def control(verb: str, **body: Any) -> Any:
                async with session.post(f"/control/{verb}", json=body) as response:
                    assert response.status == 200, await response.text()
                    return await response.json()

            user = (await control("users", first_name="Anna"))["id"]
            await control("starts", user=user, payload="x")
            flood = await control("flood", users=3, texts=["/events"])
            async with Bot("42:T", base_url=f"{url}/bot") as bot:
                assert len(await bot.get_updates()) == 4
                await bot.send_message(user, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard([("A", "a")]))
                await bot.send_message(flood["user_ids"][0], "x")
                await control("presses", user=user, button="A")
                with pytest.raises(RetryAfter):
                    await bot.send_message(user, "subito")
            (seen,) = await control("messages", user=user)
            assert (seen["html"], seen["buttons"][0][0]["data"]) == ("<b>x</b>", "a")
            stats = await control("stats")
            assert (stats["counts"]["sendmessage"], stats["too_many_requests"], stats["unconfirmed"]) == (2, 1, 5)
            async with session.post("/control/presses", json={"user": user, "button": "Z"}) as response:
                assert response.status == 400
                assert "no button" in (await response.json())["error"]
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


def test_every_known_method_is_served() -> None:
    assert TelegramServer()._methods.keys() == KNOWN_PARAMETERS.keys()
