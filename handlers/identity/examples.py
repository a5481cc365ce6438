"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.codes import LINK_LIFE
from handlers.conversation.context import Community
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.identity import joining_forms, linking_screens, screens
from handlers.identity.forms import field_questions, profile_questions
from handlers.identity.screens import ProfileField
from storage.enums import PersonStatus, Platform

COMMUNITY = Community(
    "Cluster Lombardo Scienze della Vita",
    controller="Cluster Lombardo Scienze della Vita",
    contact="privacy@cluster.example",
)
CODE = "K7WQ9M3X"


def _profile(t: Texts, status: PersonStatus = PersonStatus.MEMBER) -> screens.Profile:
    return screens.Profile(
        person_id=12,
        name="Anna Ferrari",
        organisation="Ospedale della Martesana",
        job_title=t("Head of clinical trials"),
        sectors=[t("ICT for health")],
        offers=t("A phase II trial unit with 40 beds"),
        seeks=t("Partners for remote monitoring"),
        status=status,
        platforms=["Telegram", "Slack"],
        topics=[t("Funding and calls")],
        languages=[t.language("it"), t.language("en")],
        work_address="a.ferrari@martesana.example",
        known_organisation=status is not PersonStatus.WAITING,
        seats=t("{taken} of {seats} taken", taken=4, seats=12),
    )


@example("identity.welcome")
def welcome(_: Texts) -> Screen:
    """The first screen, in both languages."""
    return screens.welcome(COMMUNITY, "")


@example("identity.notice")
def notice(t: Texts) -> Screen:
    """The notice for somebody invited."""
    return screens.privacy(COMMUNITY, t.locale, "FILANDE462", "Biofilande", t=t)


@example("identity.notice_changed")
def notice_changed(t: Texts) -> Screen:
    """The notice has changed."""
    return screens.privacy_changed(COMMUNITY, t=t)


@example("identity.declined")
def declined(t: Texts) -> Screen:
    """They said no."""
    return screens.declined(t=t)


@example("identity.agreed")
def agreed(t: Texts) -> Screen:
    """They said yes."""
    return screens.agreed(t=t)


@example("identity.profile")
def profile_form(t: Texts) -> Form:
    """The profile's questions for a newcomer."""
    return profile_questions(
        t,
        ask_organisation=True,
        sectors=[Option("pharma", t("Pharma & advanced therapies")), Option("ict", t("ICT for health"))],
        organisations=[Option("1", "Biofilande"), Option("2", "Ospedale della Martesana")],
    )


@example("identity.waiting")
def waiting(t: Texts) -> Screen:
    """With the staff."""
    return screens.waiting(t=t)


@example("identity.joined")
def joined(t: Texts) -> Screen:
    """In."""
    return screens.joined("Anna", COMMUNITY, t=t)


@example("identity.refused")
def refused(t: Texts) -> Screen:
    """Not in."""
    return screens.refused(t("The organisation is not a member of the cluster yet."), COMMUNITY, t=t)


@example("identity.request")
def request(t: Texts) -> Screen:
    """For the staff."""
    return screens.request(_profile(t, PersonStatus.WAITING), "", t=t)


@example("identity.request_decided")
def request_decided(t: Texts) -> Screen:
    """Answered by a colleague."""
    return screens.request(_profile(t), t("✓ Accepted by {who}", who="Giulia Riva"), t=t)


@example("identity.requests")
def requests(t: Texts) -> Screen:
    """The queue."""
    asking = [(12, "Anna Ferrari", "Ospedale della Martesana"), (13, "Tom Reed", "")]
    return screens.requests(asking, [(4, "Sara Conti", "Biofilande")], 3, t=t)


@example("identity.no_requests")
def no_requests(t: Texts) -> Screen:
    """The empty queue."""
    return screens.requests([], [], 0, t=t)


@example("identity.refuse")
def refuse(t: Texts) -> Form:
    """The reason."""
    return joining_forms.reason_questions("identity.refuse", "Anna Ferrari", t=t)


@example("identity.profile_shown")
def profile_shown(t: Texts) -> Screen:
    """My profile."""
    return screens.profile_screen(_profile(t), t=t)


@example("identity.link_code")
def link_code(t: Texts) -> Screen:
    """A code."""
    link = f"https://t.me/cluster_bot?start=link_{CODE}"
    return linking_screens.link_code(CODE, Platform.SLACK, "/cluster", link, t=t)


@example("identity.link_confirm")
def link_confirm(t: Texts) -> Screen:
    """Before linking."""
    return linking_screens.link_confirm(CODE, "Anna Ferrari", Platform.SLACK, t=t)


@example("identity.linked")
def linked(t: Texts) -> Screen:
    """Done."""
    return linking_screens.linked(Platform.TELEGRAM, t=t)


@example("identity.not_linked")
def not_linked(t: Texts) -> Screen:
    """Not done."""
    return linking_screens.not_linked(t=t)


@example("identity.link_help")
def link_help(t: Texts) -> Screen:
    """Where a code comes from."""
    return linking_screens.link_help(LINK_LIFE, t=t)


@example("identity.notice_without")
def notice_without(t: Texts) -> Screen:
    """The notice for somebody whose invitation does not work any more."""
    note = t("This invitation doesn't work (any more). You can go on without it: the staff will answer.")
    return screens.privacy(COMMUNITY, t.locale, "FILANDE462", "", note, t=t)


@example("identity.ways")
def ways(t: Texts) -> Screen:
    """How to join."""
    return screens.ways(by_mail=True, t=t)


@example("identity.address")
def address(t: Texts) -> Form:
    """Where the code goes."""
    return joining_forms.address_questions(t=t)


@example("identity.code_sent")
def code_sent(t: Texts) -> Screen:
    """It is on its way."""
    return screens.code_sent("a…@martesana.example", t=t)


@example("identity.digits")
def digits(t: Texts) -> Form:
    """The code."""
    return joining_forms.digits_questions(t=t)


@example("identity.address_unknown")
def address_unknown(t: Texts) -> Screen:
    """Nobody's domain."""
    return screens.address_unknown("clinica.example", t=t)


@example("identity.address_taken")
def address_taken(t: Texts) -> Screen:
    """A profile has it."""
    return screens.address_taken(t=t)


@example("identity.belongs")
def belongs(t: Texts) -> Screen:
    """An organisation's address."""
    return screens.belongs("Biofilande", t=t)


@example("identity.full")
def full(t: Texts) -> Screen:
    """No place left."""
    return screens.full("Biofilande", t=t)


@example("identity.invitation")
def invitation(t: Texts) -> Form:
    """A code that was given."""
    return joining_forms.invitation_questions(t=t)


@example("identity.invitation_confirm")
def invitation_confirm(t: Texts) -> Screen:
    """For a member."""
    return screens.invitation_confirm("FILANDE462", "Biofilande", t=t)


@example("identity.place")
def place(t: Texts) -> Form:
    """Where a newcomer belongs."""
    return joining_forms.place_questions("identity.place", "Clinica Martesana", [Option("1", "Biofilande")], t=t)


@example("identity.edit")
def edit(t: Texts) -> Screen:
    """What to change."""
    return screens.edit_choice(has_topics=True, in_organisation=True, t=t)


@example("identity.field")
def field(t: Texts) -> Form:
    """One part of the profile."""
    options = [Option("it", t.language("it")), Option("en", t.language("en"))]
    return field_questions(ProfileField.LANGUAGES, ["it"], options, t=t)


@example("identity.organisation_ways")
def organisation_ways(t: Texts) -> Screen:
    """Another organisation."""
    return screens.organisation_ways("Biofilande", "Clinica Martesana", by_mail=True, t=t)


@example("identity.organisation")
def organisation(t: Texts) -> Form:
    """Which."""
    return joining_forms.organisation_questions([Option("1", "Biofilande")], t=t)


@example("identity.move_asked")
def move_asked(t: Texts) -> Screen:
    """With the staff."""
    return screens.move_asked(t=t)


def _move(wanted: str) -> screens.Move:
    return screens.Move(4, "Sara Conti", "", wanted, "Biofilande", "", "s.conti@clinica.example")


@example("identity.move")
def move(t: Texts) -> Screen:
    """For the staff."""
    return screens.move_request(_move("Clinica Martesana"), "", t=t)


@example("identity.left")
def left(t: Texts) -> Screen:
    """For the staff: somebody left and did not say where to."""
    return screens.move_request(_move(""), "", t=t)


@example("identity.move_decided")
def move_decided(t: Texts) -> Screen:
    """Answered."""
    return screens.move_request(_move("Clinica Martesana"), t("✓ Accepted by {who}", who="Giulia Riva"), t=t)


@example("identity.decline_move")
def decline_move(t: Texts) -> Form:
    """The reason."""
    return joining_forms.reason_questions("identity.decline_move", "Sara Conti", t=t)


@example("identity.place_move")
def place_move(t: Texts) -> Form:
    """Where a member belongs."""
    return joining_forms.place_questions("identity.place_move", "", [Option("1", "Biofilande")], t=t)


@example("identity.moved")
def moved(t: Texts) -> Screen:
    """There now."""
    return screens.moved("Biofilande", t=t)


@example("identity.not_moved")
def not_moved(t: Texts) -> Screen:
    """Not there."""
    return screens.not_moved(t("The organisation is not a member of the cluster yet."), COMMUNITY, t=t)


@example("identity.accounts")
def accounts(t: Texts) -> Screen:
    """Where somebody is known."""
    return linking_screens.accounts([(1, Platform.TELEGRAM, True), (2, Platform.SLACK, False)], t=t)


@example("identity.part")
def part(t: Texts) -> Screen:
    """Before unlinking."""
    return linking_screens.part_confirm(2, Platform.SLACK, t=t)


@example("identity.parted")
def parted(t: Texts) -> Screen:
    """On the account that was unlinked."""
    return linking_screens.parted_here(Platform.SLACK, t=t)


@example("identity.unlinked")
def unlinked(t: Texts) -> Screen:
    """On the account that stays."""
    return linking_screens.parted(Platform.SLACK, t=t)
