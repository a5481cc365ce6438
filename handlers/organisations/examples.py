"""Examples for the gallery."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.organisations import forms, invite_screens, leaving_screens, screens
from handlers.organisations.rules import InviteState
from handlers.organisations.screens import House, OrganisationField
from storage.enums import OrganisationCategory
from storage.queries.organisations import Listed

ROME = ZoneInfo("Europe/Rome")
CODE = "K7WQ9M3XT2"


def _house(t: Texts, *, active: bool = True) -> House:
    return House(
        id=1,
        name="Biofilande",
        category=OrganisationCategory.COMPANY,
        city="Lecco",
        sectors=[t("Pharma & advanced therapies")],
        domains=["biofilande.example"],
        contact="Marco Colombani",
        members=4,
        seats=12,
        active=active,
        former_names=["biofilande srl"],
    )


def _things(t: Texts) -> list[str]:
    return [
        t("contact person of {organisation}", organisation="Biofilande"),
        t("application to {mission}", mission="MIXiii BIOMED"),
        t("meeting with {name}", name="Noa Levi"),
    ]


@example("organisations.list")
def organisation_list(t: Texts) -> Screen:
    """A page of them."""
    rows = [
        Listed(1, "Biofilande", active=True, members=4),
        Listed(2, "Ospedale della Martesana", active=False, members=11),
    ]
    return screens.organisation_list(rows, 24, 1, 3, "", t=t)


@example("organisations.found")
def found(t: Texts) -> Screen:
    """Looked for."""
    return screens.organisation_list([Listed(1, "Biofilande", active=True, members=4)], 1, 0, 1, "filan", t=t)


@example("organisations.one")
def one(t: Texts) -> Screen:
    """For the staff."""
    return screens.organisation(_house(t), t=t)


@example("organisations.retired")
def retired(t: Texts) -> Screen:
    """It takes nobody any more."""
    return screens.organisation(_house(t, active=False), t=t)


@example("organisations.edit")
def edit(t: Texts) -> Screen:
    """What to change."""
    return screens.edit_choice(1, "Biofilande", t=t)


@example("org.new")
def new(t: Texts) -> Form:
    """A new one."""
    return forms.new_questions(t=t)


@example("org.find")
def find(t: Texts) -> Form:
    """Looking for one."""
    return forms.find_questions(t=t)


@example("org.field")
def field(t: Texts) -> Form:
    """One thing of it."""
    return forms.field_questions(OrganisationField.DOMAINS, "Biofilande", "biofilande.example", [], t=t)


@example("org.merge")
def merge(t: Texts) -> Form:
    """A duplicate."""
    return forms.merge_questions("Biofilande srl", [Option("1", "Biofilande")], t=t)


@example("organisations.merge")
def merge_confirm(t: Texts) -> Screen:
    """Before two become one."""
    return screens.merge_confirm(replace(_house(t), name="Biofilande srl"), _house(t), t=t)


@example("organisations.members")
def members(t: Texts) -> Screen:
    """Its people, for the staff."""
    rows = [(3, "Marco Colombani", "CTO", True), (9, "Sara Conti", "", False)]
    return screens.members(1, "Biofilande", rows, 0, 2, for_staff=True, t=t)


@example("organisations.colleagues")
def colleagues(t: Texts) -> Screen:
    """Its people, for its contact."""
    rows = [(3, "Marco Colombani", "CTO", True), (9, "Sara Conti", "", False)]
    return screens.members(1, "Biofilande", rows, 0, 1, for_staff=False, t=t)


@example("organisations.mine")
def mine(t: Texts) -> Screen:
    """For its contact."""
    return screens.mine(_house(t), is_contact=True, t=t)


@example("organisations.mine_plain")
def mine_plain(t: Texts) -> Screen:
    """For its people."""
    return screens.mine(_house(t), is_contact=False, t=t)


@example("organisations.nowhere")
def nowhere(t: Texts) -> Screen:
    """For a member without."""
    return screens.nowhere(t=t)


@example("organisations.contact")
def contact(t: Texts) -> Screen:
    """To a new contact person."""
    return screens.now_contact("Biofilande", t=t)


@example("org.invite")
def invite(t: Texts) -> Form:
    """An invitation."""
    return forms.invite_questions([Option("1", "Biofilande")], "", t=t)


@example("organisations.invitation")
def invitation(t: Texts) -> Screen:
    """The code."""
    link = f"https://t.me/cluster_bot?start={CODE}"
    return invite_screens.made("Biofilande", CODE, 90, 20, link, "/cluster", t=t)


@example("organisations.invitations")
def invitations(t: Texts) -> Screen:
    """All of them."""
    day = datetime(2018, 7, 2, 9, 0, tzinfo=UTC)
    rows = [
        invite_screens.Invitation(number, hint, state, used, 20, day, "Giulia Riva")
        for number, (hint, state, used) in enumerate(
            [
                ("3XT", InviteState.LIVE, 4),
                ("P7Q", InviteState.USED_UP, 20),
                ("MNA", InviteState.OVER, 2),
                ("ZZ4", InviteState.REVOKED, 0),
            ],
            start=1,
        )
    ]
    return invite_screens.invitations(1, "Biofilande", rows, ROME, for_staff=True, t=t)


@example("org.leave")
def leave(t: Texts) -> Form:
    """Who takes over."""
    return forms.leave_questions("Biofilande", "", _things(t), [Option("9", "Sara Conti")], t=t)


@example("organisations.left_own")
def left_own(t: Texts) -> Screen:
    """Done."""
    return leaving_screens.left("Biofilande", "Sara Conti", gone=False, t=t)


@example("organisations.gone")
def gone(t: Texts) -> Screen:
    """Done, and out of the community."""
    return leaving_screens.left("Biofilande", "", gone=True, t=t)


@example("organisations.left_for")
def left_for(t: Texts) -> Screen:
    """Noted by the staff."""
    return leaving_screens.left_for("Marco Colombani", "Sara Conti", t=t)


@example("organisations.left")
def left(t: Texts) -> Screen:
    """To whom it was noted of."""
    return leaving_screens.told("Biofilande", "Giulia Riva", t=t)


@example("organisations.handover")
def handover(t: Texts) -> Screen:
    """To the colleague."""
    return leaving_screens.offer(5, "Marco Colombani", "Biofilande", _things(t), "", t=t)


@example("organisations.handover_answered")
def handover_answered(t: Texts) -> Screen:
    """Answered."""
    return leaving_screens.offer(5, "Marco Colombani", "Biofilande", [], t("✓ You have taken over."), t=t)


@example("organisations.taken")
def taken(t: Texts) -> Screen:
    """What went over."""
    return leaving_screens.taken("Marco Colombani", _things(t), 1, t=t)


@example("organisations.handed_over")
def handed_over(t: Texts) -> Screen:
    """To the staff."""
    return leaving_screens.answered("Marco Colombani", "Biofilande", "Sara Conti", _things(t), t=t)


@example("organisations.left_open")
def left_open(t: Texts) -> Screen:
    """To the staff: nobody took it."""
    return leaving_screens.answered("Marco Colombani", "Biofilande", "", _things(t), t=t)


@example("organisations.substitute")
def substitute(t: Texts) -> Screen:
    """To the other side of a meeting."""
    when = t.moment(datetime(2018, 5, 16, 8, 0, tzinfo=UTC), ZoneInfo("Asia/Jerusalem"))
    return leaving_screens.substitute("Marco Colombani", "Sara Conti", when, t=t)
