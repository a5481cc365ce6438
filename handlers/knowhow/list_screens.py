"""Lists of posts: the latest, what a search found, one's own, what waits; and the ways to narrow them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.conversation.screen import AnyButton, Bold, Button, Screen, ScreenBuilder, Span, press, screen
from handlers.conversation.texts import Texts
from handlers.knowhow.answers.marks import outcome_word
from handlers.knowhow.screens import clipped
from storage.enums import PostStatus

POSTS_A_PAGE = 5
PageAction = Callable[[int], str]
"""Makes the action that shows a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post in a list.

    Attributes:
        excerpt: pieces of its text, and whether each is a word that was looked for.
        solved: whether an answer solved it; false when it was closed without one, ``None`` when it is open.
    """

    id: int
    title: str
    kind: str
    author: str
    day: date
    status: PostStatus = PostStatus.PUBLISHED
    excerpt: Sequence[tuple[str, bool]] = ()
    solved: bool | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A sector or a kind to choose; ``id`` 0 stands for all."""

    id: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostList:
    """A page of posts, and how it was asked for. ``page`` counts from 0; a filter of id 0 lets all through."""

    lines: Sequence[PostLine]
    total: int
    page: int = 0
    words: str = ""
    sector: Choice = Choice(0, "")
    kind: Choice = Choice(0, "")

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // POSTS_A_PAGE))

    def find(self, page: int) -> str:
        """The action that shows another page of the same."""
        return press("post.find", page, self.sector.id, self.kind.id, self.words)


def found(posts: PostList, t: Texts) -> Screen:
    """The latest posts, or what a search found."""
    count = t.n("{n} post", "{n} posts", posts.total)
    if posts.words:
        title = t("“{words}”: {count}", words=posts.words, count=count)
    else:
        title = t("Know-how: {count}", count=count)
    out = screen(summary=title).heading(title)
    filters = [one.label for one in (posts.sector, posts.kind) if one.id]
    if filters:
        out.para(t("Only: {filters}", filters=", ".join(filters)))
    if not posts.lines:
        out.para(t("There is nothing here yet.") if not filters else t("Nothing here with this filter."))
    out.bullets(line_spans(line, t) for line in posts.lines)
    _open_buttons(out, posts.lines, "post.open")
    turning(out, posts, posts.find)
    out.row(
        Button(
            t("Sector: {name}", name=clipped(posts.sector.label, 24)) if posts.sector.id else t("Sector"),
            press("post.sectors", posts.sector.id, posts.kind.id, posts.words),
        ),
        Button(
            t("Kind: {name}", name=clipped(posts.kind.label, 24)) if posts.kind.id else t("Kind"),
            press("post.kinds", posts.sector.id, posts.kind.id, posts.words),
        ),
    )
    out.row(
        Button(t("Share know-how"), press("post.share"), opens_form=True),
        Button(t("My posts"), press("post.mine", 0)) if not posts.words else None,
    )
    return out.build()


def line_spans(line: PostLine, t: Texts) -> list[Span]:
    """What a list says of a post."""
    meta = t("{kind}, {author}, {day}", kind=line.kind, author=line.author, day=t.short_day(line.day))
    if line.solved is not None:
        meta += f" · {outcome_word(solved=line.solved, t=t)}"
    spans: list[Span] = [Bold(line.title), f"\n{meta}"]
    if line.excerpt:
        spans.append("\n")
        spans.extend(Bold(text) if is_found else text for text, is_found in line.excerpt)
    return spans


def _open_buttons(out: ScreenBuilder, lines: Sequence[PostLine], verb: str) -> None:
    for line in lines:
        out.row(Button(clipped(line.title), press(verb, line.id)))


def turning(out: ScreenBuilder, posts: PostList, action: PageAction) -> None:
    """The row that turns the pages, where there are several."""
    if posts.pages == 1:
        return
    here = f"{posts.page + 1}/{posts.pages}"
    buttons: list[AnyButton] = [Button(here, action(posts.page))]
    if posts.page > 0:
        buttons.insert(0, Button("‹", action(posts.page - 1)))
    if posts.page < posts.pages - 1:
        buttons.append(Button("›", action(posts.page + 1)))
    out.row(*buttons)


def choose_sector(choices: Sequence[Choice], kind_id: int, words: str, t: Texts) -> Screen:
    """Which sector to see."""
    out = screen().para(t("Which sector?"))
    for choice in (Choice(0, t("All sectors")), *choices):
        out.row(Button(clipped(choice.label), press("post.find", 0, choice.id, kind_id, words)))
    return out.build()


def choose_kind(choices: Sequence[Choice], sector_id: int, words: str, t: Texts) -> Screen:
    """Which kind to see."""
    out = screen().para(t("Which kind of post?"))
    for choice in (Choice(0, t("All kinds")), *choices):
        out.row(Button(clipped(choice.label), press("post.find", 0, sector_id, choice.id, words)))
    return out.build()


def mine(posts: PostList, t: Texts) -> Screen:
    """The reader's own posts, and where each stands."""
    out = screen(summary=t("My posts")).heading(t("My posts"))
    if not posts.lines:
        out.para(t("You have not shared anything yet. A short note that saves somebody a day is enough."))
    out.bullets(
        (
            Bold(line.title),
            "\n" + t("{kind}, {day}: {status}", kind=line.kind, day=t.short_day(line.day), status=_status(line, t)),
        )
        for line in posts.lines
    )
    _open_buttons(out, [line for line in posts.lines if line.status is not PostStatus.REMOVED], "post.open")
    turning(out, posts, lambda page: press("post.mine", page))
    return out.row(Button(t("Share know-how"), press("post.share"), opens_form=True), _menu(t)).build()


def _status(line: PostLine, t: Texts) -> str:
    if line.solved is not None and line.status is PostStatus.PUBLISHED:
        return outcome_word(solved=line.solved, t=t)
    match line.status:
        case PostStatus.PENDING:
            return t("with the staff")
        case PostStatus.PUBLISHED:
            return t("published")
        case PostStatus.REJECTED:
            return t("not published")
        case PostStatus.REMOVED:
            return t("removed")
        case PostStatus.CHANGES:
            return t("to be changed")
        case PostStatus.CLOSED:
            return t("no longer valid")


def waiting(posts: PostList, t: Texts) -> Screen:
    """What waits for a moderator, the longest waiting first."""
    out = screen(summary=t("Posts to review")).heading(t("Posts to review"))
    if not posts.lines:
        out.para(t("Nothing is waiting. Well done!"))
    out.bullets(line_spans(line, t) for line in posts.lines)
    _open_buttons(out, posts.lines, "post.review")
    turning(out, posts, lambda page: press("post.waiting", page))
    return out.row(_menu(t)).build()


def _menu(t: Texts) -> Button:
    return Button(t("Menu"), press("home.show"))
