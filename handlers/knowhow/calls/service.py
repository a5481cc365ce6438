"""Following calls and looking for partners: read, decide, write."""

from handlers.conversation import drafting
from handlers.conversation.context import Context, ReadContext, Refusal
from handlers.conversation.event import Ask
from handlers.knowhow.answers.service import published
from handlers.knowhow.calls.standing import is_open
from storage.models import CallPartner, Post
from storage.queries import calls
from storage.queries.posts import find_post


async def open_call(ctx: ReadContext, post_id: int, *, held: bool = False) -> Post:
    """An open call that the reader may read.

    Raises:
        Refusal: there is none, or its deadline has passed.
    """
    post = await published(ctx, post_id, held=held)
    if not is_open(ctx, post):
        raise Refusal(ctx.t("The deadline of this call has passed."))
    return post


async def follow(ctx: ReadContext, post_id: int, *, wanted: bool) -> Post:
    """Follow the deadline of one call, or no longer, whatever else is followed.

    Raises:
        Refusal: it is not open, or not for the reader.
    """
    post = await open_call(ctx, post_id, held=True)
    await calls.follow(ctx.session, ctx.me.id, ctx.now, post_id=post_id, wanted=wanted)
    return post


async def seek(ctx: ReadContext, post_id: int, sentence: str) -> Post:
    """Look for a partner for a call, with a sentence that others read.

    Raises:
        Refusal: it is not open, or not for the reader.
    """
    post = await open_call(ctx, post_id, held=True)
    await calls.seek(ctx.session, post_id, ctx.me.id, sentence, ctx.now)
    return post


async def partner(ctx: ReadContext, partner_id: int) -> tuple[CallPartner, Post]:
    """Somebody on the list of an open call, and the call.

    Raises:
        Refusal: they are no longer on it, or the call is over.
    """
    row = await calls.find_partner(ctx.session, partner_id)
    post = await find_post(ctx.session, row.post_id) if row is not None else None
    if row is None or post is None:
        raise Refusal(ctx.t("They no longer look for a partner here."))
    return row, await open_call(ctx, row.post_id)


async def ask_contact(ctx: Context, partner_id: int) -> Ask:
    """Put the request to be introduced to somebody on the list: both must say yes before contacts are exchanged.

    Raises:
        Refusal: they are not on it any more, or it is the reader.
    """
    row, post = await partner(ctx, partner_id)
    if row.person_id == ctx.me.id:
        raise Refusal(ctx.t("That's you."))
    draft = await drafting.begin_draft(ctx, "directory.ask", {"person": str(row.person_id)})
    why = ctx.t("I'm looking for a partner for “{title}”, as you are.", title=post.title)
    draft.values = {"message": why, **draft.values}
    return await ctx.ask("directory.ask", person=row.person_id)
