"""What waits for a decision of this reader, and who takes care of it."""

from datetime import datetime

from sqlalchemy import Select, select

from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.decisions import DECISIONS, DecisionSpec
from handlers.conversation.notify import notify
from handlers.conversation.permissions import ROLES_FOR, Permission
from handlers.conversation.screen import press
from handlers.staff.inbox_screens import EVERY_KIND, ITEMS_A_PAGE, InboxView, ItemView, Whose
from handlers.staff.rules import HOLD_LASTS
from storage.models import Person
from storage.queries import people, roles, waiting
from storage.queries.waiting import WaitingItem


def _kinds(ctx: ReadContext) -> dict[str, DecisionSpec]:
    """The kinds on which this reader decides."""
    return {kind: spec for kind, spec in DECISIONS.items() if ctx.may(spec.permission)}


def _finders(ctx: ReadContext, kinds: dict[str, DecisionSpec]) -> dict[str, Select[int, datetime]]:
    return {kind: spec.waiting(ctx) for kind, spec in kinds.items()}


def _held_after(ctx: ReadContext) -> datetime:
    return ctx.now - HOLD_LASTS


async def count_waiting(ctx: ReadContext) -> int:
    """How much waits for this reader."""
    counted = await waiting.count(ctx.session, _finders(ctx, _kinds(ctx)), held_after=_held_after(ctx))
    return sum(counted.values())


async def look(ctx: ReadContext, kind: str, whose: Whose, page: int) -> InboxView:
    """A page of what waits; of a kind that the reader does not decide on (any more), of everything."""
    kinds = _kinds(ctx)
    finders = _finders(ctx, kinds)
    holder = {Whose.ALL: None, Whose.MINE: ctx.me.id, Whose.NOBODYS: waiting.NOBODYS}[whose]
    counted = await waiting.count(ctx.session, finders, held_after=_held_after(ctx), holder_id=holder)
    shown = kind if kind in kinds else EVERY_KIND
    chosen = {shown: finders[shown]} if shown != EVERY_KIND else finders
    total = sum(number for one, number in counted.items() if one in chosen)
    pages = max(1, -(-total // ITEMS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    rows = await waiting.page(
        ctx.session,
        chosen,
        held_after=_held_after(ctx),
        holder_id=holder,
        offset=page * ITEMS_A_PAGE,
        most=ITEMS_A_PAGE,
    )
    labels = {one: (spec.label, counted.get(one, 0)) for one, spec in kinds.items()}
    return InboxView(await _views(ctx, rows), labels, shown, whose, page, pages, total)


async def _views(ctx: ReadContext, rows: list[WaitingItem]) -> list[ItemView]:
    lines: dict[tuple[str, int], str] = {}
    for kind in {row.kind for row in rows}:
        named = await DECISIONS[kind].lines(ctx, [row.subject_id for row in rows if row.kind == kind])
        lines |= {(kind, subject): line for subject, line in named.items()}
    return [
        ItemView(
            row.kind,
            row.subject_id,
            lines.get((row.kind, row.subject_id), "–"),
            ctx.now - row.since,
            row.holder,
            row.holder_id == ctx.me.id,
            ctx.t.stamp(row.taken_at, ctx.zone) if row.taken_at else "",
        )
        for row in rows
    ]


async def _found(ctx: ReadContext, kind: str, subject_id: int) -> WaitingItem | None:
    spec = _kinds(ctx).get(kind)
    if spec is None:
        return None
    finder = spec.waiting(ctx)
    own = finder.subquery()
    one: Select[int, datetime] = select(own.c.subject_id, own.c.since).where(own.c.subject_id == subject_id)
    rows = await waiting.page(ctx.session, {kind: one}, held_after=_held_after(ctx), offset=0, most=1)
    return rows[0] if rows else None


async def item(ctx: ReadContext, kind: str, subject_id: int) -> ItemView:
    """One item that waits for this reader.

    Raises:
        Refusal: it waits no longer, or not for them.
    """
    row = await _found(ctx, kind, subject_id)
    if row is None:
        raise Refusal(ctx.t("This has been decided already, or is not yours to decide. /inbox shows what waits."))
    return (await _views(ctx, [row]))[0]


def opens(kind: str, subject_id: int) -> str:
    """The action that opens an item."""
    return press(DECISIONS[kind].verb, subject_id)


async def take(ctx: Context, kind: str, subject_id: int) -> str:
    """I take care of it; returns what to say.

    Raises:
        Refusal: a colleague has it.
    """
    await item(ctx, kind, subject_id)
    done = await waiting.take(ctx.session, kind, subject_id, ctx.me.id, now=ctx.now, held_after=_held_after(ctx))
    if not done:
        raise await _taken(ctx, kind, subject_id)
    return ctx.t("It's yours. If you do nothing for a day, it goes back to everybody.")


async def _taken(ctx: Context, kind: str, subject_id: int) -> Refusal:
    hold = await waiting.holder(ctx.session, kind, subject_id, held_after=_held_after(ctx))
    colleague = await ctx.session.get(Person, hold.person_id) if hold is not None else None
    if hold is None or colleague is None:
        return Refusal(ctx.t("Please try again."))
    moment = ctx.t.stamp(hold.taken_at, ctx.zone)
    return Refusal(ctx.t("{name} has had it since {moment}.", name=colleague.name, moment=moment))


async def put_back(ctx: Context, kind: str, subject_id: int) -> str:
    """I no longer take care of it; returns what to say."""
    if await waiting.put_back(ctx.session, kind, subject_id, ctx.me.id):
        return ctx.t("It's everybody's again.")
    return ctx.t("You didn't have it.")


async def colleagues(ctx: ReadContext, kind: str) -> list[Person]:
    """Those to whom something of this kind can be handed."""
    spec = _kinds(ctx).get(kind)
    if spec is None:
        return []
    return list(await roles.colleagues(ctx.session, sorted(ROLES_FOR[spec.permission]), but=ctx.me.id))


async def hand(ctx: Context, kind: str, subject_id: int, colleague_id: int) -> str:
    """A colleague takes care of it and is told; returns what to say.

    Raises:
        Refusal: it waits no longer, is another's, or this colleague does not decide on it.
    """
    await item(ctx, kind, subject_id)
    colleague, held = await people.person_with_roles(ctx.session, colleague_id)
    if colleague is None:
        raise Refusal(ctx.t("This person is no longer here. Search again with /members."))
    theirs = ReadContext(ctx.session, ctx.community, ctx.clock, colleague, held, colleague.locale)
    if await _found(theirs, kind, subject_id) is None:
        raise Refusal(ctx.t("{name} doesn't decide on this. Please choose somebody else.", name=colleague.name))
    done = await waiting.take(
        ctx.session,
        kind,
        subject_id,
        colleague_id,
        now=ctx.now,
        held_after=_held_after(ctx),
        over=ctx.me.id,
        given_by=ctx.me.id,
    )
    if not done:
        raise await _taken(ctx, kind, subject_id)
    await notify(
        ctx,
        colleague_id,
        "staff.handed",
        dedup=f"handed:{kind}:{subject_id}:{int(ctx.now.timestamp() * 1000)}",
        data={"kind": kind, "subject": subject_id, "by": ctx.me.name},
    )
    return ctx.t("{name} has it now, and was told.", name=colleague.name)


async def old(ctx: ReadContext, before: datetime) -> tuple[dict[str, tuple[str, int]], int]:
    """What has waited for this reader since that time, by kind (label, how many); and how much they have taken."""
    kinds = _kinds(ctx)
    finders = _finders(ctx, kinds)
    counted = await waiting.count(ctx.session, finders, held_after=_held_after(ctx), before=before)
    mine = await waiting.count(ctx.session, finders, held_after=_held_after(ctx), holder_id=ctx.me.id)
    return {kind: (kinds[kind].label, number) for kind, number in counted.items()}, sum(mine.values())


def decides(ctx: ReadContext) -> bool:
    """Whether the reader decides on anything."""
    return ctx.may(Permission.DECIDE)
