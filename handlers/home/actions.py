"""Home, help, language and cancel."""

from handlers.conversation import drafting
from handlers.conversation.actions import REGISTRY, action, command
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import Replies, Show, Tell
from handlers.conversation.home_screen import home_screen
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.home.screens import CommandLine, cancelled, help_screen, languages
from storage.enums import Locale


@command("home", "menu", N_("The menu"), Permission.PERSON, acting=True)
async def home(ctx: Context, _: str) -> Replies:
    """The menu."""
    return Show(await home_screen(ctx))


@action("home.show", Permission.PERSON, acting=True)
async def show(ctx: Context) -> Replies:
    """The menu, in answer to a button."""
    return Tell(await home_screen(ctx), privately=True)


@action("home.run", Permission.PERSON, acting=True)
async def run(ctx: Context, name: str) -> Replies:
    """Run a command from a button."""
    spec = REGISTRY.command(name)
    if spec is None or not ctx.may(spec.permission) or not spec.fits(ctx.acting):
        raise Refusal(ctx.t("This is not in your menu any more."))
    replies = await spec.handler(ctx, "")
    several = replies if isinstance(replies, tuple) else (replies,) if replies is not None else ()
    return tuple(Tell(one.screen, one.card) if isinstance(one, Show) else one for one in several)


@command("help", "aiuto", N_("What you can do here"), Permission.PERSON, home=N_("Help"), home_order=99, acting=True)
async def help_(ctx: Context, _: str) -> Replies:
    """Every command this person may use, and nothing else."""
    lines = [
        CommandLine(spec.names[ctx.locale], ctx.t(spec.description))
        for spec in REGISTRY.command_list()
        if spec.listed and ctx.may(spec.permission) and spec.fits(ctx.acting)
    ]
    return Tell(help_screen(lines, ctx.community.slash_command, ctx.platform, t=ctx.t))


@action("home.help", Permission.PERSON, acting=True)
async def help_button(ctx: Context) -> Replies:
    """Help, in answer to a button."""
    return await help_(ctx, "")


@command("language", "lingua", N_("Italiano / English"), Permission.PERSON, home=N_("Language"), home_order=90)
async def language(ctx: Context, _: str) -> Replies:
    """Choose the language."""
    return Show(languages(t=ctx.t))


@action("home.language", Permission.PERSON)
async def choose_language(ctx: Context, locale: Locale) -> Replies:
    """Speak that language from now on."""
    ctx.me.locale = locale
    ctx.locale = locale
    return Show(await home_screen(ctx))


@command("cancel", "annulla", N_("Leave the form that is open"), Permission.PERSON, acting=True)
async def cancel(ctx: Context, _: str) -> Replies:
    """Throw away what is being filled in, if anything; other half-filled forms stay."""
    rows = await drafting.own_drafts(ctx)
    if not rows:
        return Tell(cancelled("", t=ctx.t))
    title = await drafting.title_of(ctx, rows[0])
    await ctx.session.delete(rows[0])
    await drafting.rest(ctx)
    return Tell(cancelled(title, t=ctx.t))
