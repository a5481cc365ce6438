"""The forms of the deadline radar: what to follow, and a sentence for those who may become partners."""

from collections.abc import Sequence

from handlers.conversation.actions import form
from handlers.conversation.context import Context
from handlers.conversation.event import Errors, Replies, Show
from handlers.conversation.form import Field, FieldKind, Form, Option, Values
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import Texts
from handlers.knowhow.calls import service, showing
from handlers.knowhow.calls.rules import SENTENCE_LENGTH
from storage.models import PostKind, Sector
from storage.queries import calls, posts
from storage.queries.identity import sectors

OPTION_LENGTH = 75
"""Characters of an option's label (Slack)."""


def follow_questions(t: Texts, kinds: Sequence[Option], sector_options: Sequence[Option]) -> Form:
    """Which calls to follow."""
    return Form(
        "knowhow.follow_calls",
        t("Follow calls"),
        (
            Field(
                "kind",
                t("Which kind of call?"),
                FieldKind.CHOICE,
                required=False,
                options=tuple(kinds),
                hint=t("Left out: all of them."),
            ),
            Field(
                "sector",
                t("Which sector?"),
                FieldKind.CHOICE,
                required=False,
                options=tuple(sector_options),
                hint=t("Left out: all of them."),
            ),
        ),
        t("Follow"),
        intro=t("I'll write to you 30, 14, 7 and 2 days before each deadline."),
    )


def _option(t: Texts, row: PostKind | Sector) -> Option:
    return Option(str(row.id), t.of(row, "name")[:OPTION_LENGTH])


def _number(values: Values, name: str) -> int | None:
    return int(str(values[name])) if values.get(name) else None


async def submit_follow(ctx: Context, _: Form, values: Values) -> Replies:
    """Follow them."""
    await calls.follow(
        ctx.session, ctx.me.id, ctx.now, kind_id=_number(values, "kind"), sector_id=_number(values, "sector")
    )
    return Show(await showing.follows_page(ctx))


@form("knowhow.follow_calls", Permission.MEMBER, submit=submit_follow)
async def follow_calls(ctx: Context) -> Form:
    """Follow a kind of call, a sector, or both."""
    kinds = [one for one in await posts.kinds(ctx.session) if one.has_deadline]
    return follow_questions(
        ctx.t,
        [_option(ctx.t, one) for one in kinds],
        [_option(ctx.t, one) for one in await sectors(ctx.session)],
    )


def seek_questions(t: Texts, title: str, sentence: str) -> Form:
    """What those who may become partners read."""
    return Form(
        "knowhow.seek_partner",
        t("Look for a partner"),
        (
            Field(
                "sentence",
                t("What do you bring, and whom do you look for?"),
                max_length=SENTENCE_LENGTH,
                initial=sentence or None,
                hint=t("Members see it with your name and organisation, until you take it back."),
            ),
        ),
        t("Put me on the list"),
        intro=t("For “{title}”.", title=title),
    )


async def submit_seek(ctx: Context, form: Form, values: Values) -> Replies:
    """Put them on the list."""
    sentence = str(values["sentence"]).strip()
    if not sentence:
        return Errors({"sentence": ctx.t("One sentence, please: it is what others go by.")})
    post = await service.seek(ctx, int(form.context["post"]), sentence)
    return Show(await showing.partners_page(ctx, post.id, 0))


@form("knowhow.seek_partner", Permission.MEMBER, submit=submit_seek, acting=False)
async def seek_partner(ctx: Context, post: str) -> Form:
    """One sentence."""
    row = await service.open_call(ctx, int(post))
    own = await calls.own_search(ctx.session, row.id, ctx.me.id)
    return seek_questions(ctx.t, row.title, own.sentence if own is not None else "")
