"""Commands and button presses about events."""

from dataclasses import replace

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.events import organising, screens, service, staff_screens
from handlers.events.service import PROPOSAL_CARD, card_key, card_of, find
from storage.enums import Answer, EventStatus
from storage.queries import events


@command("events", "eventi", N_("What is coming up"), Permission.PARTICIPANT, home=N_("Events"), home_order=20)
async def events_command(ctx: Context, _: str) -> Replies:
    """Upcoming events."""
    return await event_list(ctx)


@command("mine", "miei", N_("The events you're coming to"), Permission.PARTICIPANT)
async def mine_command(ctx: Context, _: str) -> Replies:
    """The events that the person thinks of coming to."""
    return await my_events(ctx)


@command("newevent", "nuovoevento", N_("Publish an event"), Permission.STAFF, opens_form=True)
async def new_command(ctx: Context, _: str) -> Replies:
    """Publish an event."""
    return await ctx.ask("event.new")


@command("proposeevent", "proponievento", N_("Propose an event to the staff"), Permission.MEMBER, opens_form=True)
async def propose_command(ctx: Context, _: str) -> Replies:
    """Propose an event."""
    return await ctx.ask("event.propose")


@action("event.list", Permission.PARTICIPANT, answers=False)
async def event_list(ctx: Context, page: int = 0) -> Replies:
    """A page of upcoming events."""
    return Show(screens.event_list(await service.coming_up(ctx, page), ctx.t))


@action("event.mine", Permission.PARTICIPANT, answers=False)
async def my_events(ctx: Context, page: int = 0) -> Replies:
    """A page of the person's own events."""
    return Show(screens.my_events(await service.mine(ctx, page), ctx.t))


@action("event.open", Permission.PARTICIPANT, answers=False)
async def open_event(ctx: Context, event_id: int) -> Replies:
    """An event's card."""
    shown = screens.event_card(await card_of(ctx, await find(ctx, event_id)), ctx.t)
    return (
        Show(shown, card=card_key(event_id)) if ctx.event.private else Tell(shown, card_key(event_id), privately=True)
    )


@action("event.rsvp", Permission.PARTICIPANT)
async def rsvp(ctx: Context, event_id: int, answer: Answer) -> Replies:
    """Going, maybe, can't. In a group the card is redrawn for everybody and the person gets a word of their own."""
    private = ctx.event.private
    given = await service.answer(ctx, event_id, answer, pressed=ctx.event.message if private else None)
    word = Toast(screens.noted(given.answer, given.position, ctx.t), alert=given.answer is Answer.WAITING)
    if not private:
        return word
    shown = screens.event_card(await card_of(ctx, await find(ctx, event_id)), ctx.t)
    return word, Show(shown, card=card_key(event_id))


@action("event.ics", Permission.PARTICIPANT, answers=False)
async def calendar(ctx: Context, event_id: int) -> Replies:
    """The calendar file."""
    event = await find(ctx, event_id)
    file = await service.calendar_of(ctx, event)
    sent = Tell(replace(screens.calendar_screen(event, ctx.t), files=(file,)), privately=True)
    return sent if ctx.event.private else (Toast(ctx.t("I've sent you the file in private.")), sent)


@action("event.who", Permission.PARTICIPANT, answers=False)
async def who(ctx: Context, event_id: int) -> Replies:
    """How many come; nobody's name."""
    event = await find(ctx, event_id)
    return Toast(screens.who_comes(await events.tally(ctx.session, event.id), ctx.t), alert=True)


@action("event.new", Permission.STAFF)
async def new_event(ctx: Context) -> Replies:
    """Publish an event."""
    return await ctx.ask("event.new")


@action("event.propose", Permission.MEMBER)
async def propose(ctx: Context) -> Replies:
    """Propose an event."""
    return await ctx.ask("event.propose")


@action("event.repropose", Permission.MEMBER)
async def repropose(ctx: Context, event_id: int) -> Replies:
    """Propose an event again after it was declined."""
    event = await find(ctx, event_id)
    return await ctx.ask("event.propose", model=event.id)


@action("event.manage", Permission.STAFF)
async def manage(ctx: Context, event_id: int) -> Replies:
    """An event's numbers and controls; for a proposal, the decision on it."""
    event = await find(ctx, event_id)
    if event.published_at is None:
        return await review(ctx, event_id)
    card = await card_of(ctx, event)
    return Show(staff_screens.manage(card, await events.reminders_of(ctx.session, event_id), ctx.t))


@action("event.edit", Permission.STAFF)
async def edit(ctx: Context, event_id: int) -> Replies:
    """Change an event."""
    organising.check_editable(ctx, await find(ctx, event_id))
    return await ctx.ask("event.edit", event=event_id)


@action("event.reminders", Permission.STAFF)
async def reminders(ctx: Context, event_id: int) -> Replies:
    """Choose when people are reminded."""
    organising.check_editable(ctx, await find(ctx, event_id))
    return await ctx.ask("event.reminders", event=event_id)


@action("event.clone", Permission.STAFF)
async def clone(ctx: Context, event_id: int) -> Replies:
    """A new event like this one, on another day."""
    event = await find(ctx, event_id)
    return await ctx.ask("event.new", model=event.id)


@action("event.cancel", Permission.STAFF)
async def cancel(ctx: Context, event_id: int) -> Replies:
    """Call an event off."""
    event = await find(ctx, event_id)
    if event.status is EventStatus.CANCELLED:
        raise Refusal(ctx.t("This event is cancelled already."))
    organising.check_editable(ctx, event)
    return await ctx.ask("event.cancel", event=event_id)


@action("event.proposals", Permission.STAFF)
async def proposals(ctx: Context) -> Replies:
    """What members proposed."""
    return Show(staff_screens.proposals(await events.proposed(ctx.session), ctx.t))


@action("event.review", Permission.STAFF)
async def review(ctx: Context, event_id: int) -> Replies:
    """A proposal, or what became of it."""
    return await _reviewed(ctx, event_id)


async def _reviewed(ctx: Context, event_id: int) -> Show:
    card = await card_of(ctx, await find(ctx, event_id))
    return Show(staff_screens.proposal(card, ctx.t), card=CardKey(PROPOSAL_CARD, event_id))


@action("event.approve", Permission.STAFF)
async def approve(ctx: Context, event_id: int) -> Replies:
    """Publish a proposal."""
    await find(ctx, event_id)
    outcome = await organising.approve(ctx, event_id, pressed=ctx.event.message)
    news = ctx.t.n("Published. I'm telling {n} member.", "Published. I'm telling {n} members.", outcome.told)
    return Toast(news), await _reviewed(ctx, event_id)


@action("event.decline", Permission.STAFF)
async def decline(ctx: Context, event_id: int) -> Replies:
    """Decline a proposal."""
    event = await find(ctx, event_id)
    if event.status is not EventStatus.PROPOSED:
        raise Refusal(organising.already_decided(ctx, event))
    return await ctx.ask("event.decline", event=event_id)
