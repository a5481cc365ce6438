"""Examples for the gallery."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.conversation.actions import example
from handlers.conversation.consent_texts import CURRENT
from handlers.conversation.context import Community
from handlers.conversation.form import Form
from handlers.conversation.screen import Screen
from handlers.conversation.texts import Texts
from handlers.privacy import slip_examples  # noqa: F401 - it registers its examples
from handlers.privacy.erasing import emptied, taken_out
from handlers.privacy.forms import build_on_request
from handlers.privacy.my_data_screens import (
    AtStake,
    Held,
    confirm_screen,
    copy_asked,
    copy_screen,
    done_on_request,
    erase_screen,
    farewell,
    found_screen,
    held_screen,
    last_owner_screen,
    request_screen,
)
from handlers.privacy.purge_screens import going_screen, kept_screen, retention_screen
from handlers.privacy.screens import Accepted, Said, consents_screen, history_screen, notice_screen, text_screen
from storage.enums import ConsentPurpose, Locale, Platform
from storage.personal.terms import Chapter

COMMUNITY = Community(
    "Cluster Lombardo Scienze della Vita",
    controller="Cluster Lombardo Scienze della Vita",
    contact="privacy@cluster.example",
)


ROME = ZoneInfo("Europe/Rome")


def _said(purpose: ConsentPurpose, day: int, platform: Platform, *, given: bool, version: str = CURRENT) -> Said:
    at = datetime(2018, 4, day, 7, 30, tzinfo=UTC)
    return Said(purpose=purpose, given=given, at=at, platform=platform, version=version, locale=Locale.ITALIAN)


SAID = [
    _said(ConsentPurpose.NEWS, 12, Platform.SLACK, given=False),
    _said(ConsentPurpose.NEWS, 3, Platform.TELEGRAM, given=True),
    _said(ConsentPurpose.DIRECTORY, 3, Platform.TELEGRAM, given=True),
]


@example("privacy.notice")
def notice_example(t: Texts) -> Screen:
    """The notice."""
    return notice_screen(COMMUNITY, t=t)


@example("privacy.notice_accepted")
def notice_accepted_example(t: Texts) -> Screen:
    """The notice for somebody who agreed to an earlier one."""
    accepted = Accepted("2017-11", datetime(2017, 11, 6, 9, 0, tzinfo=UTC), ROME)
    return notice_screen(COMMUNITY, accepted, t=t)


@example("privacy.consents")
def consents_example(t: Texts) -> Screen:
    """One of three allowed."""
    given = {ConsentPurpose.DIRECTORY: True, ConsentPurpose.NEWS: False, ConsentPurpose.SHARING: False}
    return consents_screen(given, {one.purpose: one for one in reversed(SAID)}, zone=ROME, t=t)


@example("privacy.consents_outdated")
def consents_outdated_example(t: Texts) -> Screen:
    """Allowed under a text that has changed since."""
    given = {ConsentPurpose.DIRECTORY: True, ConsentPurpose.NEWS: False, ConsentPurpose.SHARING: False}
    earlier = _said(ConsentPurpose.DIRECTORY, 3, Platform.TELEGRAM, given=True, version="2018-04")
    return consents_screen(given, {earlier.purpose: earlier}, zone=ROME, t=t)


@example("privacy.history")
def history_example(t: Texts) -> Screen:
    """What was said about each consent."""
    return history_screen(SAID, zone=ROME, t=t)


@example("privacy.history_nothing")
def history_nothing_example(t: Texts) -> Screen:
    """Nothing was said."""
    return history_screen([], zone=ROME, t=t)


@example("privacy.text")
def text_example(t: Texts) -> Screen:
    """What was agreed to."""
    return text_screen("2018-04", ConsentPurpose.SHARING, t.locale, t=t)


@example("privacy.text_unknown")
def text_unknown_example(t: Texts) -> Screen:
    """A version that is not known here."""
    return text_screen("2016-01", ConsentPurpose.SHARING, t.locale, t=t)


HELD = Held(
    name="Sara Bonavita",
    organisation="Lombardia Biotech",
    platforms=(Platform.TELEGRAM, Platform.SLACK),
    since=datetime(2018, 4, 3, 7, 0, tzinfo=UTC),
    zone=ZoneInfo("Europe/Rome"),
    rows={Chapter.PROFILE: 3, Chapter.CONSENTS: 3, Chapter.KNOWHOW: 14, Chapter.EVENTS: 5, Chapter.MESSAGES: 41},
)
STAKE = AtStake(events=2, meetings=1, missions=1, posts=4, answers=9)


@example("privacy.data")
def held_example(t: Texts) -> Screen:
    """What is held about me."""
    return held_screen(HELD, t=t)


@example("privacy.copy_asked")
def copy_asked_example(t: Texts) -> Screen:
    """A copy was asked for."""
    return copy_asked(t=t)


@example("privacy.export")
def export_example(t: Texts) -> Screen:
    """The copy."""
    return copy_screen(b"PK", t("my-data-{day}.zip", day="2018-04-19"), t=t)


@example("privacy.erase")
def erase_example(t: Texts) -> Screen:
    """The first question."""
    return erase_screen(STAKE, t=t)


@example("privacy.erase_little")
def erase_little_example(t: Texts) -> Screen:
    """The first question to somebody who has published nothing."""
    return erase_screen(AtStake(), t=t)


@example("privacy.erase_confirm")
def confirm_example(t: Texts) -> Screen:
    """The second question."""
    return confirm_screen(STAKE, keep_posts=True, stamp=25384920, t=t)


@example("privacy.last_owner")
def last_owner_example(t: Texts) -> Screen:
    """One of the last two owners."""
    return last_owner_screen(t=t)


@example("privacy.farewell")
def farewell_example(t: Texts) -> Screen:
    """It is done."""
    return farewell(1284, t=t)


@example("privacy.taken_out")
def taken_out_example(t: Texts) -> Screen:
    """What a message becomes that showed an erased person."""
    return taken_out(t)


@example("privacy.emptied")
def emptied_example(t: Texts) -> Screen:
    """What an old message of theirs becomes."""
    return emptied(t)


@example("privacy.found")
def found_example(t: Texts) -> Screen:
    """Whom the staff may mean."""
    return found_screen([(12, "Sara Bonavita", "Lombardia Biotech"), (31, "Sara Conti", "")], "sara", t=t)


@example("privacy.found_nobody")
def found_nobody_example(t: Texts) -> Screen:
    """Nobody of that name."""
    return found_screen([], "zeno", t=t)


@example("privacy.find")
def find_example(t: Texts) -> Screen:
    """How to search."""
    return found_screen([], "", t=t)


@example("privacy.person")
def person_example(t: Texts) -> Screen:
    """What somebody would give up, for the staff."""
    return request_screen(12, "Sara Bonavita", STAKE, t=t)


@example("privacy.onrequest")
def on_request_example(t: Texts) -> Form:
    """The reason."""
    return build_on_request("Sara Bonavita", keep_posts=False, t=t)


@example("privacy.done_on_request")
def done_on_request_example(t: Texts) -> Screen:
    """The staff erased somebody."""
    return done_on_request(12, t=t)


@example("privacy.going")
def going_example(t: Texts) -> Screen:
    """Told a week before."""
    seen, end = datetime(2015, 4, 10, 9, tzinfo=UTC), datetime(2018, 4, 19, 9, tzinfo=UTC)
    return going_screen(seen, end, zone=ROME, t=t)


@example("privacy.kept")
def kept_example(t: Texts) -> Screen:
    """They stay."""
    return kept_screen(t=t)


@example("privacy.retention")
def retention_example(t: Texts) -> Screen:
    """What goes next and what went last."""
    last = {"outbox": 812, "inbox": 1240, "people": 1}
    at = datetime(2018, 4, 19, 1, 12, tzinfo=UTC)
    return retention_screen({"outbox": 655, "inbox": 903, "warned": 2, "drafts": 0}, last, at, zone=ROME, t=t)


@example("privacy.retention_nothing")
def retention_nothing_example(t: Texts) -> Screen:
    """Nothing is too old."""
    return retention_screen({}, {}, None, zone=ROME, t=t)
