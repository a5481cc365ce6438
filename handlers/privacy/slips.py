"""Consent slips: made, asked, answered, withdrawn, handed out, and emptied when their date has come."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.conversation.clock import Clock
from handlers.conversation.context import Community, Context, ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, notify_all, refresh_card
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File
from handlers.conversation.texts import Texts
from handlers.privacy import slip_labels
from handlers.sheets.writing import SheetForm, table
from storage.engine import Database, lock
from storage.enums import ASKED_SLIP_FIELDS, SlipAnswer, SlipField, SubjectKind
from storage.models import AuditEntry, Disclosure, DisclosureAnswer, DisclosureExport, Person, Sector
from storage.queries import disclosures

SLIP_CARD = "slip"
"""The kind of the card that those concerned have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlip:
    """What somebody wants to hand over: to whom, for what, until when, about whose data."""

    title: str
    recipient: str
    purpose: str
    fields: Sequence[SlipField]
    optional: Sequence[SlipField] = field(default_factory=tuple)
    mission_id: int | None = None
    event_id: int | None = None
    until: datetime


def asked_fields(slip: Disclosure, *, partly: bool) -> list[SlipField]:
    """What a yes has to enter for this slip alone."""
    left_out = set(slip.optional) if partly else set()
    return [one for one in ASKED_SLIP_FIELDS if one.value in slip.fields and one.value not in left_out]


def check_may_run(ctx: ReadContext, slip: Disclosure) -> None:
    """That the reader runs this slip: the staff, and for missions those who lead them.

    Raises:
        Refusal: they do not.
    """
    if not ctx.may(Permission.STAFF if slip.mission_id is None else Permission.MISSION):
        raise Refusal(ctx.t("Only the staff can do this."))


async def slip_for(ctx: ReadContext, slip_id: int) -> Disclosure:
    """A slip, held until the end of the transaction.

    Raises:
        Refusal: there is none.
    """
    slip = await lock(ctx.session, Disclosure, Disclosure.id, slip_id)
    if slip is None:
        raise Refusal(ctx.t("This slip is no longer here."))
    return slip


def is_open(slip: Disclosure, now: datetime) -> bool:
    """Whether anything can still be said to it, and handed out by it."""
    return slip.emptied_at is None and slip.closed_at is None and slip.until > now


async def make(ctx: Context, new: NewSlip) -> Disclosure:
    """Make a slip and ask everybody whom it concerns."""
    slip = Disclosure(
        title=new.title,
        recipient=new.recipient,
        purpose=new.purpose,
        fields=[one.value for one in new.fields],
        optional=[one.value for one in new.optional],
        mission_id=new.mission_id,
        event_id=new.event_id,
        until=new.until,
        created_by=ctx.me.id,
        created_at=ctx.now,
    )
    check_may_run(ctx, slip)
    ctx.session.add(slip)
    await ctx.session.flush()
    _note(ctx, slip, "disclosure.ask", f"{len(new.fields)} fields")
    await ask_missing(ctx, slip)
    return slip


def _note(ctx: ReadContext, slip: Disclosure, action: str, what: str) -> None:
    ctx.session.add(
        AuditEntry(
            at=ctx.now,
            by_person_id=ctx.person.id if ctx.person else None,
            action=action,
            subject_kind=SubjectKind.DISCLOSURE,
            subject_id=slip.id,
            reason=what,
        )
    )


async def ask_missing(ctx: ReadContext, slip: Disclosure) -> int:
    """Ask those whom the slip concerns and who were not asked yet; returns how many."""
    known = await disclosures.asked(ctx.session, slip.id)
    new = [one for one in await disclosures.concerned(ctx.session, slip) if one not in known]
    ctx.session.add_all(DisclosureAnswer(disclosure_id=slip.id, person_id=one, asked_at=ctx.now) for one in new)
    await ctx.session.flush()
    await notify_all(ctx, new, "privacy.slip", dedup=lambda one: f"slip:{slip.id}:{one}", data={"slip": slip.id})
    return len(new)


async def remind(ctx: Context, slip_id: int) -> int:
    """Ask those again who have not answered, once a day at most; returns how many."""
    slip = await slip_for(ctx, slip_id)
    check_may_run(ctx, slip)
    if not is_open(slip, ctx.now):
        raise Refusal(ctx.t("This slip is over: its answers are deleted."))
    day = ctx.now.astimezone(ctx.community.zone).date()
    waiting = await disclosures.silent(ctx.session, slip.id)
    return await notify_all(
        ctx, waiting, "privacy.slip", dedup=lambda one: f"slip:{slip.id}:{one}:{day}", data={"slip": slip.id}
    )


async def answer(
    ctx: Context,
    slip_id: int,
    said: SlipAnswer,
    values: dict[str, str] | None = None,
    *,
    pressed: MessageRef | None = None,
) -> Disclosure:
    """Say yes, yes in part, or no; also later, as long as the slip is open. What was entered goes with a no.

    Raises:
        Refusal: it is over, or they were not asked.
    """
    slip = await slip_for(ctx, slip_id)
    own = await disclosures.answer_of(ctx.session, slip_id, ctx.me.id)
    if own is None:
        raise Refusal(ctx.t("You were not asked to answer this slip."))
    if not is_open(slip, ctx.now):
        raise Refusal(ctx.t("This slip is over: its answers are deleted."))
    handed_out = own.exported_at
    entered = {
        one.value: (values or {}).get(one.value, "") for one in asked_fields(slip, partly=said is SlipAnswer.PARTLY)
    }
    before = own.answer
    own.answer, own.answered_at = said, ctx.now
    own.platform = ctx.event.address.platform
    own.values = {} if said is SlipAnswer.NO else {name: value for name, value in entered.items() if value}
    await ctx.session.flush()
    less = before is SlipAnswer.YES and said is SlipAnswer.PARTLY
    if handed_out is not None and before is not said and (said is SlipAnswer.NO or less):
        own.exported_at = None
        if slip.created_by is not None:
            await notify(
                ctx,
                slip.created_by,
                "privacy.slip_withdrawn",
                dedup=f"slipback:{slip.id}:{ctx.me.id}:{int(ctx.now.timestamp())}",
                data={"slip": slip.id, "person": ctx.me.id, "handed": handed_out.isoformat()},
            )
    await refresh_card(ctx, CardKey(SLIP_CARD, slip.id), but=pressed)
    return slip


async def close(ctx: Context, slip_id: int) -> Disclosure:
    """End a slip before its date: its answers are deleted at once."""
    slip = await slip_for(ctx, slip_id)
    check_may_run(ctx, slip)
    if slip.emptied_at is None:
        slip.closed_at = ctx.now
        await disclosures.empty(ctx.session, slip, ctx.now)
        _note(ctx, slip, "disclosure.close", "")
        await ctx.session.flush()
        await refresh_card(ctx, CardKey(SLIP_CARD, slip.id))
    return slip


async def hand_out(ctx: Context, slip_id: int, form: SheetForm) -> int:
    """Have the yeses sent to the reader as a file; noted with who and when. Returns how many they are.

    Raises:
        Refusal: it is over, they do not run it, or nobody said yes.
    """
    slip = await slip_for(ctx, slip_id)
    check_may_run(ctx, slip)
    if not is_open(slip, ctx.now):
        raise Refusal(ctx.t("This slip is over: nothing can be handed out by it any more."))
    rows = await disclosures.disclosing(ctx.session, slip.id)
    if not rows:
        raise Refusal(ctx.t("Nobody has said yes yet, so there is nothing to hand out."))
    await disclosures.mark_exported(ctx.session, slip.id, [row.person_id for row in rows], ctx.now)
    export = DisclosureExport(disclosure_id=slip.id, by_person_id=ctx.me.id, at=ctx.now, people=len(rows), form=form)
    ctx.session.add(export)
    _note(ctx, slip, "disclosure.export", f"{len(rows)} people, {form}")
    await ctx.session.flush()
    # The file is made when it is sent, so that no row of the outbox ever holds it.
    await notify(ctx, ctx.me.id, "privacy.slip_list", dedup=f"sliplist:{export.id}", data={"export": export.id})
    return len(rows)


async def as_file(ctx: ReadContext, slip: Disclosure, form: SheetForm) -> File:
    """The yeses as they are now, and of each only the slip's fields."""
    rows = await disclosures.disclosing(ctx.session, slip.id)
    sectors = await disclosures.sectors_by_person(ctx.session, [row.person_id for row in rows])
    fields = [SlipField(one) for one in slip.fields]
    first = [slip_labels.field(one, ctx.t) for one in fields]
    lines = [[_cell(slip, row, one, sectors.get(row.person_id, []), ctx.t) for one in fields] for row in rows]
    name = ctx.t("list-{number}", number=slip.id)
    return File(f"{name}.{form}", form.mime, await asyncio.to_thread(table, first, lines, form))


def _cell(slip: Disclosure, row: DisclosureAnswer, which: SlipField, sectors: Sequence[Sector], t: Texts) -> str:
    if row.answer is SlipAnswer.PARTLY and which.value in slip.optional:
        return ""
    if which in ASKED_SLIP_FIELDS:
        return str(row.values.get(which.value, ""))
    return profile_value(row.person, which, sectors, t)


def profile_value(person: Person, which: SlipField, sectors: Sequence[Sector], t: Texts) -> str:
    """What the profile says now for a field."""
    match which:
        case SlipField.NAME:
            return person.name
        case SlipField.ORGANISATION:
            return person.organisation.name if person.organisation else person.organisation_claim
        case SlipField.JOB_TITLE:
            return person.job_title
        case SlipField.SECTORS:
            return ", ".join(t.of(one, "name") for one in sectors)
        case SlipField.LANGUAGES:
            return ", ".join(person.languages)
        case SlipField.OFFERS:
            return person.offers
        case SlipField.SEEKS:
            return person.seeks
        case SlipField.PHONE | SlipField.EMAIL | SlipField.DIET:
            return ""


async def slips_due(database: Database, community: Community, clock: Clock) -> int:
    """Ask those who joined a mission or an event since, and delete the answers of slips whose date has come."""
    now, done = clock.now(), 0
    async with database.reading() as session:
        current = [one.id for one in await disclosures.open_slips(session, now)]
        past = await disclosures.over(session, now)
    for slip_id in (*current, *past):
        async with database.writing() as session:
            ctx = ReadContext(session, community, clock, None, frozenset(), community.locale)
            slip = await lock(session, Disclosure, Disclosure.id, slip_id)
            if slip is None:
                continue
            if is_open(slip, now):
                done += await ask_missing(ctx, slip)
            elif slip.emptied_at is None:
                await disclosures.empty(session, slip, now)
                await session.flush()
                await refresh_card(ctx, CardKey(SLIP_CARD, slip.id))
                done += 1
    return done
