"""Searching a time zone, and typing quiet hours."""

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Tell
from handlers.conversation.form import Field, Form, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.preferences import screens, service
from handlers.preferences.rules import typed_time
from handlers.preferences.zone_search import zones_like
from storage.quiet_hours import QuietHours


async def search_zone(ctx: Context, _: Form, values: Values) -> Replies:
    """What fits; a single one is taken at once."""
    query = str(values["place"])
    found = zones_like(query)
    if len(found) == 1:
        await service.live_in(ctx, found[0].key)
        return Tell(screens.zones(await service.preferences_of(ctx), t=ctx.t))
    return Tell(screens.zones_found(query[:40], found, await service.preferences_of(ctx), t=ctx.t))


@form("preferences.zone", Permission.PARTICIPANT, submit=search_zone, acting=False)
async def zone_form(ctx: Context) -> Form:
    """Which city or country."""
    return zone_questions(ctx.t)


def zone_questions(t: Texts) -> Form:
    """The form's question."""
    place = Field("place", t("City or country"), hint=t("For example: Haifa, Boston, Japan."), max_length=80)
    return Form("preferences.zone", t("Your time zone"), (place,), t("Search"))


async def set_hours(ctx: Context, _: Form, values: Values) -> Replies:
    """Take both times, or say which one is none."""
    start, end = typed_time(str(values["start"])), typed_time(str(values["end"]))
    unclear = ctx.t("Please write a time such as 21:30.")
    errors = {name: unclear for name, value in (("start", start), ("end", end)) if value is None}
    if errors or start is None or end is None:
        return Errors(errors)
    if start == end:
        return Errors({"end": ctx.t("That would be no time at all. For no quiet hours, choose “None”.")})
    await service.set_hours(ctx, start, end)
    return Tell(screens.quiet(await service.preferences_of(ctx), t=ctx.t))


@form("preferences.hours", Permission.PARTICIPANT, submit=set_hours, acting=False)
async def hours_form(ctx: Context) -> Form:
    """From when to when."""
    shown = await service.preferences_of(ctx)
    return hours_questions(shown.quiet or QuietHours(), ctx.t)


def hours_questions(hours: QuietHours, t: Texts) -> Form:
    """The form's questions."""
    return Form(
        "preferences.hours",
        t("Your quiet hours"),
        (
            Field("start", t("Quiet from"), hint=t("For example 21:30."), max_length=5, initial=t.hour(hours.start)),
            Field(
                "end",
                t("Quiet until"),
                hint=t("If it is earlier, it is the next morning."),
                max_length=5,
                initial=t.hour(hours.end),
            ),
        ),
        t("Save"),
    )
