"""The questions of the missions' forms, from data alone."""

from collections.abc import Sequence

from handlers.conversation.form import Field, FieldKind, Form, Option, Value
from handlers.conversation.texts import Texts
from handlers.missions.rules import MOST_OBJECTIVES, MOST_SEATS, OBJECTIVE_LENGTH
from handlers.missions.screens import NO_PLACES, Sheet, clipped, kind_name, places_left
from handlers.missions.staff_screens import named
from storage.enums import ComponentKind
from storage.models import Application, Component, Mission, Person, Sector
from storage.queries.missions import Places

OPTION_LENGTH = 75
"""Characters of an option's label (Slack's limit, see ``Option``)."""
EVERYBODY = "all"


def part_option(component: Component, places: Places, t: Texts) -> Option:
    """A part to choose, with the places it still has."""
    left = places_left(component, places, t)
    title = clipped(t.of(component, "title"), OPTION_LENGTH - len(left) - 3)
    return Option(str(component.id), f"{title} ({left})")


def apply_form(shown: Sheet, before: Application | None, chosen: Sequence[int], t: Texts) -> Form:
    """Apply to a mission; what was said before is filled in."""
    mission = shown.mission
    parts: Value = [str(one) for one in chosen] or None
    return Form(
        name="mission.apply",
        title=t("Apply: {mission}", mission=clipped(mission.title)),
        intro=t("Three questions, two minutes. The staff read every application."),
        fields=(
            Field(
                "components",
                t("Which parts would you like?"),
                FieldKind.CHOICES,
                options=tuple(part_option(one, shown.places.get(one.id, NO_PLACES), t) for one in shown.components),
                initial=parts,
            ),
            Field(
                "objectives",
                t("What do you want to bring home?"),
                FieldKind.TEXT,
                hint=t("One to three lines, one aim a line: whom you're looking for, what you need."),
                max_length=MOST_OBJECTIVES * (OBJECTIVE_LENGTH + 1),
                initial="\n".join(before.objectives) if before else None,
            ),
            Field(
                "note",
                t("Anything we should know?"),
                FieldKind.TEXT,
                required=False,
                hint=t("Only the staff read it."),
                max_length=1000,
                initial=before.note or None if before else None,
            ),
        ),
        submit=t("Send the application"),
    )


def new_mission_form(sectors: Sequence[Sector], *, zone: str, t: Texts) -> Form:
    """A new mission. ``zone`` is that of whoever writes it, in which the deadline is understood."""
    return Form(
        name="mission.new",
        title=t("New mission"),
        intro=t("It stays a draft until you open it. Parts, programme and questions come afterwards."),
        fields=(
            Field("title", t("What is it called?"), hint=t("The fair's name and year."), max_length=120),
            Field("place", t("In which city?"), max_length=120),
            Field("venue", t("Where exactly?"), required=False, max_length=200),
            Field("first_day", t("First day"), FieldKind.WHEN, date_only=True, zone=zone),
            Field("last_day", t("Last day"), FieldKind.WHEN, date_only=True, zone=zone),
            Field(
                "zone",
                t("Whose time is it there?"),
                hint=t("A city or a zone: Tel Aviv, Boston, Asia/Jerusalem."),
                max_length=60,
            ),
            Field("deadline", t("Until when can one apply?"), FieldKind.WHEN, hint=t("In your own time."), zone=zone),
            Field("summary_it", t("What is it about, in Italian?"), FieldKind.TEXT, max_length=1500),
            Field("summary_en", t("And in English?"), FieldKind.TEXT, required=False, max_length=1500),
            Field("cost_it", t("What does it cost, in Italian?"), FieldKind.TEXT, required=False, max_length=600),
            Field("cost_en", t("What does it cost, in English?"), FieldKind.TEXT, required=False, max_length=600),
            Field(
                "sectors",
                t("Which sectors is it for?"),
                FieldKind.CHOICES,
                required=False,
                options=tuple(Option(one.key, clipped(t.of(one, "name"), OPTION_LENGTH)) for one in sectors),
                hint=t("Skip it if it is for everybody."),
            ),
            Field(
                "seats",
                t("How many delegates at most?"),
                FieldKind.NUMBER,
                required=False,
                hint=t("Skip it if there is no limit."),
                minimum=1,
                maximum=MOST_SEATS,
            ),
        ),
        submit=t("Save the mission"),
    )


def part_form(mission: Mission, t: Texts) -> Form:
    """A part of a mission."""
    return Form(
        name="mission.part",
        title=t("A part of {mission}", mission=clipped(mission.title)),
        fields=(
            Field(
                "kind",
                t("What sort of part?"),
                FieldKind.CHOICE,
                options=tuple(Option(kind.value, kind_name(kind, t)) for kind in ComponentKind),
            ),
            Field("title_it", t("Title in Italian"), max_length=120),
            Field("title_en", t("Title in English"), max_length=120),
            Field("place", t("Where is it?"), max_length=200),
            Field("starts", t("When does it start?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
            Field("ends", t("When does it end?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
            Field(
                "seats",
                t("How many places?"),
                FieldKind.NUMBER,
                required=False,
                hint=t("Skip it if there is no limit."),
                minimum=1,
                maximum=MOST_SEATS,
            ),
            Field("description_it", t("A word about it, in Italian"), FieldKind.TEXT, required=False, max_length=600),
            Field("description_en", t("A word about it, in English"), FieldKind.TEXT, required=False, max_length=600),
        ),
        submit=t("Add the part"),
    )


def item_form(mission: Mission, components: Sequence[Component], t: Texts) -> Form:
    """A line of the programme."""
    parts = tuple(Option(str(one.id), clipped(t.of(one, "title"), OPTION_LENGTH)) for one in components)
    return Form(
        name="mission.item",
        title=t("Programme of {mission}", mission=clipped(mission.title)),
        fields=(
            Field(
                "component",
                t("Who is it for?"),
                FieldKind.CHOICE,
                options=(Option(EVERYBODY, t("Every delegate")), *parts),
            ),
            Field("title_it", t("Title in Italian"), max_length=120),
            Field("title_en", t("Title in English"), max_length=120),
            Field("place", t("Where is it?"), required=False, max_length=200),
            Field("starts", t("When does it start?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
            Field("ends", t("When does it end?"), FieldKind.WHEN, hint=t("In local time."), zone=mission.zone),
        ),
        submit=t("Add the line"),
    )


def question_form(mission: Mission, t: Texts) -> Form:
    """A frequent question."""
    return Form(
        name="mission.faq",
        title=t("Question about {mission}", mission=clipped(mission.title)),
        fields=(
            Field("question_it", t("The question in Italian"), max_length=200),
            Field("answer_it", t("The answer in Italian"), FieldKind.TEXT, max_length=1500),
            Field("question_en", t("The question in English"), required=False, max_length=200),
            Field("answer_en", t("The answer in English"), FieldKind.TEXT, required=False, max_length=1500),
        ),
        submit=t("Add the question"),
    )


def guest_form(mission: Mission, guests: Sequence[Person], components: Sequence[Component], t: Texts) -> Form:
    """A guest who comes to the mission."""
    b2b: Value = [str(one.id) for one in components if one.kind is ComponentKind.B2B] or None
    return Form(
        name="mission.guest",
        title=t("A guest for {mission}", mission=clipped(mission.title)),
        fields=(
            Field(
                "person",
                t("Who?"),
                FieldKind.PERSON,
                options=tuple(Option(str(one.id), clipped(named(one), OPTION_LENGTH)) for one in guests),
            ),
            Field(
                "components",
                t("Which parts?"),
                FieldKind.CHOICES,
                options=tuple(Option(str(one.id), clipped(t.of(one, "title"), OPTION_LENGTH)) for one in components),
                initial=b2b,
            ),
        ),
        submit=t("Add the guest"),
    )


def decline_form(application: Application, t: Texts) -> Form:
    """Why not this time."""
    return Form(
        name="mission.decline",
        title=t("Not this time: {name}", name=clipped(application.person.name)),
        intro=t("The reason goes to the applicant, with thanks and a kind word around it."),
        fields=(
            Field("reason", t("Why not this time?"), FieldKind.TEXT, hint=t("One or two sentences."), max_length=600),
        ),
        submit=t("Send the answer"),
    )
