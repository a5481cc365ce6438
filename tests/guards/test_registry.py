"""Everything that is registered holds together: buttons, commands, forms, notices, cards and their examples."""

import inspect
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.conversation.actions import REGISTRY, Quiet
from handlers.conversation.form import FieldKind, Form
from handlers.conversation.notify import CARD, SCREEN
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.conversation.screen import Button, Screen
from handlers.conversation.texts import texts_for
from storage.enums import PRIORITY_RANK, Locale, NoticeTopic, Priority
from tests.gallery.examples import made, messages

BOTH = pytest.mark.parametrize("locale", list(Locale), ids=str)

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_DESCRIPTION = 256
"""Characters (Bot API, BotCommand)."""
BUTTON_LABEL = 75
"""Characters that a Slack button shows whole (Block Kit, button element)."""
OPTION_LABEL = 75
OPTION_VALUE = 150
"""Characters (Block Kit, option object)."""
KIND_LENGTH = 40
"""Characters that the outbox keeps of a kind."""

CARD_EXAMPLES = {
    "handover": "organisations.handover",
    "move": "identity.move",
    "announced": "announcement",
    "content_report": "knowhow.reported",
    "blind-interest": "blind.interest",
    "announcement": "announce.sending",
    "announcement_review": "announcement_approval",
    "application": "missions.application_accepted",
    "event": "events.card",
    "event_proposal": "events.card_proposed",
    "introduction": "introduction.asked",
    "join": "identity.request",
    "meeting": "meetings.card_to_answer",
    "mission": "missions.sheet",
    "post": "knowhow.card",
    "post-news": "knowhow.post-news",
    "week": "week",
    "report": "introduction.reported",
    "review": "knowhow.review",
    "slip": "privacy.slip_card",
}
"""An example of each live card."""

NOT_AGAIN = {
    "knowhow.match",
    "knowhow.pair",
    "announcement",
    "digest",
    "event.invitation",
    "knowhow.published",
    "mission.opened",
    "staff.note",
    "roundup.staff",
}
URGENT = {
    "event.cancelled",
    "event.changed",
    "event.promoted",
    "event.reminder",
    "meeting.asked",
    "meeting.cancelled",
    "meeting.confirmed",
    "meeting.kept",
    "meeting.moved",
    "meeting.proposed",
    "meeting.reminder",
}
"""What may go to a second platform when it is not read in a quarter of an hour."""
"""What is rather left out than said twice when a kill leaves a doubt: what goes to many and asks for nothing. All
else (answers, decisions, reminders) is rather said twice than not at all."""


def buttons(locale: Locale) -> Iterator[tuple[str, Button]]:
    for name, shown in messages(locale):
        for one in shown.buttons:
            if isinstance(one, Button):
                yield name, one


# Buttons


@BOTH
def test_every_button_does_something(locale: Locale) -> None:
    for name, button in buttons(locale):
        spec, arguments = REGISTRY.action(button.action)
        if spec.verb == "home.run":
            command = REGISTRY.command(str(next(iter(arguments.values()))))
            assert command is not None, f"{name}: {button.action}"
            # Slack opens a window within three seconds of a press or not at all, so the button must announce it.
            assert button.opens_form is command.opens_form, f"{name}: {button.action}"


@BOTH
def test_labels_can_be_read_on_a_button(locale: Locale) -> None:
    for name, button in buttons(locale):
        assert len(button.label) <= BUTTON_LABEL, f"{name}: {button.label!r}"
        assert button.label == button.label.strip(), f"{name}: {button.label!r}"


@BOTH
def test_the_same_button_announces_a_form_everywhere_or_nowhere(locale: Locale) -> None:
    announced: dict[tuple[str, str], bool] = {}
    for name, button in buttons(locale):
        verb = button.action.partition(":")[0]
        if verb == "home.run":
            continue
        first = announced.setdefault((verb, button.label), button.opens_form)
        assert button.opens_form is first, f"{name}: {button.action} opens a form elsewhere, or does not"


@BOTH
def test_no_message_has_two_buttons_that_look_alike_and_do_different_things(locale: Locale) -> None:
    for name, shown in messages(locale):
        done: dict[str, str] = {}
        for one in shown.buttons:
            if isinstance(one, Button):
                assert done.setdefault(one.label, one.action) == one.action, f"{name}: {one.label!r}"


@BOTH
def test_every_message_has_words_for_the_notification(locale: Locale) -> None:
    for name, shown in messages(locale):
        assert shown.line.strip(), name


# Commands


def test_command_names_are_what_telegram_takes_in_both_languages() -> None:
    for spec in REGISTRY.command_list():
        assert set(spec.names) == set(Locale), spec.key
        for name in spec.names.values():
            assert COMMAND_NAME.fullmatch(name), name


def test_a_name_means_one_command() -> None:
    for spec in REGISTRY.command_list():
        for name in spec.names.values():
            assert REGISTRY.command(f"/{name.upper()}") is spec


@BOTH
def test_command_descriptions_fit_a_menu(locale: Locale) -> None:
    t = texts_for(locale)
    for spec in REGISTRY.command_list():
        assert 1 <= len(t(spec.description)) <= COMMAND_DESCRIPTION, spec.key
        if spec.home:
            assert len(t(spec.home)) <= BUTTON_LABEL, spec.key


def test_no_command_answers_where_everybody_reads_without_saying_so() -> None:
    assert {spec.key for spec in REGISTRY.command_list() if spec.in_groups} <= {"events", "help", "missions"}


# Forms


@BOTH
def test_forms_fit_every_platform(locale: Locale) -> None:
    for name, form in made(locale):
        if not isinstance(form, Form):
            continue
        names = [field.name for field in form.fields]
        assert len(set(names)) == len(names), name
        assert form.title.strip(), name
        assert form.submit.strip(), name
        for field in form.fields:
            where = f"{name}.{field.name}"
            assert re.fullmatch(r"[A-Za-z0-9_]+", field.name), where
            assert field.label.strip(), where
            if field.kind in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.PERSON}:
                values = [option.value for option in field.options]
                assert values, where
                assert len(set(values)) == len(values), where
            for option in field.options:
                assert 0 < len(option.label) <= OPTION_LABEL, f"{where}: {option.label!r}"
                assert 0 < len(option.value) <= OPTION_VALUE, f"{where}: {option.value!r}"


def test_every_form_has_an_example_by_its_name() -> None:
    examples = dict(made(Locale.ENGLISH))
    for name in REGISTRY.forms:
        assert isinstance(examples.get(name), Form), f"no form is shown as {name!r}"


# Notices and cards: all that the outbox carries


def test_every_notice_has_an_example_by_its_name() -> None:
    examples = dict(made(Locale.ENGLISH))
    for kind in REGISTRY.notices:
        shown = [name for name in examples if name == kind or name.startswith((f"{kind}.", f"{kind}_"))]
        assert any(isinstance(examples[name], Screen) for name in shown), f"no screen is shown as {kind!r}"


def test_every_card_has_an_example() -> None:
    assert set(CARD_EXAMPLES) == set(REGISTRY.cards)
    examples = dict(made(Locale.ENGLISH))
    for kind, name in CARD_EXAMPLES.items():
        assert isinstance(examples.get(name), Screen), f"the card {kind!r} is not shown as {name!r}"


def test_every_kind_of_the_outbox_says_what_becomes_of_a_doubt() -> None:
    assert {kind for kind, spec in REGISTRY.notices.items() if not spec.again} == NOT_AGAIN


def test_what_is_urgent_may_be_repeated_and_can_say_so() -> None:
    urgent = {kind: spec for kind, spec in REGISTRY.notices.items() if spec.urgent}
    assert set(urgent) == URGENT
    for kind, spec in urgent.items():
        assert spec.again, f"{kind} goes to one person twice, so a repeat must be the lesser harm"
        assert spec.to_participants, kind
        if not isinstance(spec.urgent, bool):
            taken = inspect.signature(spec.urgent).parameters.values()
            given = list(inspect.signature(spec.render).parameters)[1:]
            assert any(one.kind is one.VAR_KEYWORD for one in taken) or {one.name for one in taken} >= set(given), kind


def test_every_notice_says_how_late_it_is_still_useful() -> None:
    for kind, spec in REGISTRY.notices.items():
        assert spec.kind == kind
        assert isinstance(spec.priority, Priority), kind
        assert spec.useful_for is None or spec.useful_for > timedelta(0), kind
        if not spec.again:
            assert spec.useful_for is not None or spec.priority is Priority.ANNOUNCEMENT, kind


def test_kinds_do_not_meet() -> None:
    assert {SCREEN, CARD}.isdisjoint(REGISTRY.notices)
    for kind in (*REGISTRY.notices, *REGISTRY.cards):
        assert len(kind) <= KIND_LENGTH
        assert ":" not in kind


def test_only_answers_to_a_request_reach_people_who_are_not_members() -> None:
    beyond = {kind for kind, spec in REGISTRY.notices.items() if not spec.to_participants}
    assert beyond == {
        "identity.linked",
        "identity.refused",
        "identity.unlinked",
        "privacy.export",
        "privacy.going",
        "staff.removed",
        "staff.suspended",
    }


# Groups of enums


def test_every_priority_has_its_rank() -> None:
    assert set(PRIORITY_RANK) == set(Priority)
    assert len(set(PRIORITY_RANK.values())) == len(Priority)


def test_every_permission_of_a_role_names_its_roles() -> None:
    without = {Permission.ANYONE, Permission.PERSON, Permission.PARTICIPANT, Permission.MEMBER}
    assert set(ROLES_FOR) == set(Permission) - without
    for roles in ROLES_FOR.values():
        assert ROLES_FOR[Permission.OWNER] <= roles


def test_one_feature_each_answers_free_text_strangers_and_changed_notices() -> None:
    assert REGISTRY.free_text is not None
    assert REGISTRY.stranger is not None
    assert REGISTRY.gate is not None


# What its reader wishes of a notice


def test_every_notice_says_what_quiet_hours_and_levels_do_to_it() -> None:
    for kind, spec in REGISTRY.notices.items():
        assert isinstance(spec.quiet, Quiet), kind
        assert spec.topic is None or callable(spec.topic) or spec.topic in set(NoticeTopic), kind
        if spec.urgent is not False and not spec.repeats:
            assert spec.known_by is not None, f"{kind} is urgent: until when?"
        if spec.quiet is Quiet.MISSES:
            assert spec.useful_for is not None, f"{kind} would never be missed"
        if spec.listed:
            assert spec.topic is not None, f"{kind} is in every digest anyway"
    used = {spec.topic for spec in REGISTRY.notices.values() if isinstance(spec.topic, NoticeTopic)}
    assert used == set(NoticeTopic), "each topic in the settings turns something down"


def test_only_answers_and_what_its_reader_timed_come_at_any_hour() -> None:
    breaking = {kind for kind, spec in REGISTRY.notices.items() if spec.quiet is Quiet.BREAKS}
    assert breaking == {
        "announcement_export",
        "announcement_test",
        "digest",
        "identity.joined",
        "identity.linked",
        "identity.unlinked",
        "privacy.export",
        "privacy.slip_list",
    }, "the answer to what its reader did, or at the hour that they chose"
