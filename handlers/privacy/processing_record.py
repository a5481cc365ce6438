"""The record of processing activities (Regulation (EU) 2016/679, article 30), made from the declaration and settings.

Nobody keeps it up to date by hand: what a table holds, how long, and what becomes of it, is read where the program
itself reads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.conversation.context import Community
from handlers.conversation.texts import N_, Texts
from handlers.privacy import labels
from storage.personal.inventory import INVENTORY
from storage.personal.terms import Chapter, Declared, Period, Says


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a chapter's data is processed, on what ground, of whom, and who receives it; English sentences."""

    purpose: str
    basis: str
    people: str
    recipients: str


CONTRACT = N_("Article 6(1)(b): taking part in the community, as asked for")
INTEREST = N_("Article 6(1)(f): the community's interest in safe and traceable operation")
CONSENT = N_("Article 6(1)(a): consent, each purpose by itself, revocable")
LAW = N_("Article 6(1)(c): proving consent (article 7(1)) and answering requests (articles 12–22)")
MEMBERS = N_("Members, guests of missions, people who ask to join")
STAFF = N_("Staff, mission leads, moderators")
CARRIERS = N_("Staff; Telegram or Slack as carriers of messages")

GROUNDS: Mapping[Chapter, Ground] = {
    Chapter.PROFILE: Ground(
        N_("To know who takes part, and to be found by those who are allowed to"), CONTRACT, MEMBERS,
        N_("Staff; other members with the consent “directory”; fairs and hosts by consent slip"),
    ),
    Chapter.ACCOUNTS: Ground(N_("To reach each person where they are"), CONTRACT, MEMBERS, CARRIERS),
    Chapter.CONSENTS: Ground(N_("To prove what each person allowed"), LAW, MEMBERS, N_("Staff")),
    Chapter.PREFERENCES: Ground(N_("To send what each person wants and no more"), CONTRACT, MEMBERS, N_("Nobody")),
    Chapter.KNOWHOW: Ground(
        N_("To share know-how among members"), CONTRACT, MEMBERS, N_("Members; readers of the community's channels")
    ),
    Chapter.EVENTS: Ground(N_("To plan events and keep places"), CONTRACT, MEMBERS, CARRIERS),
    Chapter.MISSIONS: Ground(N_("To select and accompany delegations"), CONTRACT, MEMBERS, CARRIERS),
    Chapter.MEETINGS: Ground(
        N_("To arrange meetings between two people"), CONTRACT, MEMBERS, N_("Staff; the other side of the meeting")
    ),
    Chapter.ANNOUNCEMENTS: Ground(
        N_("To inform members, and to know whom it reached"), CONTRACT, MEMBERS, CARRIERS
    ),
    Chapter.MESSAGES: Ground(N_("To deliver each message once"), CONTRACT, MEMBERS, CARRIERS),
    Chapter.FORMS: Ground(N_("To let people go on with half-filled forms"), CONTRACT, MEMBERS, N_("Nobody")),
    Chapter.DISCLOSURES: Ground(
        N_("To hand data to fairs and hosts as each person said"), CONSENT, MEMBERS,
        N_("The recipient that each slip names"),
    ),
    Chapter.DECISIONS: Ground(N_("To keep decisions traceable"), INTEREST, STAFF, N_("Owners and staff")),
    Chapter.SECURITY: Ground(
        N_("To keep codes from being guessed, and to answer requests"), INTEREST, MEMBERS, N_("Nobody")
    ),
}  # fmt: skip

MEASURES: Sequence[str] = (
    N_("Permissions are checked at every press; buttons and links give no right by themselves."),
    N_("Codes are single-use, short-lived, limited in attempts, and kept as digests."),
    N_("Logs hold neither names nor message texts nor tokens."),
    N_("Deleted rows are overwritten in the store's file (SQLite), the search index is merged, its log truncated."),
    N_("Every decision of the staff, every erasure and every handing-out is in the audit log."),
    N_("What is sent to fairs and hosts holds only those who said yes, and only until its date."),
)

SECTION_OF_PERIOD: Mapping[Period, str] = {
    Period.PERSON: N_("as long as the person takes part; then without a name, or gone"),
    Period.SUBJECT: N_("as long as what it belongs to"),
    Period.COMMUNITY: N_("not about a person once names are gone"),
    Period.MOMENT: N_("a moment"),
    Period.SLIPS: N_("until the date that the slip states"),
}


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity."""

    title: str
    purpose: str
    legal_basis: str
    people: str
    data: Sequence[str]
    recipients: str
    tables: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Record:
    """The whole record."""

    controller: str
    contact: str
    community: str
    made_at: str
    activities: Sequence[Activity]
    people_without_use: str
    transfers: str
    measures: Sequence[str]


def _kept(period: Period, community: Community, t: Texts) -> str:
    if period in SECTION_OF_PERIOD:
        return t(SECTION_OF_PERIOD[period])
    length: timedelta = getattr(community.retention, period.value.rpartition("_")[0])
    return t.duration(length)


def _activity(chapter: Chapter, tables: Sequence[Declared], community: Community, t: Texts) -> Activity:
    ground = GROUNDS[chapter]
    personal = {Says.WORDS, Says.ADDRESS}
    names = [name for one in tables for name, says in one.says.items() if says in personal]
    names += [
        column.key
        for one in tables
        for link in one.links
        for column in link.export
        if column.key in labels.COLUMNS and column.key not in names
    ]
    return Activity(
        title=labels.chapter(chapter, t),
        purpose=t(ground.purpose),
        legal_basis=t(ground.basis),
        people=t(ground.people),
        data=list(dict.fromkeys(labels.column(name, t) for name in names)),
        recipients=t(ground.recipients),
        tables=[{"table": one.model.__tablename__, "kept": _kept(one.kept, community, t)} for one in tables],
    )


def record(community: Community, now: datetime, t: Texts) -> Record:
    """The record as of now."""
    chapters: dict[Chapter, list[Declared]] = {}
    for one in INVENTORY:
        if one.chapter is not Chapter.NONE:
            chapters.setdefault(one.chapter, []).append(one)
    kept = community.retention
    return Record(
        controller=community.controller,
        contact=community.contact,
        community=community.name,
        made_at=now.isoformat(timespec="seconds"),
        activities=[_activity(chapter, chapters[chapter], community, t) for chapter in Chapter if chapter in chapters],
        people_without_use=t(
            "Whoever acts nowhere for {time} is erased, told {warning} before; who never finished joining, after "
            "{joining}; who was not accepted or left, after {refused}.",
            time=t.duration(kept.inactive),
            warning=t.duration(kept.warning),
            joining=t.duration(kept.unfinished),
            refused=t.duration(kept.refused),
        ),
        transfers=t("Telegram and Slack carry messages under their own terms, also outside the European Union."),
        measures=[t(one) for one in MEASURES],
    )


def as_json(made: Record) -> dict[str, Any]:
    """In JSON's types."""
    return asdict(made)


def as_text(made: Record, t: Texts) -> str:
    """To print and sign."""
    out = [t("Record of processing activities"), t("(Regulation (EU) 2016/679, article 30)"), ""]
    out += _lines(
        "",
        (t("Controller"), made.controller),
        (t("Contact"), made.contact),
        (t("Community"), made.community),
        (t("Made on"), made.made_at),
    )
    for number, one in enumerate(made.activities, 1):
        out += ["", f"{number}. {one.title}"]
        out += _lines(
            "   ",
            (t("Purpose"), one.purpose),
            (t("Ground"), one.legal_basis),
            (t("People"), one.people),
            (t("Data"), ", ".join(one.data) or "–"),
            (t("Recipients"), one.recipients),
            (t("Kept"), ""),
        )
        out += _lines("     - ", *((table["table"], table["kept"]) for table in one.tables))
    out += ["", t("People who are no longer here"), f"   {made.people_without_use}"]
    out += ["", t("Transfers"), f"   {made.transfers}", "", t("Security")]
    out += [f"   - {one}" for one in made.measures]
    return "\n".join(out)


def _lines(indent: str, *rows: tuple[str, str]) -> list[str]:
    return [f"{indent}{label}: {value}".rstrip() for label, value in rows]
