"""Keeping working groups: what is read of them, who joins, what the staff change."""

from collections.abc import Sequence

from handlers.conversation.auditing import record
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.notify import notify_all
from handlers.conversation.permissions import Permission
from handlers.groups.screens import GroupView
from storage.engine import lock
from storage.enums import SubjectKind
from storage.models import Person, WorkingGroup
from storage.queries import groups
from storage.queries.people import members_named


def gone(ctx: ReadContext) -> Refusal:
    """The answer to a button of a group that is not there."""
    return Refusal(ctx.t("This group is no longer here. See the others with /groups."))


async def find(ctx: ReadContext, group_id: int) -> WorkingGroup:
    """The group.

    Raises:
        Refusal: there is none; or it is retired and the reader neither belongs to it nor keeps the groups.
    """
    group = await ctx.session.get(WorkingGroup, group_id)
    if group is None:
        raise gone(ctx)
    hidden = group.retired_at is not None and not ctx.may(Permission.STAFF)
    if hidden and not await groups.is_member(ctx.session, group_id, ctx.me.id):
        raise gone(ctx)
    return group


async def view_of(ctx: ReadContext, group: WorkingGroup) -> GroupView:
    """A group as this reader sees it; the names are for its members and the staff."""
    people = await groups.members_of(ctx.session, group.id)
    mine = any(one.id == ctx.me.id for one in people)
    runs = ctx.may(Permission.STAFF)
    names = [f"{one.name}, {one.organisation.name}" if one.organisation else one.name for one in people]
    return GroupView(
        id=group.id,
        name=group.name,
        about=group.about,
        members=names if mine or runs else (),
        total=len(people),
        is_mine=mine,
        is_open=group.is_open,
        retired=group.retired_at is not None,
        runs=runs,
    )


async def all_groups(ctx: ReadContext) -> list[GroupView]:
    """The groups in use."""
    mine = {one.id for one in await groups.groups_of(ctx.session, ctx.me.id)}
    counts = await groups.counts_of_members(ctx.session)
    return [
        GroupView(id=one.id, name=one.name, about=one.about, total=counts.get(one.id, 0), is_mine=one.id in mine)
        for one in await groups.groups_in_use(ctx.session)
    ]


async def join(ctx: Context, group_id: int) -> WorkingGroup:
    """Belong to an open group. Doing it twice changes nothing more.

    Raises:
        Refusal: it is gone, retired, or the staff choose its members.
    """
    group = await find(ctx, group_id)
    if group.retired_at is not None:
        raise gone(ctx)
    if not group.is_open and not await groups.is_member(ctx.session, group_id, ctx.me.id):
        raise Refusal(ctx.t("The staff add its members. Would you like to belong to it? Write to them."))
    await groups.add_members(ctx.session, group_id, [ctx.me.id], ctx.now, by=ctx.me.id)
    return group


async def leave(ctx: Context, group_id: int) -> WorkingGroup:
    """Belong to a group no longer. Doing it twice changes nothing more.

    Raises:
        Refusal: there is no such group.
    """
    group = await find(ctx, group_id)
    await groups.remove_member(ctx.session, group_id, ctx.me.id)
    return group


# What the staff do


async def is_taken(ctx: ReadContext, name: str, *, but: int = 0) -> bool:
    """Whether another group has that name, retired or not."""
    other = await groups.group_named(ctx.session, name)
    return other is not None and other.id != but


async def create(ctx: Context, name: str, about: str, *, is_open: bool) -> WorkingGroup:
    """A new group, which its maker belongs to."""
    group = WorkingGroup(name=name, about=about, is_open=is_open, created_at=ctx.now)
    ctx.session.add(group)
    await ctx.session.flush()
    await groups.add_members(ctx.session, group.id, [ctx.me.id], ctx.now, by=ctx.me.id)
    record(ctx, "group.new", SubjectKind.GROUP, group.id)
    return group


async def change(ctx: Context, group_id: int, name: str, about: str, *, is_open: bool) -> WorkingGroup:
    """Another name, description or way in.

    Raises:
        Refusal: there is no such group.
    """
    group = await find(ctx, group_id)
    group.name, group.about, group.is_open = name, about, is_open
    record(ctx, "group.change", SubjectKind.GROUP, group.id)
    await ctx.session.flush()
    return group


async def set_retired(ctx: Context, group_id: int, *, retired: bool) -> WorkingGroup:
    """Retire a group, or take it up again. Doing it twice changes nothing more.

    Raises:
        Refusal: there is no such group.
    """
    group = await lock(ctx.session, WorkingGroup, WorkingGroup.id, group_id)
    if group is None:
        raise gone(ctx)
    if (group.retired_at is not None) is not retired:
        group.retired_at = ctx.now if retired else None
        record(ctx, "group.retire" if retired else "group.restore", SubjectKind.GROUP, group.id)
        await ctx.session.flush()
    return group


async def named(
    ctx: ReadContext, lines: Sequence[str], *, among: Sequence[Person] | None = None
) -> tuple[list[int], str]:
    """The members who are named, a line each: a name, with the organisation behind a comma where two are called so.

    Args:
        ctx: of the staff member who names them.
        lines: what they wrote.
        among: those who can be meant; all members by default.

    Returns their ids, and what is wrong in the words of the form; empty when all were found.
    """
    found: list[int] = []
    unknown: list[str] = []
    several: list[str] = []
    for line in lines:
        name, _, house = (part.strip() for part in line.partition(","))
        people = [
            one
            for one in (await members_named(ctx.session, name) if among is None else among)
            if one.name.casefold() == name.casefold()
            and (not house or (one.organisation is not None and one.organisation.name.casefold() == house.casefold()))
        ]
        if len(people) == 1:
            found.append(people[0].id)
        else:
            (several if people else unknown).append(line)
    if unknown:
        return found, ctx.t("I know no member called: {names}. Check the spelling.", names="; ".join(unknown[:5]))
    if several:
        return found, ctx.t(
            "There are several called: {names}. Add the organisation behind a comma.", names="; ".join(several[:5])
        )
    return found, ""


async def add(ctx: Context, group_id: int, people: Sequence[int]) -> tuple[WorkingGroup, int]:
    """Let these members belong to a group, and tell those who did not yet. Returns how many these are.

    Raises:
        Refusal: there is no such group, or it is retired.
    """
    group = await find(ctx, group_id)
    if group.retired_at is not None:
        raise Refusal(ctx.t("This group is retired: take it up again first."))
    new = await groups.add_members(ctx.session, group_id, people, ctx.now, by=ctx.me.id)
    if new:
        record(ctx, "group.add", SubjectKind.GROUP, group.id)
        await notify_all(
            ctx,
            [one for one in new if one != ctx.me.id],
            "group.added",
            dedup=lambda person: f"group-added:{group_id}:{person}:{ctx.now:%Y%m%d%H%M}",
            data={"group": group_id},
        )
    return group, len(new)


async def take_out(ctx: Context, group_id: int, people: Sequence[int]) -> WorkingGroup:
    """Let these members belong to a group no longer.

    Raises:
        Refusal: there is no such group.
    """
    group = await find(ctx, group_id)
    for one in people:
        await groups.remove_member(ctx.session, group_id, one)
    record(ctx, "group.remove", SubjectKind.GROUP, group.id)
    return group
