"""Commands and buttons of know-how."""

from collections.abc import Mapping

from handlers.conversation import drafting, forms
from handlers.conversation.actions import action, command
from handlers.conversation.answers import clean
from handlers.conversation.context import Context, Refusal
from handlers.conversation.event import CardKey, Replies, Reply, Show, Tell, Toast
from handlers.conversation.form import Value
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.knowhow import editing, list_screens, moderating, reading, screens, service
from handlers.knowhow.blind.writing import BLIND
from handlers.knowhow.bylines import wrote
from handlers.knowhow.forms import BODY_LENGTH, name_of_audience
from handlers.knowhow.rules import TITLE_LENGTH, Why, searchable
from handlers.knowhow.service import REVIEW_CARD
from storage.enums import PostStatus
from storage.queries import posts

QUESTION_KIND = "question"
"""The key of the kind that a question to the community has, where the community uses it."""

# Sharing


async def _prefill(ctx: Context, values: Mapping[str, Value]) -> None:
    """Fill in what is still empty in the person's own half-written post, which is never thrown away."""
    draft = await drafting.begin_draft(ctx, "knowhow.share", {})
    draft.values = {**{name: value for name, value in values.items() if value}, **draft.values}


@command(
    "share",
    "condividi",
    N_("Share know-how with everybody"),
    Permission.MEMBER,
    home=N_("Share know-how"),
    home_order=10,
    opens_form=True,
)
async def share(ctx: Context, words: str) -> Replies:
    """Share know-how; in answer to a message, that message is the text, and its file the file."""
    event = ctx.event
    quoted = clean(event.replied_text, lines=True)[:BODY_LENGTH]
    if quoted or event.replied_file is not None:
        await _quote(ctx, quoted)
    if words:
        await _prefill(ctx, {"title": clean(words, lines=False)[:TITLE_LENGTH]})
    asked = await ctx.ask("knowhow.share")
    if event.replied_user and event.replied_user != event.user:
        # Before the form, where that is a talk: the question must be the last thing they read.
        whose = await reading.who_has_account(ctx, event.replied_user)
        return Tell(screens.words_of_another(whose, ctx.t), privately=True), asked
    return asked


async def _quote(ctx: Context, quoted: str) -> None:
    """Take the message that was replied to as the text, below what was written before, and its file."""
    draft = await drafting.begin_draft(ctx, "knowhow.share", {})
    before = str(draft.values.get("body") or "")
    if quoted and quoted not in before:
        draft.values = {**draft.values, "body": f"{before}\n\n{quoted}".strip()[:BODY_LENGTH]}
    file = ctx.event.replied_file
    if file is not None:
        draft.values = {**draft.values, "file": drafting.file_value(ctx.event.address, file)}


@action("post.share", Permission.MEMBER)
async def share_button(ctx: Context) -> Replies:
    """Share know-how, from a button."""
    return await ctx.ask("knowhow.share")


@action("post.new", Permission.MEMBER)
async def share_after_all(ctx: Context) -> Replies:
    """Send what was written, though others may say the same."""
    return await forms.hand_in(ctx, "knowhow.share")


@action("post.ask", Permission.MEMBER)
async def ask(ctx: Context, words: str = "") -> Replies:
    """Ask the community what a search did not find."""
    kinds = [kind for kind in await posts.kinds(ctx.session) if kind.key == QUESTION_KIND]
    title = clean(words, lines=False)[:TITLE_LENGTH]
    await _prefill(ctx, {"title": title[:1].upper() + title[1:], "kind": str(kinds[0].id) if kinds else None})
    return await ctx.ask("knowhow.share")


@action("post.again", Permission.MEMBER)
async def again(ctx: Context, post_id: int) -> Replies:
    """Mend a post that was rejected and send it again, as a new one."""
    post = await service.find(ctx, post_id)
    if not wrote(ctx, post) or post.status is not PostStatus.REJECTED:
        raise service.gone(ctx)
    draft = await drafting.own_draft(ctx, "knowhow.share")
    written = {name: draft.values.get(name) for name in ("title", "body")} if draft is not None else {}
    if any(value not in (None, "", getattr(post, name)) for name, value in written.items()):
        raise Refusal(ctx.t("You have another post half-written. Send it first, or leave it with /cancel."))
    await _prefill(
        ctx,
        {
            "title": post.title,
            "kind": str(post.kind_id),
            "body": post.body,
            "sector": str(post.sector_id) if post.sector_id else None,
            "topics": ", ".join(post.topics),
            "link": post.link,
            "file": post.attachment or None,
            "readers": name_of_audience(editing.audience_of(post)),
            "names": BLIND if post.blind else None,
            "language": post.language.value,
        },
    )
    return await ctx.ask("knowhow.share")


# Reading


@action("post.open", Permission.MEMBER)
async def open_post(ctx: Context, post_id: int) -> Replies:
    """Read a post."""
    shown = Show(screens.post(await reading.opened(ctx, post_id), ctx.t))
    return _privately(ctx, shown)


def _privately(ctx: Context, reply: Reply) -> Replies:
    """The reply, and in a group where to find it."""
    return reply if ctx.event.private else (reply, Toast(ctx.t("I've sent it to you in private.")))


@action("post.answers", Permission.MEMBER)
async def all_answers(ctx: Context, post_id: int, page: int) -> Replies:
    """Read the answers."""
    view, shown, pages = await reading.page_of_answers(ctx, post_id, page)
    return Show(screens.answers(view, shown, pages, ctx.t))


@action("post.answer", Permission.MEMBER)
async def answer(ctx: Context, post_id: int) -> Replies:
    """Answer a post."""
    return await ctx.ask("knowhow.answer", post=post_id)


@action("post.file", Permission.MEMBER)
async def file(ctx: Context, post_id: int) -> Replies:
    """Hand over a post's file."""
    post, attached = await reading.attachment(ctx, post_id)
    if attached is None:
        raise Refusal(ctx.t("This post has no file."))
    return Tell(screens.handed_over(post.title, ctx.t).file(attached).build(), privately=True)


# Finding


@command("knowhow", "knowhow", N_("The latest know-how"), Permission.MEMBER, home=N_("Know-how"), home_order=12)
async def latest(ctx: Context, _: str) -> Replies:
    """The latest posts."""
    return Show(list_screens.found(await reading.listed(ctx, ""), ctx.t))


@action("post.find", Permission.MEMBER)
async def turn(ctx: Context, page: int, sector_id: int, kind_id: int, words: str = "") -> Replies:
    """Another page or filter of a search, or of the latest posts."""
    found = await reading.listed(ctx, words, page=page, sector_id=sector_id, kind_id=kind_id)
    return Show(list_screens.found(found, ctx.t))


@action("post.sectors", Permission.MEMBER)
async def choose_sector(ctx: Context, sector_id: int, kind_id: int, words: str = "") -> Replies:  # noqa: ARG001 - the filter in use is part of the action, so that the two menus have one form
    """Which sector to see."""
    return Show(list_screens.choose_sector(await reading.sector_choices(ctx), _id(kind_id), searchable(words), ctx.t))


@action("post.kinds", Permission.MEMBER)
async def choose_kind(ctx: Context, sector_id: int, kind_id: int, words: str = "") -> Replies:  # noqa: ARG001 - same
    """Which kind to see."""
    return Show(list_screens.choose_kind(await reading.kind_choices(ctx), _id(sector_id), searchable(words), ctx.t))


def _id(given: int) -> int:
    """A filter's id as a button can carry it; what no list could have offered filters nothing."""
    return given if 0 <= given <= 999_999 else 0


@command("myposts", "mieipost", N_("Your posts and where they stand"), Permission.MEMBER)
async def my_posts(ctx: Context, _: str) -> Replies:
    """The person's own posts."""
    return Show(list_screens.mine(await reading.own_posts(ctx, 0), ctx.t))


@action("post.mine", Permission.MEMBER)
async def my_posts_page(ctx: Context, page: int) -> Replies:
    """A page of the person's own posts."""
    return Show(list_screens.mine(await reading.own_posts(ctx, page), ctx.t))


# Changing


@action("post.edit", Permission.MEMBER)
async def edit(ctx: Context, post_id: int) -> Replies:
    """Change one's own post."""
    return await ctx.ask("knowhow.edit", post=post_id)


@action("post.history", Permission.MEMBER)
async def history(ctx: Context, post_id: int, page: int) -> Replies:
    """What a post said before its changes."""
    view, changes, page, pages = await reading.history(ctx, post_id, page)
    return _privately(ctx, Show(screens.history(view, changes, page, pages, ctx.t)))


@action("post.close", Permission.MEMBER)
async def close(ctx: Context, post_id: int) -> Replies:
    """The author says that a post no longer holds."""
    return Show(screens.closed(await reading.view_of(ctx, await editing.close(ctx, post_id)), ctx.t))


@action("post.valid", Permission.MEMBER)
async def valid(ctx: Context, post_id: int) -> Replies:
    """The author says that a post holds, or holds again."""
    return Show(screens.holds(await reading.view_of(ctx, await editing.still_holds(ctx, post_id)), ctx.t))


# Removing


@action("post.remove", Permission.MEMBER)
async def remove(ctx: Context, post_id: int) -> Replies:
    """Ask the author whether they mean it."""
    post = await service.find(ctx, post_id)
    if service.right_to_remove(ctx, post) is not Why.AUTHOR:
        raise service.gone(ctx)
    return Show(screens.confirm_removal(await reading.view_of(ctx, post), ctx.t))


@action("post.drop", Permission.MEMBER)
async def drop(ctx: Context, post_id: int) -> Replies:
    """The author meant it."""
    await service.withdraw(ctx, post_id)
    return Show(screens.removed(ctx.t))


@action("post.takedown", Permission.MODERATE)
async def takedown(ctx: Context, post_id: int) -> Replies:
    """Ask a moderator why a post is to go."""
    service.check_take_down(ctx, await service.find(ctx, post_id))
    return await ctx.ask("knowhow.takedown", post=post_id)


# Deciding


@command("review", "revisione", N_("Posts that wait for you"), Permission.MODERATE)
async def review_list(ctx: Context, _: str) -> Replies:
    """What waits for a moderator."""
    return Show(list_screens.waiting(await reading.waiting_posts(ctx, 0), ctx.t))


@action("post.waiting", Permission.MODERATE)
async def review_page(ctx: Context, page: int) -> Replies:
    """A page of what waits."""
    return Show(list_screens.waiting(await reading.waiting_posts(ctx, page), ctx.t))


@action("post.review", Permission.MODERATE)
async def review(ctx: Context, post_id: int) -> Replies:
    """A post to decide on, as a card of its own: it is redrawn when a colleague decides."""
    view = await reading.view_of(ctx, await service.find(ctx, post_id))
    return Tell(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post_id), privately=True)


@action("post.approve", Permission.MODERATE)
async def approve(ctx: Context, post_id: int) -> Replies:
    """Publish a post; the second moderator sees who decided."""
    post, was_first = await moderating.approve(ctx, post_id, pressed=ctx.event.message)
    view = await reading.view_of(ctx, post)
    said = ctx.t("Published, and its author is told.") if was_first else moderating.already_decided(ctx, view)
    return Show(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post_id)), Toast(said, alert=not was_first)


@action("post.reject", Permission.MODERATE)
async def reject(ctx: Context, post_id: int) -> Replies:
    """Ask why a post is not published; the second moderator sees who decided."""
    post = await service.find(ctx, post_id)
    if post.status is not PostStatus.PENDING:
        view = await reading.view_of(ctx, post)
        shown = Show(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post_id))
        return shown, Toast(moderating.already_decided(ctx, view), alert=True)
    return await ctx.ask("knowhow.reject", post=post_id)


@action("post.mend", Permission.MODERATE)
async def mend(ctx: Context, post_id: int) -> Replies:
    """Ask what is to be changed."""
    moderating.check_waits(ctx, await service.find(ctx, post_id))
    return await ctx.ask("knowhow.mend", post=post_id)


@action("post.fine", Permission.MODERATE)
async def fine(ctx: Context, post_id: int) -> Replies:
    """Leave a published post as it is."""
    post, was_first = await moderating.find_fine(ctx, post_id, pressed=ctx.event.message)
    view = await reading.view_of(ctx, post)
    said = ctx.t("Thank you: it stays as it is.") if was_first else ctx.t("A colleague has looked at it already.")
    return Show(screens.review(view, ctx.t), CardKey(REVIEW_CARD, post_id)), Toast(said, alert=not was_first)
