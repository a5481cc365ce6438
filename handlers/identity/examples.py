"""Examples for the gallery."""

from handlers.conversation.actions import example
from handlers.conversation.codes import LINK_LIFE
from handlers.conversation.context import Community
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.identity import screens
from handlers.identity.forms import profile_questions, refusal_questions
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
        newcomer=True,
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
    return screens.requests([(12, "Anna Ferrari", "Ospedale della Martesana"), (13, "Tom Reed", "")], t=t)


@example("identity.no_requests")
def no_requests(t: Texts) -> Screen:
    """The empty queue."""
    return screens.requests([], t=t)


@example("identity.refuse")
def refuse(t: Texts) -> Form:
    """The reason."""
    return refusal_questions("Anna Ferrari", t=t)


@example("identity.profile_shown")
def profile_shown(t: Texts) -> Screen:
    """My profile."""
    return screens.profile_screen(_profile(t), t=t)


@example("identity.link_code")
def link_code(t: Texts) -> Screen:
    """A code."""
    link = f"https://t.me/cluster_bot?start=link_{CODE}"
    return screens.link_code(CODE, Platform.SLACK, "/cluster", link, t=t)


@example("identity.link_confirm")
def link_confirm(t: Texts) -> Screen:
    """Before linking."""
    return screens.link_confirm(CODE, "Anna Ferrari", Platform.SLACK, t=t)


@example("identity.linked")
def linked(t: Texts) -> Screen:
    """Done."""
    return screens.linked(Platform.TELEGRAM, t=t)


@example("identity.not_linked")
def not_linked(t: Texts) -> Screen:
    """Not done."""
    return screens.not_linked(t=t)


@example("identity.link_help")
def link_help(t: Texts) -> Screen:
    """Where a code comes from."""
    return screens.link_help(LINK_LIFE, t=t)
