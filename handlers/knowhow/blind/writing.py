"""Choosing, while a post is written, that it goes without a name; and what would tell it all the same."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from handlers.conversation.context import Context
from handlers.conversation.form import Field, FieldKind, Option, Values
from handlers.conversation.texts import Texts
from handlers.knowhow.blind.rules import BLIND_KINDS, leads_home
from handlers.knowhow.blind.screens import Check
from handlers.knowhow.blind.service import named_in
from handlers.knowhow.screens import Similar
from handlers.knowhow.service import NewPost
from storage.enums import IN_CHANNELS
from storage.models import Organisation, Post, PostKind

NAMED, BLIND = "named", "blind"


def name_field(t: Texts, *, named: bool = False) -> Field:
    """The question under what name; ``named``: it carries the author's already."""
    return Field(
        "names",
        t("With your name?"),
        FieldKind.CHOICE,
        required=False,
        options=(Option(NAMED, t("Yes")), Option(BLIND, t("No: names only when both say yes"))),
        hint=t("An offer or a request can go without. Left out: with your name."),
        initial=NAMED if named else None,
    )


def new_problems(ctx: Context, kind: PostKind) -> dict[str, str]:
    """Why a new post can't go without a name, by field."""
    if ctx.acting is not None:
        return {"names": ctx.t("Only they themselves can share something without their name.")}
    if kind.key not in BLIND_KINDS:
        return {
            "names": ctx.t(
                "Only an offer or a request can go without your name, and this is a “{kind}”.",
                kind=ctx.t.of(kind, "name"),
            )
        }
    return {}


async def change_problems(ctx: Context, values: Values, kind: PostKind, post: Post) -> dict[str, str]:
    """Why a post can't be changed so, by field."""
    if not post.blind:
        if values.get("names") != BLIND:
            return {}
        return {
            "names": ctx.t(
                "It was handed in under your name, which can't be made unread. Remove it and share it anew without: "
                "what was read stays known."
            )
        }
    wrong: dict[str, str] = {}
    if kind.key not in BLIND_KINDS:
        wrong["kind"] = ctx.t("Without your name it stays an offer or a request.")
    for field in ("title", "body", "topics"):
        found = await named_in(ctx, str(values.get(field) or ""))
        if found:
            wrong[field] = ctx.t("It says “{name}”, which gives you away. Leave that out.", name=found[0])
    return wrong


async def look_once_more(ctx: Context, said: NewPost, values: Values, near: Sequence[Similar]) -> Check:
    """What its author should look at before it goes out.

    A file stays out: it tells who made it, in what it says of itself and in where a platform keeps it.
    """
    file = values.get("file")
    house = await ctx.session.get(Organisation, ctx.me.organisation_id) if ctx.me.organisation_id is not None else None
    return Check(
        title=said.title,
        found=await named_in(ctx, "\n".join([said.title, said.body, *said.topics, said.link])),
        link=urlsplit(said.link).hostname or "",
        is_home=leads_home(said.link, house.domains if house is not None else ()),
        few=said.audience.visibility not in IN_CHANNELS,
        file=str(file.get("name", "")) if isinstance(file, dict) else "",
        similar=near,
    )
