"""Who is found, and introductions: both must say yes before either learns how to reach the other."""

from collections.abc import Collection

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.directory.introduction_screens import Contact, Report, Request
from handlers.directory.rules import AGAIN_AFTER, LASTS, MOST_OPEN, PEOPLE_A_PAGE, reminder_at
from handlers.directory.screens import FIELDS, Search, Standing
from storage.engine import lock
from storage.enums import ConsentPurpose, IntroductionStatus, PersonStatus, Platform, SubjectKind
from storage.models import AuditEntry, DirectoryEntry, Introduction, Person, PersonReport, Sector
from storage.queries import calls, consents, directory, identity, introductions
from storage.queries.dialect import insert_new
from storage.queries.directory import Shown
from storage.queries.people import people_with

REQUEST_CARD = "introduction"
"""The card on which somebody answers a request."""
REPORT_CARD = "report"
"""The card on which the staff deal with a report."""
MOST_LISTED = 12


# The directory


def hidden(ctx: ReadContext) -> Refusal:
    """The one answer for who does not want to be found, who has blocked or left, and who never was."""
    return Refusal(ctx.t("This person is not in the directory."))


async def find(ctx: ReadContext, search: Search) -> directory.Found:
    """A page of those who want to be found."""
    return await directory.search(
        ctx.session,
        ctx.me.id,
        search.words,
        sector_id=search.sector,
        organisation_id=search.organisation,
        limit=PEOPLE_A_PAGE,
        offset=max(search.page, 0) * PEOPLE_A_PAGE,
    )


async def named(ctx: ReadContext, search: Search) -> Search:
    """The same search with the names of its filters, as far as the reader may know them."""
    sector = await ctx.session.get(Sector, search.sector) if search.sector else None
    houses = {key: name for key, name, _ in await directory.organisations(ctx.session, ctx.me.id)} if (
        search.organisation
    ) else {}  # fmt: skip
    return Search(
        search.words,
        max(search.page, 0),
        search.sector,
        ctx.t.of(sector, "name") if sector is not None else "",
        search.organisation,
        houses.get(search.organisation, ""),
    )


async def look_up(ctx: ReadContext, person_id: int) -> Shown:
    """What somebody shows to the reader.

    Raises:
        Refusal: they are not to be seen, for whatever reason.
    """
    shown = await directory.look_up(ctx.session, ctx.me.id, person_id)
    if shown is None:
        raise hidden(ctx)
    return shown


async def standing(ctx: ReadContext) -> Standing:
    """How the reader stands in the directory."""
    allowed = (await consents.given(ctx.session, ctx.me.id))[ConsentPurpose.DIRECTORY]
    is_in = allowed and ctx.me.status is PersonStatus.MEMBER
    return Standing(is_in, await directory.entry_of(ctx.session, ctx.me.id) is not None)


async def show_field(ctx: Context, field: str, *, shows: bool) -> None:
    """Show a field to other members, or no longer.

    Raises:
        Refusal: there is no such field.
    """
    if field not in FIELDS:
        raise Refusal(ctx.t("There is no such field any more."))
    entry = await directory.change_entry(ctx.session, ctx.me.id, ctx.now)
    setattr(entry, f"shows_{field}", shows)
    await ctx.session.flush()


def fields_shown(entry: DirectoryEntry | None) -> list[str]:
    """What somebody shows beside their name."""
    return [field for field in FIELDS if directory.shows(entry, field)]


async def me_as_shown(ctx: ReadContext) -> tuple[Shown, DirectoryEntry | None]:
    """The reader as they would appear, whether or not they do."""
    person = await identity.with_organisation(ctx.session, ctx.me.id)
    entry = await directory.entry_of(ctx.session, ctx.me.id)
    sectors = await directory.sectors_of_people(ctx.session, [ctx.me.id])
    return directory.shown_of(person or ctx.me, entry, sectors[ctx.me.id]), entry


async def set_contact(ctx: Context, contact: str) -> None:
    """What is handed over when both said yes, from now on."""
    entry = await directory.change_entry(ctx.session, ctx.me.id, ctx.now)
    entry.contact = contact
    await ctx.session.flush()


async def _contact_of(ctx: ReadContext, person_id: int, written: str) -> Contact:
    if written:
        return Contact(written)
    for one in await identity.accounts_of(ctx.session, person_id):
        if one.platform is Platform.SLACK:
            url = f"https://slack.com/app_redirect?team={one.account}&channel={one.user}"
            return Contact(platform=one.platform, url=url)
    return Contact()


async def block(ctx: Context, person_id: int) -> str:
    """See somebody no more, and be seen by them no more; what they asked is declined. Returns their name.

    Raises:
        Refusal: the reader has nothing to do with them.
    """
    person = await _known(ctx, person_id)
    await directory.block(ctx.session, ctx.me.id, person_id, ctx.now)
    theirs = await introductions.unanswered(ctx.session, person_id, ctx.me.id, ctx.now)
    if theirs is not None and theirs.status is IntroductionStatus.OPEN:
        await _decline(ctx, theirs)
    mine = await introductions.unanswered(ctx.session, ctx.me.id, person_id, ctx.now)
    if mine is not None:
        await _take_back(ctx, mine)
    return person.name


async def _known(ctx: Context, person_id: int) -> Person:
    """Somebody whom the reader sees in the directory, or who has asked for them."""
    person = await ctx.session.get(Person, person_id)
    asked = await introductions.last_asked(ctx.session, person_id, ctx.me.id)
    seen = await directory.look_up(ctx.session, ctx.me.id, person_id)
    if person is None or person_id == ctx.me.id or (asked is None and seen is None):
        raise hidden(ctx)
    return person


# Introductions


def gone(ctx: ReadContext) -> Refusal:
    """The answer to a button of a request that is not there, or not theirs."""
    return Refusal(ctx.t("This request is no longer there."))


async def _both_held(ctx: Context, other_id: int) -> None:
    """Let nobody decide anything between these two meanwhile; in the order of their ids, so that nobody waits twice."""
    for person_id in sorted({ctx.me.id, other_id}):
        await lock(ctx.session, Person, Person.id, person_id)


async def may_ask(ctx: Context, person_id: int) -> Shown:
    """Whom the reader is about to ask.

    Raises:
        Refusal: they are not to be seen, or it is too soon or too much.
    """
    # Who looks for a partner for a call lets those who read it ask, in the directory or not.
    shown = await calls.shown_as_partner(ctx.session, ctx.me.id, person_id, ctx.now) or await look_up(ctx, person_id)
    if person_id == ctx.me.id:
        raise Refusal(ctx.t("That's you."))
    if await introductions.introduced(ctx.session, ctx.me.id, person_id):
        raise Refusal(ctx.t("You two are introduced already: see /introductions."))
    if await introductions.unanswered(ctx.session, person_id, ctx.me.id, ctx.now) is not None:
        return shown  # they have asked as well: no limit stands in the way of a yes
    last = await introductions.last_asked(ctx.session, ctx.me.id, person_id)
    if last is not None and ctx.now < last.created_at + AGAIN_AFTER:
        again = ctx.t.moment(last.created_at + AGAIN_AFTER, ctx.zone)
        raise Refusal(ctx.t("You have asked them already. You can ask again from {when}.", when=again))
    if await introductions.count_unanswered(ctx.session, ctx.me.id, ctx.now) >= MOST_OPEN:
        raise Refusal(
            ctx.t("{n} of your requests wait for an answer. Take one back, or wait a little.", n=str(MOST_OPEN))
        )
    return shown


async def ask(ctx: Context, person_id: int, message: str, contact: str) -> Introduction:
    """Ask to be introduced. Where the other one has asked as well, that is a yes from both.

    Raises:
        Refusal: as in :func:`may_ask`.
    """
    await _both_held(ctx, person_id)
    await may_ask(ctx, person_id)
    await set_contact(ctx, contact)
    theirs = await introductions.unanswered(ctx.session, person_id, ctx.me.id, ctx.now)
    if theirs is not None:
        await _accept(ctx, theirs, contact)
        return theirs
    await introductions.expire_between(ctx.session, ctx.me.id, person_id, ctx.now)
    row = Introduction(
        asker_id=ctx.me.id,
        asked_id=person_id,
        first_id=min(ctx.me.id, person_id),
        second_id=max(ctx.me.id, person_id),
        message=message,
        asker_contact=contact,
        created_at=ctx.now,
        expires_at=ctx.now + LASTS,
    )
    ctx.session.add(row)
    await ctx.session.flush()
    await notify(ctx, person_id, "introduction.asked", dedup=f"intro:{row.id}", data={"introduction": row.id})
    return await introductions.find(ctx.session, row.id) or row


async def _to_me(ctx: Context, introduction_id: int) -> Introduction:
    """A request to the reader, with the two held, as it is now.

    Raises:
        Refusal: there is none, or it is somebody else's.
    """
    seen = await introductions.find(ctx.session, introduction_id)
    if seen is None or seen.asked_id != ctx.me.id:
        raise gone(ctx)
    await _both_held(ctx, seen.asker_id)
    row = await introductions.find(ctx.session, introduction_id, hold=True)
    if row is None:
        raise gone(ctx)
    return row


async def mine_to_answer(ctx: ReadContext, introduction_id: int) -> Introduction:
    """A request to the reader, whatever became of it.

    Raises:
        Refusal: there is none, or it is somebody else's.
    """
    row = await introductions.find(ctx.session, introduction_id)
    if row is None or row.asked_id != ctx.me.id:
        raise gone(ctx)
    return row


async def can_answer(ctx: Context, introduction_id: int) -> Introduction:
    """A request that the reader can say yes to.

    Raises:
        Refusal: it is not, or no longer, open to them.
    """
    row = await _to_me(ctx, introduction_id)
    if row.status not in introductions.UNANSWERED or row.expires_at <= ctx.now:
        raise Refusal(ctx.t("This request is answered already, or its time is over."))
    if row.asker.status is not PersonStatus.MEMBER or await directory.is_blocked(
        ctx.session, row.asker_id, row.asked_id
    ):
        raise gone(ctx)
    return row


async def accept(ctx: Context, introduction_id: int, contact: str) -> Introduction:
    """Say yes: from here on each may know how to reach the other. Twice is once.

    Raises:
        Refusal: it is not, or no longer, open to them.
    """
    row = await _to_me(ctx, introduction_id)
    if row.status is IntroductionStatus.ACCEPTED:
        return row
    row = await can_answer(ctx, introduction_id)
    await set_contact(ctx, contact)
    await _accept(ctx, row, contact)
    return row


async def _accept(ctx: Context, row: Introduction, contact: str) -> None:
    """The reader, who was asked, says yes; whoever asked is told."""
    row.status, row.asked_contact, row.answered_at, row.remind_at = (
        IntroductionStatus.ACCEPTED, contact, ctx.now, None
    )  # fmt: skip
    await ctx.session.flush()
    await notify(ctx, row.asker_id, "introduction.made", dedup=f"intro-made:{row.id}", data={"introduction": row.id})
    await refresh_card(ctx, CardKey(REQUEST_CARD, row.id), but=ctx.event.message)


async def decline(ctx: Context, introduction_id: int) -> Introduction:
    """Say no. Whoever asked is not told: for them it ends like one without an answer. Twice is once."""
    row = await _to_me(ctx, introduction_id)
    if row.status is IntroductionStatus.OPEN:
        await _decline(ctx, row)
    return row


async def _decline(ctx: Context, row: Introduction) -> None:
    row.status, row.answered_at, row.remind_at = IntroductionStatus.DECLINED, ctx.now, None
    await ctx.session.flush()
    await refresh_card(ctx, CardKey(REQUEST_CARD, row.id), but=ctx.event.message)


async def later(ctx: Context, introduction_id: int) -> Introduction:
    """Say "not now": they are reminded once more before its time is over. Twice is once."""
    row = await _to_me(ctx, introduction_id)
    if row.status is IntroductionStatus.OPEN and row.remind_at is None:
        row.remind_at = reminder_at(ctx.now, row.expires_at)
        await ctx.session.flush()
    return row


async def withdraw(ctx: Context, introduction_id: int) -> Introduction:
    """Take a request back; nobody hears more of it.

    Raises:
        Refusal: it is not the reader's, or both said yes already.
    """
    seen = await introductions.find(ctx.session, introduction_id)
    if seen is None or seen.asker_id != ctx.me.id:
        raise gone(ctx)
    await _both_held(ctx, seen.asked_id)
    row = await introductions.find(ctx.session, introduction_id, hold=True)
    if row is None:
        raise gone(ctx)
    if row.status is IntroductionStatus.ACCEPTED:
        raise Refusal(ctx.t("You two are introduced already: see /introductions."))
    if row.status in introductions.UNANSWERED:
        await _take_back(ctx, row)
    return row


async def _take_back(ctx: Context, row: Introduction) -> None:
    row.status, row.answered_at, row.remind_at = IntroductionStatus.WITHDRAWN, ctx.now, None
    await ctx.session.flush()
    await refresh_card(ctx, CardKey(REQUEST_CARD, row.id))


def about(person: Person) -> str:
    """Who somebody is: role and organisation, as they introduce themselves."""
    organisation = person.organisation.name if person.organisation else person.organisation_claim
    return ", ".join(part for part in (person.job_title, organisation) if part)


def request_of(row: Introduction, reader_id: int) -> Request:
    """A request as one of the two sees it: of who was asked the asker knows no more than the name."""
    to_me = row.asked_id == reader_id
    other = row.asker if to_me else row.asked
    tells = to_me or row.status is IntroductionStatus.ACCEPTED
    return Request(
        row.id,
        other.name,
        about(other) if tells else "",
        row.message,
        row.status,
        row.expires_at,
        to_me,
        snoozed=row.remind_at is not None,
    )


async def mine(ctx: ReadContext) -> list[Request]:
    """The reader's introductions, what waits for them first."""
    found = await introductions.of_person(ctx.session, ctx.me.id, ctx.now, most=MOST_LISTED)
    return [request_of(row, ctx.me.id) for row in found]


async def contact_for(ctx: ReadContext, row: Introduction) -> tuple[Person, Contact]:
    """The other one and how they are reached, which both have said yes to.

    Raises:
        Refusal: they have not, or the reader is neither of the two.
    """
    if ctx.me.id not in {row.asker_id, row.asked_id} or row.status is not IntroductionStatus.ACCEPTED:
        raise gone(ctx)
    if ctx.me.id == row.asker_id:
        return row.asked, await _contact_of(ctx, row.asked_id, row.asked_contact)
    return row.asker, await _contact_of(ctx, row.asker_id, row.asker_contact)


# Reports


async def report(ctx: Context, introduction_id: int, reason: str) -> str:
    """Tell the staff about a request, and block who made it. Returns their name; twice is once.

    Raises:
        Refusal: it was not made to the reader.
    """
    row = await _to_me(ctx, introduction_id)
    new = {
        "by_person_id": ctx.me.id, "about_person_id": row.asker_id, "introduction_id": row.id, "reason": reason,
        "at": ctx.now,
    }  # fmt: skip
    unique = ["by_person_id", "introduction_id"]
    made = await insert_new(ctx.session, PersonReport, [new], unique=unique, key=PersonReport.id)
    name = await block(ctx, row.asker_id)
    for report_id in made:
        await _tell_staff(ctx, report_id, but={ctx.me.id, row.asker_id})
    return name


async def _tell_staff(ctx: Context, report_id: int, *, but: Collection[int]) -> None:
    staff = [one for one in await people_with(ctx.session, sorted(ROLES_FOR[Permission.STAFF])) if one not in but]
    await notify_all(
        ctx,
        staff,
        "introduction.reported",
        dedup=lambda one: f"report:{report_id}:{one}",
        data={"report": report_id},
    )


async def report_of(ctx: ReadContext, report_id: int) -> Report | None:
    """A report as the staff see it."""
    found = await introductions.report_with_names(ctx.session, report_id)
    if found is None:
        return None
    row, by, about_whom, request = found
    settled = await ctx.session.get(Person, row.settled_by) if row.settled_by is not None else None
    settled_by = settled.name if settled else ctx.t("Somebody") if row.settled_at is not None else ""
    return Report(row.id, by.name, about_whom.name, request.message, row.reason, settled_by)


async def settle(ctx: Context, report_id: int) -> bool:
    """A member of the staff has dealt with a report. The first one counts; returns whether this was it.

    Raises:
        Refusal: there is no such report, or it is about the reader.
    """
    row = await introductions.find_report(ctx.session, report_id, hold=True)
    if row is None or row.about_person_id == ctx.me.id:
        raise Refusal(ctx.t("This report is no longer there."))
    first = row.settled_at is None
    if first:
        row.settled_at, row.settled_by = ctx.now, ctx.me.id
        ctx.session.add(
            AuditEntry(
                at=ctx.now,
                by_person_id=ctx.me.id,
                action="report.settle",
                subject_kind=SubjectKind.INTRODUCTION,
                subject_id=row.introduction_id,
                reason="",
            )
        )
        await ctx.session.flush()
    await refresh_card(ctx, CardKey(REPORT_CARD, report_id), but=ctx.event.message)
    return first
