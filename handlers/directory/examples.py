"""Examples for the gallery."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.directory import forms, introduction_screens, screens
from handlers.directory.introduction_screens import Contact, Report, Request
from handlers.directory.screens import Search, Standing
from storage.enums import IntroductionStatus, Platform
from storage.models import Sector
from storage.queries.directory import Shown

ROME = ZoneInfo("Europe/Rome")
UNTIL = datetime(2018, 4, 26, 7, 0, tzinfo=UTC)
DEVICES = Sector(id=2, key="medtech", name_it="Dispositivi medici", name_en="Medical devices")
ELENA = Shown(
    12,
    "Elena Marchetti",
    "Politecnico di Milano",
    "Professor of bioengineering",
    (DEVICES,),
    "Microfluidic chips, from a drawing to the first hundred pieces.",
    "Clinical partners for a liver-on-a-chip.",
    ("it", "en"),
)
LUCA = Shown(31, "Luca Ferri", "Bioreattori Lombardi srl")
RITA = Shown(44, "Rita Zanetti")
FOUND = (ELENA, LUCA, RITA)


def _request(status: IntroductionStatus = IntroductionStatus.OPEN, *, to_me: bool = True, snoozed: bool = False,
             number: int = 7) -> Request:  # fmt: skip
    return Request(
        number,
        "Marco Colombani",
        "Head of R&D, Bioreattori Lombardi srl" if to_me or status is IntroductionStatus.ACCEPTED else "",
        "We build small bioreactors and look for somebody who knows chips: fifteen minutes at the fair?",
        status,
        UNTIL,
        to_me,
        snoozed=snoozed,
    )


@example("directory.people")
def people(t: Texts) -> Screen:
    """The first page, for a member who shows little of themselves."""
    return screens.people(Search(), FOUND, 18, Standing(is_in=True, has_chosen=False), t=t)


@example("directory.people_found")
def people_found(t: Texts) -> Screen:
    """What a search found, with a filter, on the second page."""
    search = Search("bioreattori chip", 1, 2, t.of(DEVICES, "name"))
    return screens.people(search, (LUCA,), 6, Standing(is_in=True, has_chosen=True), t=t)


@example("directory.people_none")
def people_none(t: Texts) -> Screen:
    """Nobody, for somebody who is hidden."""
    return screens.people(Search("zeppelin"), (), 0, Standing(is_in=False, has_chosen=False), t=t)


@example("directory.sectors")
def sectors(t: Texts) -> Screen:
    """Which sector?"""
    return screens.sectors(Search("chip"), [(2, t.of(DEVICES, "name"), 14)], 0, t=t)


@example("directory.organisations")
def organisations(t: Texts) -> Screen:
    """Which organisation, the first page."""
    found = [(number, f"Istituto {number}", number) for number in range(1, 13)]
    return screens.organisations(Search(), found, 0, t=t)


@example("directory.person")
def person(t: Texts) -> Screen:
    """Somebody who shows all."""
    return screens.person(ELENA, is_me=False, t=t)


@example("directory.person_me")
def person_me(t: Texts) -> Screen:
    """The reader themselves."""
    return screens.person(LUCA, is_me=True, t=t)


@example("directory.mine")
def mine(t: Texts) -> Screen:
    """How somebody appears who has chosen."""
    chosen = ("organisation", "role", "sectors", "offers")
    return screens.mine(ELENA, chosen, "elena@politecnico.example", is_in=True, has_account=False, t=t)


@example("directory.mine_hidden")
def mine_hidden(t: Texts) -> Screen:
    """Of somebody who is hidden."""
    return screens.mine(LUCA, ("organisation",), "", is_in=False, has_account=True, t=t)


@example("directory.mine_without_contact")
def mine_without_contact(t: Texts) -> Screen:
    """Of somebody who cannot be reached by a link."""
    return screens.mine(LUCA, ("organisation",), "", is_in=True, has_account=False, t=t)


@example("directory.block_done")
def block_done(t: Texts) -> Screen:
    """After blocking somebody."""
    return screens.blocked("Luca Ferri", 31, t=t)


@example("directory.blocked")
def blocked(t: Texts) -> Screen:
    """Whom the reader has blocked."""
    return screens.blocked_people([(31, "Luca Ferri")], t=t)


@example("directory.blocked_none")
def blocked_none(t: Texts) -> Screen:
    """Nobody."""
    return screens.blocked_people([], t=t)


@example("introduction.asked")
def asked(t: Texts) -> Screen:
    """To who is asked."""
    return introduction_screens.asked(_request(), zone=ROME, t=t)


@example("introduction.reminder")
def reminder(t: Texts) -> Screen:
    """After "not now"."""
    return introduction_screens.reminder(_request(), zone=ROME, t=t)


@example("directory.asked_later")
def asked_later(t: Texts) -> Screen:
    """Just after "not now"."""
    return introduction_screens.asked(_request(snoozed=True), zone=ROME, t=t)


@example("directory.asked_accepted")
def asked_accepted(t: Texts) -> Screen:
    """After yes."""
    return introduction_screens.asked(_request(IntroductionStatus.ACCEPTED), zone=ROME, t=t)


@example("directory.asked_declined")
def asked_declined(t: Texts) -> Screen:
    """After no."""
    return introduction_screens.asked(_request(IntroductionStatus.DECLINED), zone=ROME, t=t)


@example("directory.asked_expired")
def asked_expired(t: Texts) -> Screen:
    """After two weeks."""
    return introduction_screens.asked(_request(IntroductionStatus.EXPIRED), zone=ROME, t=t)


@example("directory.asked_withdrawn")
def asked_withdrawn(t: Texts) -> Screen:
    """Taken back."""
    return introduction_screens.asked(_request(IntroductionStatus.WITHDRAWN), zone=ROME, t=t)


@example("directory.sent")
def sent(t: Texts) -> Screen:
    """To who asked."""
    return introduction_screens.sent("Elena Marchetti", UNTIL, zone=ROME, t=t)


@example("introduction.made")
def made(t: Texts) -> Screen:
    """Both said yes, with a written contact."""
    contact = Contact("marco@bioreattori.example")
    return introduction_screens.made("Marco Colombani", "Bioreattori Lombardi srl", contact, both_asked=False, t=t)


@example("directory.made_both_asked")
def made_both_asked(t: Texts) -> Screen:
    """Both asked, with an account."""
    contact = Contact(platform=Platform.SLACK, url="https://slack.com/app_redirect?team=T1&channel=U1")
    return introduction_screens.made("Elena Marchetti", "Politecnico di Milano", contact, both_asked=True, t=t)


@example("directory.made_without_contact")
def made_without_contact(t: Texts) -> Screen:
    """The other one's account is gone since."""
    return introduction_screens.made("Elena Marchetti", "Politecnico di Milano", Contact(), both_asked=False, t=t)


@example("introduction.ended")
def ended(t: Texts) -> Screen:
    """Nothing came of it."""
    return introduction_screens.ended("Elena Marchetti", t=t)


@example("directory.introductions")
def introductions(t: Texts) -> Screen:
    """One of each sort."""
    mine = _request(to_me=False, number=8)
    accepted = _request(IntroductionStatus.ACCEPTED, to_me=False, number=9)
    return introduction_screens.introductions([_request(), mine, accepted], zone=ROME, t=t)


@example("directory.introductions_none")
def introductions_none(t: Texts) -> Screen:
    """None yet."""
    return introduction_screens.introductions([], zone=ROME, t=t)


REPORT = Report(
    3, "Elena Marchetti", "Marco Colombani", "Buy my course on bioreactors, 50% off today!", "This is advertising."
)


@example("introduction.reported")
def reported(t: Texts) -> Screen:
    """To the staff."""
    return introduction_screens.report(REPORT, t=t)


@example("directory.report_settled")
def report_settled(t: Texts) -> Screen:
    """Dealt with."""
    settled = Report(3, REPORT.by, REPORT.about, REPORT.message, REPORT.reason, "Giulia Ferrandi")
    return introduction_screens.report(settled, t=t)


@example("directory.reports")
def reports(t: Texts) -> Screen:
    """What waits for the staff."""
    return introduction_screens.reports([(3, "Marco Colombani", UNTIL)], zone=ROME, t=t)


@example("directory.reports_none")
def reports_none(t: Texts) -> Screen:
    """Nothing waits."""
    return introduction_screens.reports([], zone=ROME, t=t)


@example("directory.search")
def search_form(t: Texts) -> Form:
    """Which words."""
    return forms.search_questions(t)


@example("directory.ask")
def ask_form(t: Texts) -> Form:
    """Asking, without an account to link to."""
    return forms.ask_questions(12, "Elena Marchetti", known="", has_account=False, t=t)


@example("directory.accept")
def accept_form(t: Texts) -> Form:
    """Saying yes."""
    return forms.accept_questions(7, "Marco Colombani", known="elena@politecnico.example", has_account=True, t=t)


@example("directory.report")
def report_form(t: Texts) -> Form:
    """What is wrong."""
    return forms.report_questions(7, "Marco Colombani", t)


@example("directory.contact")
def contact_form(t: Texts) -> Form:
    """How to be reached."""
    return forms.contact_questions(known="", has_account=False, t=t)
