"""Commands and buttons for those who run missions; ``forms``, which answers with their screens, brings them in."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.missions import organising, service
from handlers.missions.actions import privately
from handlers.missions.reading import application_for, card_of, mission_for, sheet_of
from handlers.missions.service import Decision
from handlers.missions.staff_screens import APPLICATIONS_A_PAGE, application_card, manage, queue, state_name
from storage.enums import ApplicationStatus
from storage.models import Mission
from storage.queries import missions


async def manage_screen(ctx: Context, mission: Mission) -> Screen:
    """A mission's controls."""
    return manage(
        await sheet_of(ctx, mission),
        await missions.heads(ctx.session, mission.id),
        await missions.count_members(ctx.session),
        len(await missions.programme_of(ctx.session, mission.id)),
        len(await missions.questions_of(ctx.session, mission.id)),
        ctx.t,
    )


@command(
    "newmission",
    "nuovamissione",
    N_("Prepare a new mission"),
    Permission.MISSION,
    home=N_("New mission"),
    home_order=80,
    opens_form=True,
)
async def new_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """The form of a new mission."""
    return await ctx.ask("mission.new")


@action("mission.new", Permission.MISSION)
async def new(ctx: Context) -> Replies:
    """The same, from a button."""
    return await ctx.ask("mission.new")


@action("mission.manage", Permission.MISSION)
async def manage_mission(ctx: Context, mission: int) -> Replies:
    """A mission's controls."""
    return privately(ctx, await manage_screen(ctx, await mission_for(ctx, mission)))


@action("mission.part", Permission.MISSION)
async def part(ctx: Context, mission: int) -> Replies:
    """Add a part."""
    return await ctx.ask("mission.part", mission=(await mission_for(ctx, mission)).id)


@action("mission.item", Permission.MISSION)
async def item(ctx: Context, mission: int) -> Replies:
    """Add a line to the programme."""
    return await ctx.ask("mission.item", mission=(await mission_for(ctx, mission)).id)


@action("mission.faq", Permission.MISSION)
async def faq(ctx: Context, mission: int) -> Replies:
    """Add a frequent question."""
    return await ctx.ask("mission.faq", mission=(await mission_for(ctx, mission)).id)


@action("mission.guest", Permission.MISSION)
async def guest(ctx: Context, mission: int) -> Replies:
    """Put a guest on the mission."""
    row = await mission_for(ctx, mission)
    if not await missions.guests_outside(ctx.session, row.id):
        raise Refusal(ctx.t("There is no guest to add: everybody is on the mission already."))
    return await ctx.ask("mission.guest", mission=row.id)


@action("mission.open", Permission.MISSION)
async def open_mission(ctx: Context, mission: int) -> Replies:
    """Open it for applications."""
    row = await mission_for(ctx, mission)
    done = await organising.open_mission(ctx, row.id)
    text = ctx.t("It's open.") if done else ctx.t("It was open already.")
    return Show(await manage_screen(ctx, await mission_for(ctx, row.id))), Toast(text)


@action("mission.close", Permission.MISSION)
async def close_mission(ctx: Context, mission: int) -> Replies:
    """Take no further applications."""
    row = await mission_for(ctx, mission)
    done = await organising.close_mission(ctx, row.id)
    text = ctx.t("Applications are closed.") if done else ctx.t("Applications were closed already.")
    return Show(await manage_screen(ctx, await mission_for(ctx, row.id))), Toast(text)


async def _queue_screen(ctx: Context, page: int) -> Screen:
    today = ctx.now.astimezone(ctx.community.zone).date()
    total = await missions.count_undecided(ctx.session, today)
    page = min(max(page, 0), max(0, (total - 1) // APPLICATIONS_A_PAGE))
    found = await missions.undecided(ctx.session, today, offset=page * APPLICATIONS_A_PAGE, most=APPLICATIONS_A_PAGE)
    return queue(found, page, total, ctx.t)


@command(
    "applications",
    "candidature",
    N_("Applications to missions that wait for a decision"),
    Permission.MISSION,
    home=N_("Applications"),
    home_order=81,
)
async def queue_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """Applications to decide."""
    return Show(await _queue_screen(ctx, 0))


@action("mission.queue", Permission.MISSION)
async def queue_page(ctx: Context, page: int = 0) -> Replies:
    """A page of them. Always a new message: the one pressed may be the card of an application."""
    return Tell(await _queue_screen(ctx, page), privately=True)


async def _card(ctx: Context, application_id: int) -> Screen:
    return application_card(await card_of(ctx, await application_for(ctx, application_id)), ctx.t)


@action("mission.review", Permission.MISSION)
async def review(ctx: Context, application: int) -> Replies:
    """The card of an application."""
    return Tell(await _card(ctx, application), card=CardKey("application", application), privately=True)


@action("mission.next", Permission.MISSION)
async def next_application(ctx: Context, application: int) -> Replies:
    """The card of the next application that waits, after this one."""
    today = ctx.now.astimezone(ctx.community.zone).date()
    waiting = [
        one.id
        for one in await missions.undecided(ctx.session, today, offset=0, most=200)
        if one.status is ApplicationStatus.WAITING and one.id != application
    ]
    if not waiting:
        return Toast(ctx.t("Nothing else to decide. Well done!"))
    following = next((one for one in waiting if one > application), waiting[0])
    return Tell(await _card(ctx, following), card=CardKey("application", following), privately=True)


def _said(ctx: Context, decision: Decision, text: str) -> Toast:
    if decision.made:
        return Toast(text)
    state = state_name(decision.now, ctx.t)
    return Toast(ctx.t("Somebody was faster: this application is {state}.", state=state), alert=True)


@action("mission.accept", Permission.MISSION)
async def accept(ctx: Context, application: int) -> Replies:
    """Take them along."""
    decision = await service.accept(ctx, application)
    card = CardKey("application", application)
    return Show(await _card(ctx, application), card=card), _said(ctx, decision, ctx.t("Accepted. They know already."))


@action("mission.reserve", Permission.MISSION)
async def reserve(ctx: Context, application: int) -> Replies:
    """Put them on the reserve list."""
    decision = await service.reserve(ctx, application)
    card = CardKey("application", application)
    return Show(await _card(ctx, application), card=card), _said(ctx, decision, ctx.t("On the reserve list."))


@action("mission.decline", Permission.MISSION)
async def decline(ctx: Context, application: int) -> Replies:
    """Ask for the reason, if there is still something to decide."""
    row = await application_for(ctx, application)
    if row.status not in {ApplicationStatus.WAITING, ApplicationStatus.RESERVE}:
        card = CardKey("application", application)
        return Show(await _card(ctx, application), card=card), _said(ctx, Decision(row, row.status, made=False), "")
    return await ctx.ask("mission.decline", application=row.id)
