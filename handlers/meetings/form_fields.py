"""The questions of the meetings' forms, from data alone."""

from collections.abc import Sequence

from handlers.conversation.form import Field, FieldKind, Form, Option
from handlers.conversation.texts import Texts
from handlers.meetings.rules import MOST_TABLES
from handlers.meetings.screens import clipped, named
from handlers.meetings.staff_screens import reasons
from storage.models import Mission, Person

OPTION_LENGTH = 75
"""Characters of an option's label (Slack's limit, see ``Option``)."""


def propose_form(mission: Mission, people: Sequence[Person], t: Texts) -> Form:
    """Who should meet whom about what."""
    options = tuple(Option(str(one.id), clipped(named(one), OPTION_LENGTH)) for one in people)
    return Form(
        name="meeting.propose",
        title=t("Meeting at {mission}", mission=clipped(mission.title)),
        intro=t("They get the first time at which both and a table are free."),
        fields=(
            Field("one", t("Who?"), FieldKind.PERSON, options=options),
            Field("other", t("With whom?"), FieldKind.PERSON, options=options),
            Field(
                "topic",
                t("What about?"),
                FieldKind.TEXT,
                hint=t("One sentence that both read: why they should meet."),
                max_length=400,
            ),
        ),
        submit=t("Propose the meeting"),
    )


def decline_form(name: str, t: Texts) -> Form:
    """Why not at all. ``name`` is the other side's."""
    return Form(
        name="meeting.decline",
        title=t("Call off the meeting with {name}", name=clipped(name, 40)),
        intro=t("{name} is told kindly that it's off. Why, only the staff read.", name=name),
        fields=(
            Field(
                "why",
                t("Why?"),
                FieldKind.CHOICE,
                required=False,
                options=tuple(Option(value, label) for value, label in reasons(t).items()),
            ),
            Field(
                "note",
                t("Anything to add?"),
                FieldKind.TEXT,
                required=False,
                hint=t("Only the staff read it."),
                max_length=600,
            ),
        ),
        submit=t("Call it off"),
    )


def call_off_form(one: str, other: str, t: Texts) -> Form:
    """Why staff call a meeting off."""
    return Form(
        name="meeting.call_off",
        title=t("Call off: {one} and {other}", one=clipped(one, 30), other=clipped(other, 30)),
        intro=t("Both are told kindly. The reason stays in the log."),
        fields=(Field("reason", t("Why?"), FieldKind.TEXT, max_length=600),),
        submit=t("Call it off"),
    )


def grid_form(mission: Mission, tables: int, t: Texts) -> Form:
    """A day of slots, and how many tables there are."""
    return Form(
        name="meeting.grid",
        title=t("Times and tables: {mission}", mission=clipped(mission.title, 40)),
        intro=t("Adds one stretch of times, a morning for example. What is there stays."),
        fields=(
            Field("first", t("From when?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
            Field("last", t("Until when?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
            Field("length", t("How many minutes is a meeting?"), FieldKind.NUMBER, minimum=5, maximum=240, initial=20),
            Field("pause", t("How many minutes between two?"), FieldKind.NUMBER, minimum=0, maximum=120, initial=10),
            Field(
                "tables",
                t("How many tables are there?"),
                FieldKind.NUMBER,
                minimum=max(1, tables),
                maximum=MOST_TABLES,
                initial=max(1, tables),
            ),
        ),
        submit=t("Add the times"),
    )
