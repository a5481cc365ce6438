"""Commands and buttons of the directory and of introductions."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import Screen
from handlers.conversation.texts import N_
from handlers.directory import introduction_screens, screens, service
from handlers.directory.screens import Search
from handlers.directory.showing import my_page, people_page
from storage.queries import directory, introductions

MOST_REPORTS = 10


# The directory


@command(
    "people",
    "persone",
    N_("Find other members, as they wish to be found"),
    Permission.MEMBER,
    home=N_("People"),
    home_order=55,
    acting=False,
)
async def people(ctx: Context, words: str) -> Replies:
    """Who is there, or whom these words find."""
    return Show(await people_page(ctx, Search(words)))


@action("people.search", Permission.MEMBER, acting=False)
async def search(ctx: Context) -> Replies:
    """By which words?"""
    return await ctx.ask("directory.search")


@action("people.find", Permission.MEMBER, acting=False)
async def find(ctx: Context, page: int, sector: int = 0, organisation: int = 0, words: str = "") -> Replies:
    """A page of who is found."""
    return Show(await people_page(ctx, Search(words, page, sector=sector, organisation=organisation)))


@action("people.sectors", Permission.MEMBER, acting=False)
async def sectors(ctx: Context, page: int, sector: int = 0, organisation: int = 0, words: str = "") -> Replies:
    """In which sector?"""
    found = await directory.sectors(ctx.session, ctx.me.id)
    named = [(one.id, ctx.t.of(one, "name"), number) for one, number in found]
    asked = Search(words, sector=sector, organisation=organisation)
    return Show(screens.sectors(asked, named, page, t=ctx.t))


@action("people.houses", Permission.MEMBER, acting=False)
async def organisations(ctx: Context, page: int, sector: int = 0, organisation: int = 0, words: str = "") -> Replies:
    """In which organisation?"""
    found = await directory.organisations(ctx.session, ctx.me.id)
    asked = Search(words, sector=sector, organisation=organisation)
    return Show(screens.organisations(asked, found, page, t=ctx.t))


@action("people.open", Permission.MEMBER, acting=False)
async def open_person(ctx: Context, person: int) -> Replies:
    """One of them, as far as they show themselves."""
    shown = await service.look_up(ctx, person)
    return Tell(screens.person(shown, is_me=person == ctx.me.id, t=ctx.t), privately=True)


@action("people.mine", Permission.MEMBER, acting=False)
async def mine(ctx: Context) -> Replies:
    """How I appear."""
    return Tell(await my_page(ctx), privately=True)


@action("people.field", Permission.MEMBER, acting=False)
async def show_field(ctx: Context, field: str, shows: int) -> Replies:
    """Show this, or no longer."""
    await service.show_field(ctx, field, shows=bool(shows))
    return Show(await my_page(ctx))


@action("people.contact", Permission.MEMBER, acting=False)
async def contact(ctx: Context) -> Replies:
    """How may who is introduced to me reach me?"""
    return await ctx.ask("directory.contact")


@action("people.block", Permission.MEMBER, acting=False)
async def block(ctx: Context, person: int) -> Replies:
    """We no longer see each other."""
    name = await service.block(ctx, person)
    return Show(screens.blocked(name, person, t=ctx.t))


@action("people.unblock", Permission.MEMBER, acting=False)
async def unblock(ctx: Context, person: int) -> Replies:
    """We may see each other again."""
    await directory.unblock(ctx.session, ctx.me.id, person)
    return Show(await _blocked(ctx))


@action("people.blocked", Permission.MEMBER, acting=False)
async def blocked(ctx: Context) -> Replies:
    """Whom have I blocked?"""
    return Tell(await _blocked(ctx), privately=True)


async def _blocked(ctx: Context) -> Screen:
    found = await directory.blocked_by(ctx.session, ctx.me.id)
    return screens.blocked_people([(one.id, one.name) for one in found], t=ctx.t)


# Introductions


@command(
    "introductions",
    "presentazioni",
    N_("Whom you asked to meet, and who asked for you"),
    Permission.MEMBER,
    acting=False,
)
async def all_introductions(ctx: Context, _: str) -> Replies:
    """What waits, and who I was introduced to."""
    return Show(introduction_screens.introductions(await service.mine(ctx), zone=ctx.zone, t=ctx.t))


@action("intro.list", Permission.MEMBER, acting=False)
async def list_introductions(ctx: Context) -> Replies:
    """The same, as a new message."""
    return Tell(introduction_screens.introductions(await service.mine(ctx), zone=ctx.zone, t=ctx.t), privately=True)


@action("intro.ask", Permission.MEMBER, acting=False)
async def ask(ctx: Context, person: int) -> Replies:
    """I would like to meet them."""
    return await ctx.ask("directory.ask", person=person)


@action("intro.open", Permission.MEMBER, answers=False, acting=False)
async def open_request(ctx: Context, introduction: int) -> Replies:
    """A request to me."""
    row = await service.mine_to_answer(ctx, introduction)
    shown = introduction_screens.asked(service.request_of(row, ctx.me.id), zone=ctx.zone, t=ctx.t)
    return Tell(shown, CardKey(service.REQUEST_CARD, row.id), privately=True)


@action("intro.yes", Permission.MEMBER, acting=False)
async def yes(ctx: Context, introduction: int) -> Replies:
    """Introduce us."""
    return await ctx.ask("directory.accept", introduction=introduction)


@action("intro.no", Permission.MEMBER, acting=False)
async def no(ctx: Context, introduction: int) -> Replies:
    """No, thank you."""
    row = await service.decline(ctx, introduction)
    shown = introduction_screens.asked(service.request_of(row, ctx.me.id), zone=ctx.zone, t=ctx.t)
    return Show(shown, CardKey(service.REQUEST_CARD, row.id))


@action("intro.later", Permission.MEMBER, acting=False)
async def later(ctx: Context, introduction: int) -> Replies:
    """Not now."""
    row = await service.later(ctx, introduction)
    shown = introduction_screens.asked(service.request_of(row, ctx.me.id), zone=ctx.zone, t=ctx.t)
    return (
        Show(shown, CardKey(service.REQUEST_CARD, row.id)),
        Toast(ctx.t("Fine. You find it under /introductions, and I'll remind you once.")),
    )


@action("intro.withdraw", Permission.MEMBER, acting=False)
async def withdraw(ctx: Context, introduction: int) -> Replies:
    """I take it back."""
    await service.withdraw(ctx, introduction)
    shown = introduction_screens.introductions(await service.mine(ctx), zone=ctx.zone, t=ctx.t)
    return (Show(shown), Toast(ctx.t("Taken back.")))


@action("intro.contact", Permission.MEMBER, acting=False)
async def contact_of(ctx: Context, introduction: int) -> Replies:
    """How do I reach them?"""
    row = await introductions.find(ctx.session, introduction)
    if row is None:
        raise service.gone(ctx)
    other, contact = await service.contact_for(ctx, row)
    shown = introduction_screens.made(other.name, service.about(other), contact, both_asked=False, t=ctx.t)
    return Tell(shown, privately=True)


@action("intro.report", Permission.MEMBER, acting=False)
async def report(ctx: Context, introduction: int) -> Replies:
    """Something is wrong with this."""
    return await ctx.ask("directory.report", introduction=introduction)


# Reports


@command("reports", "segnalazioni", N_("What members reported"), Permission.STAFF)
async def reports(ctx: Context, _: str) -> Replies:
    """What nobody has dealt with."""
    found = await introductions.open_reports(ctx.session, most=MOST_REPORTS)
    return Show(introduction_screens.reports(found, zone=ctx.community.zone, t=ctx.t))


@action("people.look", Permission.STAFF)
async def look(ctx: Context, report: int) -> Replies:
    """One of them."""
    found = await service.report_of(ctx, report)
    if found is None:
        raise Refusal(ctx.t("This report is no longer there."))
    return Tell(introduction_screens.report(found, t=ctx.t), CardKey(service.REPORT_CARD, report), privately=True)


@action("people.settle", Permission.STAFF)
async def settle(ctx: Context, report: int) -> Replies:
    """I have dealt with it."""
    first = await service.settle(ctx, report)
    found = await service.report_of(ctx, report)
    if found is None:
        raise Refusal(ctx.t("This report is no longer there."))
    said = ctx.t("Noted.") if first else ctx.t("Somebody has dealt with it already.")
    return (Show(introduction_screens.report(found, t=ctx.t), CardKey(service.REPORT_CARD, report)), Toast(said))
