"""Interest in blind posts: read, decide, write, tell. Nobody learns a name before both have said yes."""

from handlers.conversation.context import ReadContext, Refusal
from handlers.conversation.event import CardKey, MessageRef
from handlers.conversation.notify import notify, refresh_card
from handlers.knowhow import service as knowhow
from handlers.knowhow.answers.service import published
from handlers.knowhow.blind.rules import AGAIN_AFTER, LASTS, MOST_OPEN, given_away, reminder_at, telling_names
from handlers.knowhow.blind.screens import Interest
from handlers.knowhow.bylines import byline, wrote
from storage.engine import lock
from storage.enums import InterestState, PersonStatus, PostStatus, SubjectKind
from storage.models import BlindInterest, Organisation, Person, Post
from storage.queries import blind, directory, introductions
from storage.queries.search_index import reindex

INTEREST_CARD = "blind-interest"
"""The card on which a post's author answers."""
MOST_LISTED = 8


async def names_of(ctx: ReadContext) -> list[str]:
    """What of the reader's name and organisation gives them away in a text."""
    house = await ctx.session.get(Organisation, ctx.me.organisation_id) if ctx.me.organisation_id is not None else None
    return telling_names(ctx.me.name, house.name if house is not None else ctx.me.organisation_claim)


async def named_in(ctx: ReadContext, text: str) -> list[str]:
    """What in a text gives the reader away."""
    return given_away(text, await names_of(ctx))


# Who is interested


async def open_to(ctx: ReadContext, post_id: int) -> Post:
    """A blind post in which the reader can say that they are interested.

    Raises:
        Refusal: it is none, or theirs, or over; or they said so before.
    """
    post = await published(ctx, post_id)
    if not post.blind:
        raise Refusal(ctx.t("This post carries its author's name now: open it, and answer below it."))
    if wrote(ctx, post):
        raise Refusal(ctx.t("It's yours. Who is interested stands under /interests."))
    if not await blind.stands(ctx.session, post_id):
        raise Refusal(ctx.t("This post is settled: whoever wrote it needs nobody any more."))
    row = await blind.of_two(ctx.session, post_id, ctx.me.id)
    match row.state if row is not None else None:
        case InterestState.OPEN:
            raise Refusal(ctx.t("You have said so already: I'll tell you what they answer."))
        case InterestState.ACCEPTED:
            raise Refusal(ctx.t("You two are introduced already: see /introductions."))
        case InterestState.DECLINED:
            raise Refusal(ctx.t("They have said that it doesn't fit this time."))
        case InterestState.WITHDRAWN | InterestState.ENDED | None:
            pass
    if row is not None and ctx.now < row.at + AGAIN_AFTER:
        again = ctx.t.moment(row.at + AGAIN_AFTER, ctx.zone)
        raise Refusal(ctx.t("You have said so before. You can say it again from {when}.", when=again))
    if await blind.count_open_of(ctx.session, ctx.me.id) >= MOST_OPEN:
        raise Refusal(
            ctx.t(
                "{n} posts in which you are interested wait for an answer. Take one back, or wait a little.",
                n=ctx.t.number(MOST_OPEN),
            )
        )
    return post


async def say_so(
    ctx: ReadContext, post_id: int, about: str, message: str, contact: str, *, shows_name: bool
) -> BlindInterest:
    """The reader is interested; the post's author is told, once.

    Raises:
        Refusal: as in :func:`open_to`.
    """
    await lock(ctx.session, Post, Post.id, post_id)
    await lock(ctx.session, Person, Person.id, ctx.me.id)
    post = await open_to(ctx, post_id)
    row = await blind.of_two(ctx.session, post_id, ctx.me.id)
    if row is None:
        row = BlindInterest(post_id=post_id, person_id=ctx.me.id)
        ctx.session.add(row)
    row.about, row.message, row.contact, row.shows_name = about, message, contact, shows_name
    row.state, row.at, row.answered_at = InterestState.OPEN, ctx.now, None
    row.remind_at, row.expires_at = reminder_at(ctx.now), ctx.now + LASTS
    (await directory.change_entry(ctx.session, ctx.me.id, ctx.now)).contact = contact
    await ctx.session.flush()
    # Each time they say so is told once: they can again after a month only.
    key = f"blind:{row.id}:{ctx.now:%Y%m%d}"
    await notify(ctx, post.author_id, "blind.interest", dedup=key, data={"interest": row.id})
    return await blind.find(ctx.session, row.id) or row


async def withdraw(ctx: ReadContext, interest_id: int) -> BlindInterest:
    """The reader takes their interest back; its author hears no more of it. Twice is once.

    Raises:
        Refusal: it is not theirs, or both said yes.
    """
    row = await _held(ctx, interest_id)
    if row.person_id != ctx.me.id:
        raise gone(ctx)
    if row.state is InterestState.ACCEPTED:
        raise Refusal(ctx.t("You two are introduced already: see /introductions."))
    if row.state is InterestState.OPEN:
        await _close(ctx, row, InterestState.WITHDRAWN)
    return row


# Who wrote the post


def gone(ctx: ReadContext) -> Refusal:
    """The answer to a button of an interest that is not there, or not theirs."""
    return Refusal(ctx.t("This is no longer there. What waits for you: /interests."))


async def _held(ctx: ReadContext, interest_id: int) -> BlindInterest:
    """An interest as it is now, with its post and both people held; in this order everywhere.

    Raises:
        Refusal: there is none.
    """
    seen = await blind.find(ctx.session, interest_id)
    if seen is None:
        raise gone(ctx)
    await lock(ctx.session, Post, Post.id, seen.post_id)
    for person_id in sorted({seen.person_id, seen.post.author_id}):
        await lock(ctx.session, Person, Person.id, person_id)
    row = await blind.find(ctx.session, interest_id)
    if row is None:
        raise gone(ctx)
    return row


async def to_me(ctx: ReadContext, interest_id: int) -> BlindInterest:
    """An interest in a post of the reader's, whatever became of it.

    Raises:
        Refusal: there is none, or it is in somebody else's.
    """
    row = await blind.find(ctx.session, interest_id)
    if row is None or not wrote(ctx, row.post):
        raise gone(ctx)
    return row


async def is_answerable(ctx: ReadContext, row: BlindInterest) -> bool:
    """Whether the post's author can still say yes: both are there, and neither has blocked the other."""
    return (
        row.state is InterestState.OPEN
        and row.expires_at > ctx.now
        and row.person.status is PersonStatus.MEMBER
        and await blind.stands(ctx.session, row.post_id)
        and not await directory.is_blocked(ctx.session, row.person_id, row.post.author_id)
    )


async def can_answer(ctx: ReadContext, interest_id: int) -> BlindInterest:
    """An interest to which the reader can say yes.

    Raises:
        Refusal: it is not, or no longer, theirs to answer.
    """
    row = await to_me(ctx, interest_id)
    if not await is_answerable(ctx, row):
        raise Refusal(ctx.t("This is answered already, or its time is over."))
    return row


async def accept(ctx: ReadContext, interest_id: int, contact: str, *, pressed: MessageRef | None) -> BlindInterest:
    """Both say yes: they are introduced, and each learns who the other is. Twice is once.

    Raises:
        Refusal: it is not, or no longer, theirs to answer.
    """
    row = await _held(ctx, interest_id)
    if wrote(ctx, row.post) and row.state is InterestState.ACCEPTED:
        return row
    row = await can_answer(ctx, interest_id)
    (await directory.change_entry(ctx.session, ctx.me.id, ctx.now)).contact = contact
    made = await introductions.make(
        ctx.session, (row.person_id, row.contact), (ctx.me.id, contact), row.message or row.post.title, ctx.now
    )
    row.introduction_id = made.id
    await _close(ctx, row, InterestState.ACCEPTED, pressed)
    await notify(ctx, row.person_id, "blind.introduced", dedup=f"blind-made:{row.id}", data={"interest": row.id})
    return row


async def decline(ctx: ReadContext, interest_id: int, *, pressed: MessageRef | None) -> BlindInterest:
    """The post's author says no; who is interested reads that it does not fit, and no name. Twice is once.

    Raises:
        Refusal: it is not theirs to answer.
    """
    row = await _held(ctx, interest_id)
    if not wrote(ctx, row.post):
        raise gone(ctx)
    if row.state is InterestState.OPEN:
        await _close(ctx, row, InterestState.DECLINED, pressed)
        await notify(ctx, row.person_id, "blind.declined", dedup=f"blind-no:{row.id}", data={"interest": row.id})
    return row


async def _close(ctx: ReadContext, row: BlindInterest, state: InterestState, pressed: MessageRef | None = None) -> None:
    row.state, row.answered_at, row.remind_at = state, ctx.now, None
    await ctx.session.flush()
    await refresh_card(ctx, CardKey(INTEREST_CARD, row.id), but=pressed)


async def end(ctx: ReadContext, interest_id: int) -> None:
    """End what nobody answered in time, or whose post is over, and tell who was interested."""
    row = await _held(ctx, interest_id)
    over = row.expires_at <= ctx.now or row.person.status is not PersonStatus.MEMBER
    if row.state is not InterestState.OPEN or not (over or not await blind.stands(ctx.session, row.post_id)):
        return
    await _close(ctx, row, InterestState.ENDED)
    key = f"blind-end:{row.id}:{row.at:%Y%m%d}"
    await notify(ctx, row.person_id, "blind.ended", dedup=key, data={"interest": row.id})


def shown_to_author(row: BlindInterest) -> Interest:
    """An interest as who wrote the post sees it."""
    known = row.shows_name or row.state is InterestState.ACCEPTED
    return _shown(row, row.person if known else None)


def shown_to_interested(row: BlindInterest) -> Interest:
    """An interest as who has it sees it: who wrote the post is in it once both said yes."""
    return _shown(row, row.post.author if row.state is InterestState.ACCEPTED else None)


def _shown(row: BlindInterest, who: Person | None) -> Interest:
    name = who.name if who is not None else ""
    house = who.organisation.name if who is not None and who.organisation else ""
    return Interest(
        id=row.id,
        post=row.post_id,
        title=row.post.title,
        about=row.about,
        message=row.message,
        state=row.state,
        expires_at=row.expires_at,
        who=f"{name}, {house}" if house else name,
        introduction=row.introduction_id,
        blind=row.post.blind,
    )


# Taking the blindfold off


async def own_blind(ctx: ReadContext, post_id: int, *, held: bool = False) -> Post:
    """A post of the reader's that they handed in.

    Raises:
        Refusal: it is not theirs, or gone.
    """
    post = await knowhow.locked(ctx, post_id) if held else await knowhow.find(ctx, post_id)
    if not wrote(ctx, post) or post.status is PostStatus.REMOVED:
        raise knowhow.gone(ctx)
    return post


def name_on_it(post: Post, ctx: ReadContext) -> str:
    """Under what name everybody would read it."""
    return byline(post.author, ctx.t)


async def unveil(ctx: ReadContext, post_id: int) -> Post:
    """Put the author's name on their blind post, for good, wherever it is shown. Twice is once.

    Raises:
        Refusal: it is not theirs, or gone.
    """
    post = await own_blind(ctx, post_id, held=True)
    if post.blind:
        post.blind = False
        if post.published_at is not None:
            post.edited_at = ctx.now  # so that readers of the feed fetch it again
        await ctx.session.flush()
        await reindex(ctx.session, SubjectKind.POST, [post.id])
        await knowhow.refresh(ctx, post)
    return post
