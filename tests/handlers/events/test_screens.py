"""What is drawn: every example in both languages, and what a card offers in each state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.conversation.actions import REGISTRY
from handlers.conversation.form import Form
from handlers.conversation.screen import Button, Screen, plain
from handlers.conversation.texts import texts_for
from handlers.events import actions, examples, forms, notices
from handlers.events.screens import EventCard, event_card
from storage.enums import Answer, EventStatus, Locale
from storage.queries.events import Tally

PARTS = (actions, examples, forms, notices)
"""Importing them registers what is looked at here."""
NAMES = [name for name in REGISTRY.examples if name.split(".")[0] in {"event", "events"}]
NOTICES = [name for name in REGISTRY.notices if name.startswith("event.")]
FORMS = [name for name in REGISTRY.forms if name.startswith("event.")]


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_drawn_in_both_languages(name: str, locale: Locale) -> None:
    drawn = REGISTRY.examples[name].build(texts_for(locale))
    if isinstance(drawn, Form):
        assert drawn.title
        assert all(one.label for one in drawn.fields)
        return
    assert drawn.line
    assert "{" not in plain(drawn)
    for button in drawn.buttons:
        assert len(button.label) <= 75  # Slack's limit on a button's text
        if isinstance(button, Button):
            REGISTRY.action(button.action)


def test_every_notice_and_form_has_its_example() -> None:
    assert set(NOTICES) | set(FORMS) <= set(NAMES)
    assert NOTICES
    assert FORMS


def labels(shown: Screen) -> list[str]:
    return [button.label for button in shown.buttons]


def card(answer: Answer | None = None, *, status: EventStatus = EventStatus.PUBLISHED, **changes: object) -> EventCard:
    event = examples._workshop(status)
    made = examples._card(event, answer, tally=Tally(going=20, waiting=5))
    return replace(made, **changes)  # type: ignore[arg-type]  # literal test data


T = texts_for(Locale.ENGLISH)


def test_a_full_event_offers_the_waiting_list() -> None:
    assert labels(event_card(card(), T))[:3] == ["Join the waiting list", "Maybe", "Can't come"]


def test_who_waits_can_leave() -> None:
    shown = event_card(card(Answer.WAITING), T)
    assert labels(shown)[:2] == ["Leave the waiting list", "Maybe"]
    assert "number 3" in plain(shown)


def test_a_free_place_that_others_wait_for_is_not_offered() -> None:
    shown = event_card(card(tally=Tally(going=19, waiting=1)), T)
    assert labels(shown)[0] == "Join the waiting list"


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.PROPOSED, EventStatus.DECLINED])
def test_an_event_that_is_not_on_takes_no_answers(status: EventStatus) -> None:
    shown = event_card(card(Answer.GOING, status=status), T)
    assert not {"✓ Going", "Going", "Maybe", "Can't come"} & set(labels(shown))


def test_after_the_start_there_is_nothing_to_answer() -> None:
    made = card(Answer.GOING)
    shown = event_card(replace(made, now=made.event.starts_at), T)
    assert "answers are closed" in plain(shown)
    assert "✓ Going" not in labels(shown)
    over = event_card(replace(made, now=made.event.ends_at + timedelta(days=1)), T)
    assert "This event is over." in plain(over)


def test_only_the_staff_see_the_controls_and_never_in_a_channel() -> None:
    assert "Manage" not in labels(event_card(card(), T))
    assert "Manage" in labels(event_card(card(manages=True), T))
    assert "Manage" not in labels(event_card(card(manages=True, personal=False), T))


def test_another_language_is_said_and_the_readers_own_is_not() -> None:
    assert "Language: Italian" in plain(event_card(card(), T))
    assert "Lingua" not in plain(event_card(card(), texts_for(Locale.ITALIAN)))
