"""The process that was to answer has died: what would have been a toast or a window comes as a message."""

from typing import Any

from bot.platforms.slack.parsing import stored
from handlers.conversation.clock import SystemClock
from handlers.conversation.texts import texts_for
from storage.enums import Locale, Platform
from storage.queries import inbox
from tests.bot.delivery.program import Program
from tests.standins.slack import Person
from tests.standins.telegram import TelegramUser

DEAD = "0123456789abcdef"
t = texts_for(Locale.ENGLISH)
OLD_BUTTON = t("This button is from an old message and no longer works.")
OPEN = t("Open the form")


async def left_behind(program: Program, platform: Platform, user: str, payload: dict[str, Any]) -> None:
    """Stored by a process that has died since."""
    async with program.app.database.writing() as session:
        await inbox.store(
            session,
            platform,
            program.account(platform),
            [(f"left-{user}-{payload.get('id', '')}", user, payload)],
            now=SystemClock().now(),
            taken_by=DEAD,
        )


async def pressed_on_telegram(program: Program, user: TelegramUser, chat: dict[str, Any], data: str) -> None:
    payload = {
        "update_id": 900 + user.id,
        "callback_query": {
            "id": "77",
            "from": {"id": user.id, "is_bot": False, "first_name": user.first_name, "language_code": "en"},
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": 1, "date": 1522740000, "chat": chat, "text": "…"},
        },
    }
    await left_behind(program, Platform.TELEGRAM, str(user.id), payload)


async def done_on_slack(program: Program, user: Person, **body: Any) -> None:
    await left_behind(program, Platform.SLACK, user.id, stored({"user": {"id": user.id}, **body}, "en"))


def labels(user: Person) -> list[list[str]]:
    """The buttons of each message, from the oldest on."""
    return [[button.label for row in message.buttons for button in row] for message in user.messages]


async def all_handled(program: Program) -> bool:
    return not await program.open_events()


async def test_a_toast_comes_as_a_message(telegram: Program) -> None:
    anna = telegram.t.user("Anna")
    anna.account.started = True
    await telegram.person(telegram=str(anna.id))
    await pressed_on_telegram(telegram, anna, {"id": anna.id, "type": "private", "first_name": "Anna"}, "gone.away:1")
    await telegram.t.wait_for(lambda: any(OLD_BUTTON in message.text for message in anna.messages), timeout=8)


async def test_what_was_pressed_in_a_group_is_answered_in_private(telegram: Program) -> None:
    anna, stranger = telegram.t.user("Anna"), telegram.t.user("Zoe")
    anna.account.started = stranger.account.started = True
    await telegram.person(telegram=str(anna.id))
    group = telegram.t.group("Soci", [anna, stranger])
    chat = {"id": group.id, "type": "supergroup", "title": "Soci"}
    await pressed_on_telegram(telegram, stranger, chat, "home.show")
    await pressed_on_telegram(telegram, anna, chat, "gone.away:1")
    await telegram.t.wait_for(lambda: any(OLD_BUTTON in message.text for message in anna.messages), timeout=8)
    await telegram.until(lambda: all_handled(telegram))
    assert not group.messages, "everybody would read it"
    assert not stranger.messages


async def test_a_form_comes_as_a_button(slack: Program) -> None:
    anna = slack.s.user()
    await slack.person(slack=anna.id)
    press = {"action_id": "act:0", "value": "post.share", "action_ts": "9.2"}
    await done_on_slack(slack, anna, type="block_actions", channel={"id": "D1"}, actions=[press])
    await slack.s.wait_for(lambda: [OPEN] in labels(anna), timeout=8)
    await anna.presses(OPEN)
    await slack.s.wait_for(lambda: anna.modal, timeout=8)


async def test_what_was_wrong_in_a_form_comes_as_a_message_and_nothing_is_lost(slack: Program) -> None:
    anna = slack.s.user()
    await slack.person(slack=anna.id)
    await anna.runs("/cluster", "share")
    await slack.s.wait_for(lambda: anna.modal, timeout=8)
    await anna.closes_modal()
    handed_in = {
        "id": "V9",
        "callback_id": "form",
        "private_metadata": '{"form":"knowhow.share","context":{}}',
        "state": {"values": {"title": {"value": {"type": "plain_text_input", "value": "Stabilimenti sterili"}}}},
    }
    await done_on_slack(slack, anna, type="view_submission", view=handed_in)
    await slack.s.wait_for(lambda: any(OPEN in row for row in labels(anna)), timeout=8)
    await anna.presses(OPEN)
    await slack.s.wait_for(lambda: anna.modal and "Stabilimenti sterili" in str(anna.modal.blocks), timeout=8)
