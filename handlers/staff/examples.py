"""Examples of people, roles, the inbox and the log for the gallery."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.conversation.acting import banner
from handlers.conversation.actions import example
from handlers.conversation.context import Community
from handlers.conversation.form import Form, Option
from handlers.conversation.screen import Bold, File, Para, Screen
from handlers.conversation.texts import N_, Texts
from handlers.sheets.writing import SheetForm, table
from handlers.staff import acting_screens, audit_screens, inbox_screens, list_screens, people_screens
from handlers.staff.acting_actions import act_questions
from handlers.staff.audit_screens import LogView, Period
from handlers.staff.forms import change_questions, role_questions, search_questions
from handlers.staff.inbox_actions import hand_questions
from handlers.staff.inbox_screens import EVERY_KIND, InboxView, ItemView, Whose
from handlers.staff.list_actions import export_questions, import_questions
from handlers.staff.list_changes import Changed, Differences, Known
from handlers.staff.list_faults import ListFault
from handlers.staff.list_reading import ListRow
from handlers.staff.lists import Invitation, difference_table, invitation_table
from handlers.staff.people_screens import PersonView, Reader
from handlers.staff.rules import Change, Turn
from storage.enums import ListKind, PersonStatus, Role, SubjectKind
from storage.models import AuditEntry
from storage.queries.audit import AuditLine

COMMUNITY = Community(
    "Cluster Lombardo Scienze della Vita",
    controller="Cluster Lombardo Scienze della Vita",
    contact="privacy@cluster.example",
)
ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)
ANNA = "Anna Ferrari"
GIULIA = "Giulia Riva"


def _anna(t: Texts, status: PersonStatus = PersonStatus.MEMBER, *roles: Role) -> PersonView:
    return PersonView(12, ANNA, "Ospedale della Martesana", t("Head of clinical trials"), status, frozenset(roles))


@example("staff.search_results")
def search_example(t: Texts) -> Screen:
    """Whom the words fit."""
    other = PersonView(13, "Luca Ferrari", "Biofilande", "", PersonStatus.SUSPENDED, frozenset())
    return people_screens.search_results("ferrari", [_anna(t), other], t=t)


@example("staff.nobody_found")
def nobody_example(t: Texts) -> Screen:
    """Whom the words do not fit."""
    return people_screens.search_results("xyz", [], t=t)


@example("staff.person")
def person_example(t: Texts) -> Screen:
    """Somebody, as an owner sees them."""
    reader = Reader(1, frozenset({Role.OWNER}))
    return people_screens.person_screen(_anna(t, PersonStatus.MEMBER, Role.MODERATOR), reader, owners=3, t=t)


@example("staff.person_suspended")
def person_suspended_example(t: Texts) -> Screen:
    """Somebody who is suspended, as staff see them."""
    reader = Reader(1, frozenset({Role.STAFF}))
    return people_screens.person_screen(_anna(t, PersonStatus.SUSPENDED), reader, owners=0, t=t)


@example("staff.roles")
def roles_example(t: Texts) -> Screen:
    """Who does what."""
    giulia = PersonView(1, GIULIA, "", "", PersonStatus.MEMBER, frozenset({Role.OWNER, Role.STAFF}))
    return people_screens.roles_screen([giulia, _anna(t, PersonStatus.MEMBER, Role.MODERATOR)], t=t)


@example("staff.find")
def find_example(t: Texts) -> Form:
    """The search's form."""
    return search_questions(t=t)


@example("staff.role")
def role_example(t: Texts) -> Form:
    """Why a role is given."""
    return role_questions(ANNA, Role.MODERATOR, Turn.GIVE, t=t)


@example("staff.change")
def change_example(t: Texts) -> Form:
    """Why somebody is suspended."""
    return change_questions(ANNA, Change.SUSPEND, t=t)


@example("staff.role_given")
def role_given_example(t: Texts) -> Screen:
    """A new role."""
    return people_screens.role_given(Role.MODERATOR, t("You know these subjects best."), GIULIA, t=t)


@example("staff.role_taken")
def role_taken_example(t: Texts) -> Screen:
    """A role no longer."""
    return people_screens.role_taken(Role.MODERATOR, t("As we said on the phone."), GIULIA, t=t)


@example("staff.suspended")
def suspended_example(t: Texts) -> Screen:
    """Suspended."""
    return people_screens.suspended(t("Three posts that advertise, after two warnings."), COMMUNITY, t=t)


@example("staff.restored")
def restored_example(t: Texts) -> Screen:
    """Back."""
    return people_screens.restored(t("As we said on the phone."), COMMUNITY, t=t)


@example("staff.removed")
def removed_example(t: Texts) -> Screen:
    """Removed."""
    return people_screens.removed(t("Your organisation has left the cluster."), COMMUNITY, t=t)


def _items(t: Texts) -> list[ItemView]:
    return [
        ItemView("join", 12, t("{name} asks to join", name=ANNA), timedelta(days=3)),
        ItemView(
            "post",
            7,
            t("{name} shares “{title}”", name="Luca Ferrari", title="Cold chain in ten steps"),
            timedelta(hours=5),
            GIULIA,
            True,  # noqa: FBT003 - the reader has it
            t.stamp(NOW, ROME),
        ),
    ]


@example("inbox.page")
def inbox_example(t: Texts) -> Screen:
    """What waits."""
    kinds = {"join": (N_("Requests to join"), 4), "post": (N_("Posts to review"), 4)}
    return inbox_screens.inbox(InboxView(_items(t), kinds, EVERY_KIND, Whose.ALL, 0, 2, 8), t=t)


@example("inbox.empty")
def inbox_empty_example(t: Texts) -> Screen:
    """Nothing waits."""
    kinds = {"join": (N_("Requests to join"), 0)}
    return inbox_screens.inbox(InboxView([], kinds, "join", Whose.MINE, 0, 1, 0), t=t)


@example("inbox.item")
def item_example(t: Texts) -> Screen:
    """One item, nobody's yet."""
    return inbox_screens.item_screen(_items(t)[0], N_("Requests to join"), "join.look:12", t=t)


@example("inbox.item_mine")
def item_mine_example(t: Texts) -> Screen:
    """One item that the reader has."""
    return inbox_screens.item_screen(_items(t)[1], N_("Posts to review"), "post.review:7", t=t)


@example("inbox.hand")
def hand_example(t: Texts) -> Form:
    """To whom."""
    return hand_questions(_items(t)[0].line, [Option("1", GIULIA), Option("2", "Tommaso Brivio")], t=t)


@example("staff.handed")
def handed_example(t: Texts) -> Screen:
    """A colleague hands something over."""
    return inbox_screens.handed(_items(t)[0], GIULIA, t=t)


@example("staff.note")
def note_example(t: Texts) -> Screen:
    """The daily note."""
    old = {"join": (N_("Requests to join"), 3), "post": (N_("Posts to review"), 1)}
    return inbox_screens.note(old, 2, 1, t=t)


def _lines(t: Texts) -> list[AuditLine]:
    def entry(number: int, action: str, reason: str) -> AuditEntry:
        return AuditEntry(
            id=number,
            at=NOW,
            by_person_id=1,
            action=action,
            subject_kind=SubjectKind.PERSON,
            subject_id=12,
            reason=reason,
            anonymised=False,
        )

    return [
        AuditLine(entry(2, "person.suspend", t("Three posts that advertise, after two warnings.")), GIULIA, ANNA, ""),
        AuditLine(entry(1, "join.approve", ""), GIULIA, ANNA, ""),
    ]


@example("staff.audit")
def audit_example(t: Texts) -> Screen:
    """The log."""
    return audit_screens.log(LogView(_lines(t), EVERY_KIND, Period.MONTH, 0, "", 0, 2, 12), zone=ROME, t=t)


@example("staff.audit_file")
def audit_file_example(t: Texts) -> Screen:
    """The log as a file."""
    rows = [audit_screens.cells(line, ROME, t) for line in _lines(t)]
    content = table(audit_screens.headings(t), rows, SheetForm.CSV)
    return audit_screens.file_screen(2, File(f"{t('decisions')}.csv", SheetForm.CSV.mime, content), cut=False, t=t)


@example("staff.act")
def act_example(t: Texts) -> Form:
    """Why one acts for somebody."""
    return act_questions(ANNA, 15, t=t)


@example("staff.act_begun")
def act_begun_example(t: Texts) -> Screen:
    """From now on."""
    return acting_screens.begun(ANNA, 15, t=t).preceded_by(Para((Bold(banner(ANNA, t)),)))


@example("staff.act_stopped")
def act_stopped_example(t: Texts) -> Screen:
    """No longer."""
    return acting_screens.stopped(ANNA, t=t)


@example("staff.acted")
def acted_example(t: Texts) -> Screen:
    """To whom somebody acted for."""
    when = t.span(NOW, NOW + timedelta(minutes=8), ROME)
    going = t("I will come")
    done = [f"“{going}” – Lab-on-a-chip"]
    reason = t("As we said on the phone.")
    return acting_screens.acted(GIULIA, when, reason, done, COMMUNITY.contact, t=t)


@example("staff.acted_nothing")
def acted_nothing_example(t: Texts) -> Screen:
    """To whom somebody acted for, when nothing was changed."""
    when = t.span(NOW, NOW + timedelta(minutes=15), ROME)
    return acting_screens.acted(GIULIA, when, t("As we said on the phone."), [], COMMUNITY.contact, t=t)


@example("list.import")
def import_example(t: Texts) -> Form:
    """A list comes in."""
    return import_questions(ListKind.MEMBERS, t=t)


@example("list.export")
def export_example(t: Texts) -> Form:
    """A list goes out."""
    return export_questions(t=t)


@example("list.choose")
def choose_example(t: Texts) -> Screen:
    """Which list."""
    return list_screens.choose(t=t)


@example("list.reading")
def reading_example(t: Texts) -> Screen:
    """The file has come."""
    return list_screens.reading(t=t)


@example("staff.list_read")
def differences_example(t: Texts) -> Screen:
    """What would change."""
    known = Known("P12", {"name": ANNA, "organisation": "Biofilande"}, joined=True)
    found = Differences(
        [ListRow(2, {"name": "Tom Reed", "work_email": "tom@biofilande.example", "organisation": "Biofilande"})],
        [Changed(3, known, {"organisation": ("Biofilande", "Ospedale della Martesana")})],
        41,
        ["Luca Ferrari"],
    )
    file = _list_file(t("differences"), *difference_table(found, ListKind.MEMBERS, t.locale))
    return list_screens.differences(ListKind.MEMBERS, found, ["Note"], 7, file, t=t)


@example("staff.list_read_wrong")
def wrong_example(t: Texts) -> Screen:
    """What is wrong."""
    faults = [
        ListFault(2, "E-mail", "no_email", "tom(at)biofilande"),
        ListFault(5, "Organizzazione", "no_organisation", "Biofilanda"),
    ]
    return list_screens.wrong(ListKind.MEMBERS, faults, None, t=t)


@example("list.done")
def done_example(t: Texts) -> Screen:
    """Taken over."""
    invited = [Invitation("Tom Reed", "tom@biofilande.example", "Biofilande", "K7WQ9M3XAB4C")]
    file = _list_file(
        t("invitations"), *invitation_table(invited, t.locale, "https://t.me/cluster_bot?start={}".format)
    )
    return list_screens.done(ListKind.MEMBERS, 1, 1, file, t=t)


@example("list.discarded")
def discarded_example(t: Texts) -> Screen:
    """Not taken over."""
    return list_screens.discarded(t=t)


@example("staff.list_file")
def list_file_example(t: Texts) -> Screen:
    """The list as a file."""
    file = _list_file(t("invitations"), ["Nome"], [[ANNA], ["Tom Reed"]])
    return list_screens.exported(ListKind.MEMBERS, 2, file, t=t)


def _list_file(name: str, header: list[str], rows: list[list[str]]) -> File:
    return File(f"{name}.csv", SheetForm.CSV.mime, table(header, rows, SheetForm.CSV))
