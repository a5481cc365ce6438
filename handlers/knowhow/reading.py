"""What each reader is shown of posts: the whole of one, pages of many, and what a search found."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.conversation.context import Context, ReadContext
from handlers.conversation.permissions import Permission
from handlers.conversation.screen import File, FileReference
from handlers.knowhow.blind.standing import blind_standing
from handlers.knowhow.bylines import byline_of_answer, byline_of_post, named, unnamed, wrote
from handlers.knowhow.calls.standing import call_standing
from handlers.knowhow.experts.standing import expert_standing
from handlers.knowhow.list_screens import POSTS_A_PAGE, Choice, PostLine, PostList
from handlers.knowhow.readers import readers_label, readers_of
from handlers.knowhow.rules import LEAST_ALIKE, SIMILAR_SHOWN, alike, searchable
from handlers.knowhow.screens import ANSWERS_A_PAGE, ANSWERS_SHOWN, AnswerView, Change, PostView, Similar, clipped
from handlers.knowhow.service import gone, readable, right_to_remove
from storage.enums import PersonStatus, Platform, PostStatus, PostVisibility, SubjectKind
from storage.models import Person, Post, PostAnswer, PostKind, PostRevision, Sector
from storage.queries import answering, posts
from storage.queries.identity import sectors
from storage.queries.people import who_acts
from storage.queries.search import Filters, search
from storage.queries.search_kinds import Reader
from storage.search_excerpts import Fragment, excerpt
from storage.search_words import stems_of_text

EXCERPT_LENGTH = 140
"""Characters of a post's text in a list without a search."""


async def view_of(ctx: ReadContext, post: Post, *, offset: int = 0, most: int = ANSWERS_SHOWN) -> PostView:
    """What this reader is shown of a post (read with its author, kind and sector), with some of its answers."""
    total = await posts.count_answers(ctx.session, post.id)
    some = await posts.answers(ctx.session, post.id, offset=offset, most=most) if total else []
    decider = await ctx.session.get(Person, post.decided_by) if post.decided_by is not None else None
    is_author = wrote(ctx, post)
    reader_id = ctx.person.id if ctx.person is not None else None
    standing = await answering.standing(ctx.session, post.id, reader_id)
    marks = await answering.answer_standings(ctx.session, [one.id for one in some], reader_id)
    return PostView(
        id=post.id,
        status=post.status,
        title=post.title,
        body=post.body,
        kind=ctx.t.of(post.kind, "name"),
        author=byline_of_post(post, ctx.t),
        language=post.language,
        day=(post.published_at or post.created_at).astimezone(ctx.zone).date(),
        sector=ctx.t.of(post.sector, "name") if post.sector else "",
        topics=tuple(post.topics),
        link=post.link,
        deadline=post.deadline.astimezone(ctx.community.zone).date() if post.deadline else None,
        file=str(post.attachment.get("name", "")),
        answers=tuple(
            replace(answer_view(ctx, one), useful=marks[one.id].useful, solves=one.id == standing.solved_by)
            for one in some
        ),
        answers_total=total,
        is_author=is_author,
        removable=right_to_remove(ctx, post),
        decided_by=_decider(ctx, post, decider),
        reason=post.reason,
        readers=readers_of(post, ctx.t),
        edited=post.edited_at.astimezone(ctx.zone).date() if post.edited_at else None,
        holds_until=post.valid_until.astimezone(ctx.zone).date() if post.valid_until else None,
        to_check=post.to_check,
        changed=(is_author or ctx.may(Permission.MODERATE)) and await posts.has_revisions(ctx.session, post.id),
        standing=standing,
        call=await call_standing(ctx, post),
        experts=await expert_standing(ctx, post, standing),
        blind=post.blind,
        interest=await blind_standing(ctx, post),
    )


def _decider(ctx: ReadContext, post: Post, decider: Person | None) -> str:
    if decider is not None and not (post.blind and decider.id == post.author_id):
        return named(decider, ctx.t)
    return ctx.community.name if post.status in {PostStatus.PUBLISHED, PostStatus.REJECTED} else ""


def answer_view(ctx: ReadContext, answer: PostAnswer) -> AnswerView:
    """What is shown of an answer, read with its author."""
    return AnswerView(
        byline_of_answer(answer, ctx.t),
        answer.body,
        answer.created_at.astimezone(ctx.zone).date(),
        answer.id,
        edited=answer.edited_at is not None,
    )


async def opened(ctx: ReadContext, post_id: int) -> PostView:
    """The whole post for its reader, who has read it from now on.

    Raises:
        Refusal: there is none, or it is not for them.
    """
    post = await readable(ctx, post_id)
    if post.status is PostStatus.PUBLISHED:
        await posts.record_reading(ctx.session, post.id, ctx.me.id, ctx.now)
    return await view_of(ctx, post)


async def page_of_answers(ctx: ReadContext, post_id: int, page: int) -> tuple[PostView, int, int]:
    """The post with a page of its answers, which page, and of how many; a page that is not there gives the nearest.

    Raises:
        Refusal: there is no such post, or it is not for them.
    """
    post = await readable(ctx, post_id)
    pages = max(1, -(-await posts.count_answers(ctx.session, post.id) // ANSWERS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    return await view_of(ctx, post, offset=page * ANSWERS_A_PAGE, most=ANSWERS_A_PAGE), page, pages


CHANGES_A_PAGE = 5
PARTS_SHOWN = 400
"""Characters of what a part said before."""


async def history(ctx: ReadContext, post_id: int, page: int) -> tuple[PostView, list[Change], int, int]:
    """The post, a page of its changes, which page, and of how many.

    Raises:
        Refusal: there is no such post, or the reader is neither its author nor a moderator.
    """
    post = await readable(ctx, post_id)
    if not wrote(ctx, post) and not ctx.may(Permission.MODERATE):
        raise gone(ctx)
    changes = await posts.revisions(ctx.session, post.id)
    pages = max(1, -(-len(changes) // CHANGES_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = [await _change(ctx, post, one) for one in changes[page * CHANGES_A_PAGE : (page + 1) * CHANGES_A_PAGE]]
    return await view_of(ctx, post), shown, page, pages


async def _change(ctx: ReadContext, post: Post, change: PostRevision) -> Change:
    by = named(change.editor, ctx.t) if change.editor else ctx.t("a former member")
    if post.blind:
        by = unnamed(ctx.t)  # nobody but its author changes a post
    was = [await _part_before(ctx, name, value) for name, value in change.was.items()]
    return Change(ctx.t.moment(change.at, ctx.zone, reader=ctx.zone), by, was)


async def _part_before(ctx: ReadContext, name: str, value: object) -> tuple[str, str]:
    """What a part of a post is called, and what it said; a kind and a sector by their names of today."""
    t = ctx.t
    said = str(value) if value else t("nothing")
    match name:
        case "title":
            return t("Title"), said
        case "body":
            return t("Text"), clipped(said, PARTS_SHOWN)
        case "kind_id":
            kind = await ctx.session.get(PostKind, value)
            return t("Kind"), t.of(kind, "name") if kind else said
        case "sector_id":
            sector = await ctx.session.get(Sector, value) if value else None
            return t("Sector"), t.of(sector, "name") if sector else t("nothing")
        case "topics":
            return t("Topics"), ", ".join(value) if isinstance(value, list) and value else t("nothing")
        case "language":
            return t("Language"), t("Italian") if value == "it" else t("English")
        case "link":
            return t("Link"), said
        case "deadline":
            day = datetime.fromisoformat(str(value)).astimezone(ctx.community.zone).date() if value else None
            return t("Deadline"), t.day(day, year=True) if day else t("nothing")
        case "attachment":
            return t("File"), str(value.get("name", "")) if isinstance(value, dict) and value else t("nothing")
        case _:
            return t("Who can read it"), readers_label(PostVisibility(str(value)), t)


async def similar_to(ctx: ReadContext, title: str, topics: Sequence[str]) -> list[Similar]:
    """Posts that this reader may read and that may say the same as a new one, the most alike first."""
    words = searchable(title)
    if not words:
        return []
    new = set(stems_of_text(f"{title} {' '.join(topics)}")[0])
    found = await search(
        ctx.session,
        words,
        reader=Reader(person_id=ctx.me.id, member=True, participant=True),
        now=ctx.now,
        filters=Filters(kind=SubjectKind.POST),
        limit=10,
    )
    near = []
    for post in await posts.posts_in_order(ctx.session, [hit.subject_id for hit in found.hits]):
        share = alike(new, set(stems_of_text(f"{post.title} {' '.join(post.topics)}")[0]))
        if share >= LEAST_ALIKE:
            near.append((share, post))
    near.sort(key=lambda one: -one[0])
    return [Similar(post.id, post.title, about(ctx, post)) for _, post in near[:SIMILAR_SHOWN]]


def about(ctx: ReadContext, post: Post) -> str:
    """Kind, author and day of a post, in a line."""
    when = (post.published_at or post.created_at).astimezone(ctx.zone).date()
    return ctx.t(
        "{kind}, {author}, {day}",
        kind=ctx.t.of(post.kind, "name"),
        author=byline_of_post(post, ctx.t),
        day=ctx.t.short_day(when),
    )


async def who_has_account(ctx: Context, user: str) -> str:
    """The name of the member with that account where the event came from; empty when they are none."""
    address = ctx.event.address
    _, person, _ = await who_acts(ctx.session, address.platform, address.account, user)
    return person.name if person is not None and person.status is PersonStatus.MEMBER else ""


async def attachment(ctx: ReadContext, post_id: int) -> tuple[Post, File | None]:
    """A post's file, to hand over.

    Raises:
        Refusal: there is no such post, or it is not for them.
    """
    post = await readable(ctx, post_id)
    kept = post.attachment
    if not kept:
        return post, None
    reference = FileReference(Platform(kept["platform"]), kept["account"], kept["reference"])
    return post, File(kept["name"], kept["mime"], reference=reference)


# Lists


def line_of(ctx: ReadContext, post: Post, pieces_found: Sequence[Fragment] = ()) -> PostLine:
    """A post in a list."""
    when: datetime = post.published_at or post.created_at
    pieces = [(one.text, one.found) for one in pieces_found] or [(clipped(post.body, EXCERPT_LENGTH), False)]
    return PostLine(
        id=post.id,
        title=post.title,
        kind=ctx.t.of(post.kind, "name"),
        author=byline_of_post(post, ctx.t),
        day=when.astimezone(ctx.zone).date(),
        status=post.status,
        excerpt=pieces,
    )


async def sector_choices(ctx: ReadContext) -> list[Choice]:
    """The sectors to filter by."""
    return [_choice(ctx, one) for one in await sectors(ctx.session)]


async def kind_choices(ctx: ReadContext) -> list[Choice]:
    """The kinds to filter by."""
    return [_choice(ctx, one) for one in await posts.kinds(ctx.session)]


def _choice(ctx: ReadContext, row: Sector | PostKind) -> Choice:
    return Choice(row.id, ctx.t.of(row, "name"))


def _chosen(ctx: ReadContext, row: Sector | PostKind | None) -> Choice:
    """The chosen sector or kind; all of them when it is gone."""
    return _choice(ctx, row) if row is not None else Choice(0, "")


async def listed(ctx: ReadContext, query: str, *, page: int = 0, sector_id: int = 0, kind_id: int = 0) -> PostList:
    """A page of what a search finds, or of the latest posts when nothing is searched for.

    A page that is not there gives the nearest that is; a filter that is gone lets everything through.
    """
    words = searchable(query)
    sector = _chosen(ctx, await ctx.session.get(Sector, sector_id))
    kind = _chosen(ctx, await ctx.session.get(PostKind, kind_id))
    page = min(max(page, 0), 9999)  # what fits into a button
    asked = PostList(lines=(), total=0, page=page, words=words, sector=sector, kind=kind)
    shown = await _found(ctx, asked)
    if not shown.lines and shown.total:
        shown = await _found(ctx, replace(shown, page=shown.pages - 1))
    return shown


async def _found(ctx: ReadContext, asked: PostList) -> PostList:
    sector_id, kind_id, offset = asked.sector.id or None, asked.kind.id or None, asked.page * POSTS_A_PAGE
    if asked.words:
        answer = await search(
            ctx.session,
            asked.words,
            reader=Reader(person_id=ctx.me.id, member=True, participant=True),
            now=ctx.now,
            filters=Filters(kind=SubjectKind.POST, subkind=asked.kind.id, sector_id=asked.sector.id),
            limit=POSTS_A_PAGE,
            offset=offset,
        )
        rows = await posts.posts_in_order(ctx.session, [hit.subject_id for hit in answer.hits])
        lines, total = [line_of(ctx, post, excerpt(post.body, answer.looked)) for post in rows], answer.total
    else:
        total = await posts.count_latest(ctx.session, ctx.me.id, sector_id=sector_id, kind_id=kind_id)
        rest = await posts.latest(
            ctx.session, ctx.me.id, sector_id=sector_id, kind_id=kind_id, offset=offset, most=POSTS_A_PAGE
        )
        lines = [line_of(ctx, post) for post in rest]
    return replace(asked, lines=await with_outcomes(ctx, lines), total=total)


async def with_outcomes(ctx: ReadContext, lines: Sequence[PostLine]) -> list[PostLine]:
    """These lines with what became of the questions among them."""
    settled = await answering.outcomes(ctx.session, [one.id for one in lines])
    return [replace(one, solved=settled.get(one.id)) for one in lines]


async def own_posts(ctx: ReadContext, page: int) -> PostList:
    """A page of the reader's own posts."""
    blind = ctx.acting is None  # whoever of the staff acts for them does not learn of these
    total = await posts.count_by_author(ctx.session, ctx.me.id, blind=blind)
    page = _nearest(page, total)
    found = await posts.by_author(ctx.session, ctx.me.id, offset=page * POSTS_A_PAGE, most=POSTS_A_PAGE, blind=blind)
    lines = await with_outcomes(ctx, [line_of(ctx, post) for post in found])
    return PostList(lines=lines, total=total, page=page)


async def waiting_posts(ctx: ReadContext, page: int) -> PostList:
    """A page of what waits for a moderator."""
    total = await posts.count_waiting(ctx.session)
    page = _nearest(page, total)
    found = await posts.waiting(ctx.session, offset=page * POSTS_A_PAGE, most=POSTS_A_PAGE)
    return PostList(lines=[line_of(ctx, post) for post in found], total=total, page=page)


def _nearest(page: int, total: int) -> int:
    return min(max(page, 0), max(0, (total - 1) // POSTS_A_PAGE))
