"""Searching: by command, by plain words, and by the buttons below what was found."""

from handlers.conversation.actions import action, command, free_text
from handlers.conversation.answers import clean
from handlers.conversation.context import Context
from handlers.conversation.event import Replies, Show, Tell
from handlers.conversation.permissions import Permission
from handlers.conversation.texts import N_
from handlers.finding import reading, screens
from handlers.finding.carried import WORDS_BYTES, Asked, By, cut, from_button, page_from_button


@command(
    "search",
    "cerca",
    N_("Search posts, events and missions: /search and a word"),
    Permission.PARTICIPANT,
    home=N_("Search"),
    home_order=14,
)
async def search(ctx: Context, words: str) -> Replies:
    """Search, or say how."""
    return await _search(ctx, words)


@command(
    "find", "trova", N_("Search posts, events and missions: /search and a word"), Permission.PARTICIPANT, listed=False
)
async def find(ctx: Context, words: str) -> Replies:
    """The same by other names that people try."""
    return await _search(ctx, words)


async def _search(ctx: Context, typed: str) -> Replies:
    words = clean(typed, lines=False)
    asked, shortened = await reading.asked_for(ctx, words)
    if not asked.words:
        return Tell(screens.what_to_find(member=ctx.may(Permission.MEMBER), t=ctx.t))
    results = await reading.found(ctx, asked, shortened=shortened)
    if results.lines:
        return Tell(screens.found(results, ctx.t))
    return Tell(screens.nothing_found(results, words, await reading.ways_out(ctx, results), ctx.t))


@free_text
async def plain_words(ctx: Context, text: str) -> Replies:
    """Plain words in private are a search; in a group people talk to each other."""
    if not ctx.event.private:
        return None
    if not ctx.may(Permission.PARTICIPANT):
        return Tell(screens.not_yet(clean(text, lines=False), ctx.t))
    if ctx.event.file is not None:
        can_share = ctx.may(Permission.MEMBER)
        return Tell(screens.a_file(ctx.t) if can_share else screens.not_yet("", ctx.t))
    return await _search(ctx, text)


def _asked(words: str, filters: str, page: str = "0") -> Asked:
    return Asked(cut(clean(words, lines=False), WORDS_BYTES), from_button(filters), page_from_button(page))


@action("find.go", Permission.PARTICIPANT)
async def go(ctx: Context, page: str, filters: str, words: str) -> Replies:
    """Another page or filter of a search."""
    asked = _asked(words, filters, page)
    if not asked.words:
        return Show(screens.what_to_find(member=ctx.may(Permission.MEMBER), t=ctx.t))
    results = await reading.found(ctx, asked)
    if results.lines:
        return Show(screens.found(results, ctx.t))
    return Show(screens.nothing_found(results, asked.words, await reading.ways_out(ctx, results), ctx.t))


@action("find.by", Permission.PARTICIPANT)
async def narrow(ctx: Context, by: By, filters: str, words: str) -> Replies:
    """What to narrow a search down to."""
    asked = _asked(words, filters)
    question, choices = await reading.choices_by(ctx, asked, by)
    return Show(screens.choose(question, choices, asked, ctx.t))
