import asyncio
import time

import pytest

from bot.platforms.slack import windows
from handlers.conversation.event import Errors, Event, EventKind, Outcome, Toast
from handlers.conversation.form import Field, FieldKind, Form, Option
from handlers.conversation.screen import Button, screen
from tests.contracts.slack.conftest import Wired
from tests.standins.slack import Channel, Message, Person

SHARE = Form(
    "share",
    "Condividi",
    (
        Field("title", "Titolo"),
        Field("text", "Testo", FieldKind.TEXT, required=False),
        Field("start", "Inizio", FieldKind.WHEN, required=False),
        Field("topic", "Tema", FieldKind.CHOICE, required=False, options=(Option("1", "Terapie"), Option("2", "ICT"))),
        Field("cv", "CV", FieldKind.FILE, required=False),
    ),
    "Pubblica",
    {"mission": "7"},
)


async def button(slack: Wired, chat: str, *, opens_form: bool) -> Message:
    shown = screen().para("Vuoi?").row(Button("Apri", "share.start", opens_form=opens_form)).build()
    ts = await slack.adapter.send(slack.at(chat), shown, token=f"t-{chat}-{opens_form}")
    found: Message = next(
        channel.store[ts] for channel in slack.server.workspace.channels.values() if ts in channel.store
    )
    return found


async def in_private(slack: Wired) -> tuple[Person, Message]:
    anna = slack.server.user()
    return anna, await button(slack, anna.id, opens_form=True)


async def in_channel(slack: Wired) -> tuple[Person, Channel, Message]:
    anna = slack.server.user()
    channel = slack.server.channel("generale", members=[anna])
    return anna, channel, await button(slack, channel.id, opens_form=False)


async def with_form(slack: Wired, form: Form = SHARE) -> Person:
    """Somebody in front of an open form."""
    slack.receiver.answers(Outcome(form=form))
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert anna.modal.title == form.title
    return anna


async def test_a_button_that_opens_a_form_opens_a_window_at_once(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE), after=3.0)
    anna, message = await in_private(slack)
    started = time.monotonic()
    await anna.presses("Apri", message)
    await slack.server.wait_for(lambda: anna.modal is not None)
    assert time.monotonic() - started < 3.0
    assert anna.modal is not None
    assert "Un attimo…" in anna.modal.seen
    await slack.settled()
    assert anna.modal.title == "Condividi"
    assert anna.modal.submit_label == "Pubblica"
    assert slack.server.calls_of("views.update")[0].args["hash"]


async def test_the_window_that_waits_outlives_the_trigger(slack: Wired) -> None:
    slack.server.trigger_seconds = 0.5
    slack.receiver.answers(Outcome(form=SHARE), after=1.0)
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert anna.modal.title == "Condividi"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome(), "Fatto."),
        (Outcome(toast=Toast("Il bando è chiuso")), "Il bando è chiuso"),
        (Outcome(errors=Errors({"title": "Serve un titolo"})), "Serve un titolo"),
    ],
)
async def test_a_window_without_a_form_says_why(slack: Wired, outcome: Outcome, words: str) -> None:
    slack.receiver.answers(outcome)
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert words in anna.modal.seen
    assert anna.modal.submit_label == ""
    assert await anna.closes_modal() is None


async def test_a_handler_that_fails_is_told_in_the_window(slack: Wired) -> None:
    async def fails(event: Event) -> Outcome:
        raise LookupError("no such thing")

    slack.receiver.handler = fails
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert "Qualcosa non ha funzionato. Riprova." in anna.modal.seen


async def test_a_window_closed_meanwhile_loses_no_word(slack: Wired) -> None:
    slack.receiver.answers(Outcome(toast=Toast("Il bando è chiuso")), after=0.4)
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.server.wait_for(lambda: anna.modal is not None)
    await anna.closes_modal()
    with slack.server.expects_refusal("not_found"):
        await slack.settled()
    assert anna.last.seen == "Il bando è chiuso"


async def test_any_press_may_be_answered_with_a_form(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE))
    anna, _, message = await in_channel(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert anna.modal.title == "Condividi"
    assert slack.server.count("views.update") == 0


async def test_a_command_and_a_shortcut_open_forms(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE))
    anna, channel, message = await in_channel(slack)
    await anna.runs("/cluster", "share", channel=channel)
    await slack.settled()
    assert anna.modal is not None
    assert anna.ephemerals == []
    await anna.message_shortcut("share", message)
    await slack.settled()
    assert anna.modal.title == "Condividi"
    assert slack.server.count("views.open") == 2


async def test_a_form_that_comes_too_late_is_offered_by_a_button(slack: Wired) -> None:
    slack.server.trigger_seconds = 0.2
    slack.receiver.answers(Outcome(form=SHARE), after=0.5)
    anna, channel, _ = await in_channel(slack)
    with slack.server.expects_refusal("expired_trigger_id"):
        await anna.runs("/cluster", "share", channel=channel)
        await slack.settled()
    assert not anna.modal
    assert anna.last.seen == "Manca un passo: apri il modulo.\n[Apri il modulo]"
    (press,) = anna.last.buttons[0]
    assert press.value == "form.open:share"
    slack.receiver.answers(Outcome(form=SHARE))
    slack.server.trigger_seconds = 3.0
    await anna.presses("Apri il modulo")
    await slack.settled()
    assert anna.modal is not None
    assert slack.receiver.events[-1].action == "form.open:share"


async def test_a_form_long_after_the_trigger_is_not_even_tried(slack: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "TRIGGER_SECONDS", 0.2)
    slack.receiver.answers(Outcome(form=SHARE), after=0.4)
    anna, _, message = await in_channel(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert slack.server.count("views.open") == 0
    assert anna.last.labels == ["Apri il modulo"]


async def test_a_form_in_answer_to_a_typed_word_is_offered_by_a_button(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE))
    anna = slack.server.user(locale="en-GB")
    await anna.says("share")
    await slack.settled()
    assert anna.last.labels == ["Open the form"]


async def test_a_word_of_the_moment_is_for_one_person_where_they_are(slack: Wired) -> None:
    slack.receiver.answers(Outcome(toast=Toast("Sei in lista <!here> *x*")))
    anna, channel, message = await in_channel(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert [(shown.channel_id, shown.seen) for shown in anna.ephemerals] == [(channel.id, "Sei in lista <!here> *x*")]
    private = await button(slack, anna.id, opens_form=False)
    await anna.presses("Apri", private)
    await slack.settled()
    assert anna.last.seen == "Sei in lista <!here> *x*"


async def test_a_word_that_cannot_be_shown_there_comes_in_private(slack: Wired) -> None:
    slack.receiver.answers(Outcome(toast=Toast("Sei in lista")))
    anna, channel, message = await in_channel(slack)
    channel.members.discard(anna.id)
    with slack.server.expects_refusal("user_not_in_channel"):
        await anna.presses("Apri", message)
        await slack.settled()
    assert anna.last.seen == "Sei in lista"


async def test_a_toast_waits_out_a_short_rate_limit(slack: Wired) -> None:
    slack.receiver.answers(Outcome(toast=Toast("Ok")))
    anna, _ = await in_private(slack)
    message = await button(slack, anna.id, opens_form=False)
    slack.server.fail_next("chat.postMessage", retry_after=1, channel=anna.id)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.last.seen == "Ok"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("it-IT", "Ti ho risposto nella nostra chat privata."),
        ("en-US", "I answered you in our private chat."),
        ("", "Ti ho risposto nella nostra chat privata.\nI answered you in our private chat."),
    ],
)
async def test_a_command_in_a_channel_says_where_the_answer_is(slack: Wired, locale: str, words: str) -> None:
    anna = slack.server.user(locale=locale)
    channel = slack.server.channel("generale", members=[anna], bot=False)
    await anna.runs("/cluster", "home", channel=channel)
    await slack.settled()
    assert [(shown.channel_id, shown.seen) for shown in anna.ephemerals] == [(channel.id, words)]


async def test_a_command_in_the_private_chat_does_not(slack: Wired) -> None:
    anna, _ = await in_private(slack)
    await anna.runs("/cluster", "home")
    await slack.settled()
    assert anna.ephemerals == []


async def test_a_form_is_handed_in_with_all_its_values(slack: Wired) -> None:
    anna = await with_form(slack)
    await anna.fills(
        {
            "Titolo": "Un <b> & *x*",
            "Testo": "Due\nrighe",
            "Inizio: giorno": "2018-05-14",
            "Inizio: ora": "09:30",
            "Tema": "ICT",
            "CV": ("cv.pdf", b"%PDF"),
        }
    )
    slack.receiver.answers(Outcome())
    await anna.submits()
    await slack.settled()
    event = slack.receiver.events[-1]
    assert (event.kind, event.form, event.form_context) == (EventKind.SUBMIT, "share", {"mission": "7"})
    cv = event.values.pop("cv")
    assert event.values == {
        "title": "Un <b> & *x*",
        "text": "Due\nrighe",
        "start": "2018-05-14T09:30",
        "topic": "2",
    }
    assert isinstance(cv, dict)
    assert cv["name"] == "cv.pdf"
    assert cv["account"] == slack.adapter.account
    assert anna.modal is None


async def test_errors_stand_in_the_window(slack: Wired) -> None:
    anna = await with_form(slack)
    await anna.fills({"Titolo": "x"})
    slack.receiver.answers(Outcome(errors=Errors({"title": "Troppo corto", "start": "Nel passato"})))
    await anna.submits()
    assert anna.modal_errors == {"Titolo": "Troppo corto", "Inizio: giorno": "Nel passato"}
    assert anna.modal is not None


async def test_a_handler_that_fails_leaves_the_form_open(slack: Wired) -> None:
    async def fails(event: Event) -> Outcome:
        raise LookupError("no such thing")

    anna = await with_form(slack)
    await anna.fills({"Titolo": "x"})
    slack.receiver.handler = fails
    await anna.submits()
    assert anna.modal_errors == {"Titolo": "Qualcosa non ha funzionato. Riprova."}


async def test_a_form_may_follow_a_form(slack: Wired) -> None:
    anna = await with_form(slack)
    await anna.fills({"Titolo": "x"})
    slack.receiver.answers(Outcome(form=Form("next", "Passo due", (Field("more", "Altro"),), "Fine")))
    await anna.submits()
    assert anna.modal is not None
    assert anna.modal.title == "Passo due"


async def test_a_word_after_a_form_comes_where_the_form_came_from(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE))
    anna, channel, message = await in_channel(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    await anna.fills({"Titolo": "x"})
    slack.receiver.answers(Outcome(toast=Toast("Pubblicato")))
    await anna.submits()
    await slack.settled()
    assert anna.modal is None
    assert [(shown.channel_id, shown.seen) for shown in anna.ephemerals] == [(channel.id, "Pubblicato")]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience cut short, so that the slow way is taken soon."""
    monkeypatch.setattr(windows, "SUBMISSION_SECONDS", 0.3)
    monkeypatch.setattr(windows, "ACK_SETTLES_SECONDS", 0.1)


async def submits_slowly(slack: Wired, outcome: Outcome, after: float = 0.8) -> Person:
    anna = await with_form(slack)
    await anna.fills({"Titolo": "Il titolo & altro", "Tema": "ICT"})
    slack.receiver.answers(outcome, after=after)
    delivery = await anna.submits()
    assert delivery is not None
    assert delivery.seconds < 3.0
    assert anna.modal is not None
    assert "Un attimo…" in anna.modal.seen
    return anna


async def test_a_slow_submission_is_answered_in_time_with_the_real_patience(slack: Wired) -> None:
    anna = await submits_slowly(slack, Outcome(), after=2.8)
    await slack.settled()
    assert anna.modal is not None
    assert "Fatto." in anna.modal.seen


@pytest.mark.usefixtures("hasty")
async def test_a_slow_submission_with_errors_is_filled_in_again(slack: Wired) -> None:
    anna = await submits_slowly(slack, Outcome(errors=Errors({"title": "Troppo corto"})))
    await slack.settled()
    assert anna.modal is not None
    assert "⚠ Troppo corto" in anna.modal.seen
    slack.receiver.answers(Outcome())
    await anna.submits()
    await slack.settled()
    assert slack.receiver.events[-1].values["title"] == "Il titolo & altro"
    assert slack.receiver.events[-1].values["topic"] == "2"
    assert slack.receiver.events[-1].form_context == {"mission": "7"}


@pytest.mark.usefixtures("hasty")
async def test_a_slow_submission_may_lead_to_a_form_or_a_word(slack: Wired) -> None:
    anna = await submits_slowly(slack, Outcome(form=Form("next", "Passo due", (Field("more", "Altro"),), "Fine")))
    await slack.settled()
    assert anna.modal is not None
    assert anna.modal.title == "Passo due"
    other = await submits_slowly(slack, Outcome(toast=Toast("Pubblicato")))
    await slack.settled()
    assert other.modal is not None
    assert "Pubblicato" in other.modal.seen


@pytest.mark.usefixtures("hasty")
async def test_a_slow_submission_of_a_closed_window_loses_no_error(slack: Wired) -> None:
    anna = await submits_slowly(slack, Outcome(errors=Errors({"title": "Troppo corto"}), form=SHARE))
    await anna.closes_modal()
    with slack.server.expects_refusal("not_found"):
        await slack.settled()
    assert "Titolo: Troppo corto" in anna.last.seen
    assert anna.last.labels == ["Apri il modulo"]


async def test_a_half_filled_form_is_kept_on_close(slack: Wired) -> None:
    anna = await with_form(slack)
    await anna.fills({"Titolo": "a metà", "Inizio: giorno": "2018-05-14"})
    slack.receiver.answers(Outcome())
    await anna.closes_modal()
    await slack.settled()
    event = slack.receiver.events[-1]
    assert (event.kind, event.form, event.form_context) == (EventKind.ABANDON, "share", {"mission": "7"})
    assert (event.values["title"], event.values["start"], event.values["text"]) == ("a metà", "2018-05-14", None)


async def test_what_was_kept_is_filled_in_again(slack: Wired) -> None:
    anna = await with_form(
        slack, Form("share", "Condividi", (Field("start", "Inizio", FieldKind.WHEN, initial="2018-05-14"),), "Ok")
    )
    assert anna.modal is not None
    assert anna.modal.values["start.date"]["value"]["selected_date"] == "2018-05-14"


async def test_a_submission_delivered_twice_is_handed_in_once(slack: Wired) -> None:
    anna = await with_form(slack)
    await anna.fills({"Titolo": "x"})
    slack.receiver.answers(Outcome())
    delivery = await anna.submits()
    assert delivery is not None
    again = await slack.server.deliver("interactive", delivery.payload)
    assert again.acked
    await slack.settled()
    assert [event.kind for event in slack.receiver.events].count(EventKind.SUBMIT) == 1


async def test_a_form_too_large_for_a_window_is_an_apology_and_no_crash(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=Form("x", "X", (Field("a", "A"),), "Ok", {"big": "y" * 4000})))
    anna, message = await in_private(slack)
    await anna.presses("Apri", message)
    await slack.settled()
    assert anna.modal is not None
    assert "Qualcosa non ha funzionato" in anna.modal.seen


async def test_a_hundred_forms_at_once(slack: Wired) -> None:
    slack.receiver.answers(Outcome(form=SHARE), after=0.2)
    channel = slack.server.channel("generale")
    people = [slack.server.user(f"Persona {number}") for number in range(100)]
    channel.members.update(person.id for person in people)
    message = await button(slack, channel.id, opens_form=True)
    deliveries = await asyncio.gather(*(person.presses("Apri", message) for person in people))
    assert max(delivery.seconds for delivery in deliveries) < 3.0
    await slack.receiver.drain()
    opened = [person.modal for person in people]
    assert all(view is not None and view.title == "Condividi" for view in opened)
