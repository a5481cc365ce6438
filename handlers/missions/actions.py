"""Commands and buttons of the missions."""

from zoneinfo import ZoneInfo

from handlers.conversation.actions import action, command, home_line
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.missions import organising, service
from handlers.missions.programme_screens import NOW, agenda_screen, calendar_screen
from handlers.missions.reading import agenda_of, application_for, card_of, component_for, mission_for, sheet_of
from handlers.missions.screens import (
    Page,
    answer,
    confirm_release,
    confirm_withdrawal,
    mission_list,
    my_application,
    parts,
    programme_page,
    questions,
    sheet,
    who,
)
from handlers.missions.service import Decision
from handlers.missions.staff_screens import APPLICATIONS_A_PAGE, application_card, manage, queue, state_name
from storage.enums import ApplicationStatus, ComponentKind
from storage.models import Mission
from storage.queries import missions


def _privately(ctx: Context, shown: Screen) -> Replies:
    """The answer to one person, also when they pressed what everybody reads."""
    if ctx.event.private:
        return Show(shown)
    return Show(shown), Toast(ctx.t("I've written to you in private."))


# Everyone


async def _list_screen(ctx: Context) -> Screen:
    manages = ctx.may(Permission.MISSION)
    today = ctx.now.astimezone(ctx.community.zone).date()
    found = await missions.listed(ctx.session, today, drafts=manages)
    applied = await missions.applications_of(ctx.session, ctx.me.id, [one.id for one in found])
    undecided = await missions.count_undecided(ctx.session, today) if manages else 0
    return mission_list(found, applied, t=ctx.t, manages=manages, undecided=undecided)


@command(
    "missions",
    "missioni",
    N_("Missions abroad: what is planned, and how to come"),
    Permission.PARTICIPANT,
    home=N_("Missions"),
    home_order=30,
)
async def list_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """Missions not over."""
    return Show(await _list_screen(ctx))


@action("mission.list", Permission.PARTICIPANT)
async def list_again(ctx: Context) -> Replies:
    """The same, from a button."""
    return _privately(ctx, await _list_screen(ctx))


@action("mission.show", Permission.PARTICIPANT)
async def show(ctx: Context, mission: int, page: Page = Page.SHEET) -> Replies:
    """A page of a mission, in the same message."""
    row = await mission_for(ctx, mission)
    if page is Page.MINE:
        return _privately(ctx, await my_application_screen(ctx, row))
    shown = await sheet_of(ctx, row)
    match page:
        case Page.SHEET:
            drawn = sheet(shown, ctx.t)
        case Page.PARTS:
            drawn = parts(shown, ctx.t)
        case Page.PROGRAMME:
            drawn = programme_page(shown, await missions.programme_of(ctx.session, row.id), ctx.t)
        case Page.QUESTIONS:
            drawn = questions(shown, await missions.questions_of(ctx.session, row.id), ctx.t)
        case Page.WHO:
            drawn = who(shown, await missions.heads(ctx.session, row.id), ctx.t)
    return _privately(ctx, drawn)


async def my_application_screen(ctx: Context, mission: Mission) -> Screen:
    """The reader's application to a mission.

    Raises:
        Refusal: there is none.
    """
    application = await missions.application_of(ctx.session, mission.id, ctx.me.id)
    if application is None:
        raise Refusal(ctx.t("You have not applied to {mission} yet.", mission=mission.title))
    places = await missions.places_of(ctx.session, application.id)
    positions = await missions.waiting_positions(ctx.session, places)
    return my_application(await sheet_of(ctx, mission), application, places, positions, ctx.t)


@action("mission.question", Permission.PARTICIPANT)
async def question(ctx: Context, question_id: int) -> Replies:
    """The answer to a frequent question."""
    found = await missions.find_question(ctx.session, question_id)
    if found is None:
        raise Refusal(ctx.t("This question is no longer here. Write /missions to see what is planned."))
    await mission_for(ctx, found.mission_id)
    return _privately(ctx, answer(found, ctx.t))


@action("mission.apply", Permission.MEMBER)
async def apply(ctx: Context, mission: int) -> Replies:
    """Open the form, if there is still something to apply for."""
    row = await mission_for(ctx, mission)
    before = await missions.application_of(ctx.session, row.id, ctx.me.id)
    service.check_can_apply(ctx, row, before.status if before else None)
    return await ctx.ask("mission.apply", mission=row.id)


@action("mission.withdraw", Permission.PARTICIPANT)
async def withdraw(ctx: Context, mission: int) -> Replies:
    """Ask whether they are sure."""
    row = await mission_for(ctx, mission)
    application = await missions.application_of(ctx.session, row.id, ctx.me.id)
    if application is None or application.status is ApplicationStatus.WITHDRAWN:
        return Toast(ctx.t("There is nothing to withdraw."))
    return Show(confirm_withdrawal(row, await service.meetings_at_stake(ctx, row.id), ctx.t))


@action("mission.withdrawn", Permission.PARTICIPANT)
async def withdrawn(ctx: Context, mission: int) -> Replies:
    """Withdraw."""
    row = await mission_for(ctx, mission)
    done = await service.withdraw(ctx, row.id)
    if not done:
        return Toast(ctx.t("There is nothing to withdraw."))
    return Show(await my_application_screen(ctx, row)), Toast(ctx.t("You're withdrawn. Thank you for telling us."))


@action("mission.release", Permission.PARTICIPANT)
async def release(ctx: Context, component: int) -> Replies:
    """Ask whether they are sure."""
    row = await component_for(ctx, component)
    b2b = row.kind is ComponentKind.B2B
    at_stake = await service.meetings_at_stake(ctx, row.mission_id) if b2b else 0
    return Show(confirm_release(row, at_stake, ctx.t))


@action("mission.released", Permission.PARTICIPANT)
async def released(ctx: Context, component: int) -> Replies:
    """Give up one part."""
    row = await component_for(ctx, component)
    done = await service.release(ctx, row.id)
    mission = await mission_for(ctx, row.mission_id)
    text = ctx.t("Done. Thank you for telling us.") if done else ctx.t("There is nothing to give up.")
    return Show(await my_application_screen(ctx, mission)), Toast(text)


# The programme


async def _own_mission(ctx: Context) -> Mission:
    today = ctx.now.astimezone(ctx.community.zone).date()
    found = await missions.journeys_of(ctx.session, ctx.me.id, today)
    if not found:
        raise Refusal(
            ctx.t("You're not a delegate of a mission at the moment. Write /missions to see what is planned.")
        )
    return found[0]


@command(
    "programme",
    "programma",
    N_("Your programme on a mission: now, next, tomorrow"),
    Permission.PARTICIPANT,
    home=N_("My programme"),
    home_order=32,
)
async def programme_command(ctx: Context, words: str) -> Replies:  # noqa: ARG001 - a command's signature
    """Now and next on the reader's mission."""
    return Show(agenda_screen(await agenda_of(ctx, await _own_mission(ctx)), NOW, ctx.t))


@action("mission.agenda", Permission.PARTICIPANT)
async def agenda(ctx: Context, mission: int, view: str = NOW) -> Replies:
    """The programme of one mission, as now and next, a day, or whole."""
    own = await agenda_of(ctx, await mission_for(ctx, mission))
    try:
        drawn = agenda_screen(own, view, ctx.t)
    except ValueError as error:
        raise Refusal(ctx.t("This day is not part of the programme. Write /programme to see it.")) from error
    return _privately(ctx, drawn)


@action("mission.calendar", Permission.PARTICIPANT)
async def calendar(ctx: Context, mission: int) -> Replies:
    """The programme as a calendar file."""
    own = await agenda_of(ctx, await mission_for(ctx, mission))
    return Tell(calendar_screen(own, ctx.t), privately=True)


# Those who run missions


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
    return _privately(ctx, await manage_screen(ctx, await mission_for(ctx, mission)))


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


# The home screen


@home_line
async def to_decide(ctx: ReadContext) -> str | None:
    """How many applications wait for those who decide."""
    if not ctx.may(Permission.MISSION):
        return None
    today = ctx.now.astimezone(ctx.community.zone).date()
    waiting = await missions.count_undecided(ctx.session, today, status=ApplicationStatus.WAITING)
    return ctx.t.n("{n} application to decide", "{n} applications to decide", waiting) if waiting else None


@home_line
async def own_journey(ctx: ReadContext) -> str | None:
    """The mission on which the reader goes."""
    if ctx.person is None or not ctx.may(Permission.PARTICIPANT):
        return None
    today = ctx.now.astimezone(ctx.community.zone).date()
    found = await missions.journeys_of(ctx.session, ctx.person.id, today)
    if not found:
        return None
    mission = found[0]
    days = (mission.first_day - ctx.now.astimezone(ZoneInfo(mission.zone)).date()).days
    if days > 0:
        return ctx.t.n("{mission} in {n} day", "{mission} in {n} days", days, mission=mission.title)
    return ctx.t("You're at {mission}: your programme is under /programme.", mission=mission.title)
