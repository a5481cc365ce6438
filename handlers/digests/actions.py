"""Commands and buttons of the digest."""

from handlers.conversation.actions import REGISTRY, MalformedActionError, UnknownActionError, action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell, Toast
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import press
from handlers.conversation.texts import N_
from handlers.digests import service, setting_screens
from handlers.digests.screens import digest, nothing_new
from handlers.digests.setting_screens import settings
from storage.enums import DigestFrequency
from storage.queries import preferences

DOORS = frozenset(
    {"announce.read", "post.open", "event.open", "event.rsvp", "mission.show", "mission.apply", "meeting.open"}
)
"""The actions that a digest's lines lead to."""


@command("digest", "riepilogo", N_("Your digest: how often, and what's new"), Permission.MEMBER, home=N_("My digest"),
         home_order=60)  # fmt: skip
async def show(ctx: Context, _: str) -> Replies:
    """When the digest comes."""
    return Show(settings(service.settings_of(ctx.me), t=ctx.t))


@action("digest.show", Permission.MEMBER)
async def open_settings(ctx: Context) -> Replies:
    """When the digest comes, as a new message, so that the digest itself stays."""
    return Tell(settings(service.settings_of(ctx.me), t=ctx.t), privately=True)


@action("digest.frequency", Permission.MEMBER)
async def frequency(ctx: Context, wanted: DigestFrequency) -> Replies:
    """How often."""
    return Show(settings(await service.choose(ctx, frequency=wanted), t=ctx.t))


@action("digest.weekday", Permission.MEMBER)
async def weekday(ctx: Context, wanted: int) -> Replies:
    """On which day; 0 is Monday."""
    return Show(settings(await service.choose(ctx, weekday=wanted), t=ctx.t))


@action("digest.hour", Permission.MEMBER)
async def hour(ctx: Context, wanted: int) -> Replies:
    """At what hour of the person's own day."""
    return Show(settings(await service.choose(ctx, hour=wanted), t=ctx.t))


@action("digest.now", Permission.MEMBER)
async def now(ctx: Context) -> Replies:
    """What is new since the last digest."""
    shown, since = await service.show_now(ctx)
    if not shown.is_new and not shown.deadlines:
        return Tell(nothing_new(since, zone=ctx.zone, t=ctx.t), privately=True)
    return Tell(digest(shown, t=ctx.t), privately=True)


@action("digest.go", Permission.MEMBER)
async def go(ctx: Context, verb: str, subject: int, word: str = "") -> Replies:
    """Do what a line's button says; the answer comes as a new message, so that the other lines stay."""
    gone = Refusal(ctx.t("This button is from an old digest and no longer works."))
    if verb not in DOORS:
        raise gone
    try:
        spec, arguments = REGISTRY.action(press(verb, subject, word) if word else press(verb, subject))
    except (UnknownActionError, MalformedActionError) as error:
        raise gone from error
    if not ctx.may(spec.permission):
        raise Refusal(ctx.t("You can't do this any more."))
    replies = await spec.handler(ctx, **arguments)
    several = replies if isinstance(replies, tuple) else (replies,) if replies is not None else ()
    return tuple(Tell(one.screen, one.card, privately=True) if isinstance(one, Show) else one for one in several)


@action("digest.item", Permission.MEMBER)
async def item(ctx: Context, item: int) -> Replies:
    """A notice that waited for the digest, as it is now."""
    found = await preferences.items_of(ctx.session, ctx.me.id, [item])
    drawn = await service.draw_item(ctx, found[0]) if found else None
    if drawn is None:
        raise Refusal(ctx.t("This has been dealt with, or is no longer there."))
    return Tell(drawn, privately=True)


@action("digest.less", Permission.MEMBER)
async def less(ctx: Context, post_id: int) -> Replies:
    """Less like this line; as a new message, so that the digest stays."""
    post, lessons = await service.want_less(ctx, post_id)
    return Tell(setting_screens.learnt(post, lessons, t=ctx.t), privately=True)


@action("digest.unless", Permission.MEMBER)
async def take_back(ctx: Context, post_id: int) -> Replies:
    """It was not meant so."""
    return Show(setting_screens.taken_back(await service.take_back(ctx, post_id), t=ctx.t))


@action("digest.learnt", Permission.MEMBER)
async def learnt(ctx: Context) -> Replies:
    """All that was learnt about what is wanted less."""
    return Show(setting_screens.lessons(await service.lessons(ctx), t=ctx.t))


@action("digest.forget", Permission.MEMBER)
async def forget(ctx: Context, handle: str) -> Replies:
    """One thing that was learnt counts no more."""
    await service.forget(ctx, handle)
    return Show(setting_screens.lessons(await service.lessons(ctx), t=ctx.t)), Toast(ctx.t("Done."))
