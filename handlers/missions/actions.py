"""Commands and buttons of the missions for everyone; those of their leads are in ``staff_actions``."""

from zoneinfo import ZoneInfo

from handlers.conversation.actions import action, command, home_line
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.missions import service, withdrawing
from handlers.missions.programme_screens import NOW, agenda_screen, calendar_screen
from handlers.missions.reading import agenda_of, component_for, mission_for, sheet_of
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
from storage.enums import ApplicationStatus, ComponentKind
from storage.models import Mission
from storage.queries import missions


def privately(ctx: Context, shown: Screen) -> Replies:
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
    return privately(ctx, await _list_screen(ctx))


@action("mission.show", Permission.PARTICIPANT)
async def show(ctx: Context, mission: int, page: Page = Page.SHEET) -> Replies:
    """A page of a mission, in the same message."""
    row = await mission_for(ctx, mission)
    if page is Page.MINE:
        return privately(ctx, await my_application_screen(ctx, row))
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
    return privately(ctx, drawn)


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
    return privately(ctx, answer(found, ctx.t))


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
    return Show(confirm_withdrawal(row, await withdrawing.meetings_at_stake(ctx, row.id), ctx.t))


@action("mission.withdrawn", Permission.PARTICIPANT)
async def withdrawn(ctx: Context, mission: int) -> Replies:
    """Withdraw."""
    row = await mission_for(ctx, mission)
    done = await withdrawing.withdraw(ctx, row.id)
    if not done:
        return Toast(ctx.t("There is nothing to withdraw."))
    return Show(await my_application_screen(ctx, row)), Toast(ctx.t("You're withdrawn. Thank you for telling us."))


@action("mission.release", Permission.PARTICIPANT)
async def release(ctx: Context, component: int) -> Replies:
    """Ask whether they are sure."""
    row = await component_for(ctx, component)
    b2b = row.kind is ComponentKind.B2B
    at_stake = await withdrawing.meetings_at_stake(ctx, row.mission_id) if b2b else 0
    return Show(confirm_release(row, at_stake, ctx.t))


@action("mission.released", Permission.PARTICIPANT)
async def released(ctx: Context, component: int) -> Replies:
    """Give up one part."""
    row = await component_for(ctx, component)
    done = await withdrawing.release(ctx, row.id)
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
    return privately(ctx, drawn)


@action("mission.calendar", Permission.PARTICIPANT)
async def calendar(ctx: Context, mission: int) -> Replies:
    """The programme as a calendar file."""
    own = await agenda_of(ctx, await mission_for(ctx, mission))
    return Tell(calendar_screen(own, ctx.t), privately=True)


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
