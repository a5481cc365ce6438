"""See, receive and erase one's data. Open to all who are known, also to those who may do nothing else here any more."""

from handlers.conversation.actions import action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.privacy import exporting, my_data_screens
from handlers.privacy.erasing import LastOwnerError, NobodyError, erase_person
from handlers.privacy.my_data import at_stake, held_by
from storage.enums import PersonStatus
from storage.models import Person
from storage.queries import personal_data

CONFIRM_WITHIN = 60
"""Minutes: an older second question is asked again from the first, so that no button of last year erases anybody."""
FOUND = 8
"""People offered to the staff at once."""


def check_known(ctx: Context) -> None:
    """That there is somebody whose data this can be about.

    Raises:
        Refusal: they are a stranger here.
    """
    if ctx.person is None:
        raise Refusal(ctx.t("I don't know you, so there is nothing of yours here. Write /start to join."))
    if not ctx.event.private:
        raise Refusal(ctx.t("Please write this to me in private."))


@command("mydata", "imieidati", N_("Your data: see it, get a copy, correct it, erase it"), Permission.ANYONE)
async def my_data(ctx: Context, _: str) -> Replies:
    """What is held."""
    check_known(ctx)
    return Show(my_data_screens.held_screen(await held_by(ctx), t=ctx.t))


@action("privacy.data", Permission.ANYONE, answers=False)
async def data_button(ctx: Context) -> Replies:
    """What is held, in answer to a button."""
    check_known(ctx)
    return Tell(my_data_screens.held_screen(await held_by(ctx), t=ctx.t))


@action("privacy.export", Permission.ANYONE)
async def export(ctx: Context) -> Replies:
    """Ask for a copy."""
    check_known(ctx)
    if not await exporting.ask(ctx, ctx.me.id):
        return Toast(ctx.t("Your copy is being put together already."))
    return Tell(my_data_screens.copy_asked(t=ctx.t))


@action("privacy.erase", Permission.ANYONE, answers=False)
async def erase_first(ctx: Context) -> Replies:
    """What would go, what would stay."""
    check_known(ctx)
    stake = await at_stake(ctx, ctx.me)
    if stake.last_owner:
        return Tell(my_data_screens.last_owner_screen(t=ctx.t))
    return Tell(my_data_screens.erase_screen(stake, t=ctx.t))


@action("privacy.erase2", Permission.ANYONE, answers=False)
async def erase_second(ctx: Context, keep: int) -> Replies:
    """Really?"""
    check_known(ctx)
    stake = await at_stake(ctx, ctx.me)
    if stake.last_owner:
        return Show(my_data_screens.last_owner_screen(t=ctx.t))
    return Show(my_data_screens.confirm_screen(stake, keep_posts=bool(keep), stamp=_minute(ctx), t=ctx.t))


def _minute(ctx: Context) -> int:
    return int(ctx.now.timestamp()) // 60


@action("privacy.erase3", Permission.ANYONE, answers=False)
async def erase_third(ctx: Context, keep: int, stamp: int) -> Replies:
    """Erase."""
    check_known(ctx)
    if not 0 <= _minute(ctx) - stamp <= CONFIRM_WITHIN:
        return Show(my_data_screens.erase_screen(await at_stake(ctx, ctx.me), t=ctx.t))
    try:
        done = await erase_person(
            ctx, ctx.me.id, keep_posts=bool(keep), action="person.erase", by=ctx.me.id, spare=ctx.event.message
        )
    except LastOwnerError:
        return Show(my_data_screens.last_owner_screen(t=ctx.t))
    except NobodyError as error:
        raise Refusal(ctx.t("Your data is erased already.")) from error
    return Show(my_data_screens.farewell(done.number, t=ctx.t))


# On somebody's request


@command("erase", "cancelladati", N_("Erase somebody's data on their request"), Permission.STAFF)
async def find(ctx: Context, words: str) -> Replies:
    """Whose?"""
    wanted = " ".join(words.split())
    people = await personal_data.people_called(ctx.session, wanted, FOUND) if wanted else []
    return Show(my_data_screens.found_screen(people, wanted, t=ctx.t))


async def person_to_erase(ctx: Context, person_id: int) -> Person:
    """Somebody who can be erased.

    Raises:
        Refusal: there is nobody of that id, or they are erased already.
    """
    person = await ctx.session.get(Person, person_id)
    if person is None or person.status is PersonStatus.ERASED:
        raise Refusal(ctx.t("There is nobody (any more) whose data could be erased. Search again with /erase."))
    return person


@action("privacy.person", Permission.STAFF)
async def look(ctx: Context, person_id: int) -> Replies:
    """What would go."""
    person = await person_to_erase(ctx, person_id)
    return Tell(my_data_screens.request_screen(person.id, person.name, await at_stake(ctx, person), t=ctx.t))


@action("privacy.onrequest", Permission.STAFF)
async def on_request(ctx: Context, person_id: int, keep: int) -> Replies:
    """Ask for the reason, which is the second confirmation."""
    await person_to_erase(ctx, person_id)
    return await ctx.ask("privacy.onrequest", person=person_id, keep=keep)
