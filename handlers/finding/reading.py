"""What each reader is shown of a search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.conversation.context import ReadContext
from handlers.conversation.finding import RESULT_KINDS, ResultLine
from handlers.conversation.permissions import Permission
from handlers.finding.carried import HITS_A_PAGE, MOST_PAGES, WORDS_BYTES, Asked, By, clipped
from handlers.finding.screens import Choice, Line, Results, Way
from storage.enums import Locale, SubjectKind
from storage.models import PostKind, Sector
from storage.queries import identity, posts
from storage.queries.search import Found, search, telling_words, topic_name, topics_found
from storage.queries.search_kinds import Reader
from storage.search_excerpts import excerpt

MOST_TOPICS = 10
"""Topics to choose from."""
MOST_WAYS = 4
"""Suggestions when nothing is found."""
FOR_MEMBERS = frozenset({SubjectKind.POST, SubjectKind.ANSWER, SubjectKind.PERSON})
"""What guests of a mission are not offered to narrow a search down to."""
ALL = 1_000
"""More than are ever ranked."""


async def reader_of(ctx: ReadContext) -> Reader:
    """Who searches, and what they may see."""
    sectors = await identity.sectors_of(ctx.session, ctx.me.id)
    return Reader(
        acted_for=ctx.acting is not None,
        person_id=ctx.me.id,
        member=ctx.may(Permission.MEMBER),
        participant=ctx.may(Permission.PARTICIPANT),
        runs_missions=ctx.may(Permission.MISSION),
        sectors=frozenset(sector.id for sector in sectors),
    )


async def asked_for(ctx: ReadContext, typed: str) -> tuple[Asked, bool]:
    """A search for what was typed, as far as its buttons can carry it; and whether words had to be left out."""
    words, shortened = await telling_words(ctx.session, typed, WORDS_BYTES)
    return Asked(words), shortened


@dataclass(slots=True)
class _Searching:
    """One reader's searches."""

    ctx: ReadContext
    reader: Reader

    async def run(self, asked: Asked, *, limit: int = HITS_A_PAGE, offset: int = 0) -> Found:
        return await search(
            self.ctx.session,
            asked.words,
            reader=self.reader,
            now=self.ctx.now,
            filters=asked.filters,
            limit=limit,
            offset=offset,
        )


async def found(ctx: ReadContext, asked: Asked, *, shortened: bool = False) -> Results:
    """A page of what is found; a page that is not there gives the nearest, a filter that is gone lets all through."""
    reader = await reader_of(ctx)
    results = await _named(ctx, reader, Results(asked=asked, shortened=shortened, member=reader.member))
    asked = results.asked
    searching = _Searching(ctx, reader)
    page = min(asked.page, MOST_PAGES - 1)
    answer = await searching.run(asked, offset=page * HITS_A_PAGE)
    if not answer.hits and answer.total:
        page = (answer.total - 1) // HITS_A_PAGE
        answer = await searching.run(asked, offset=page * HITS_A_PAGE)
    return replace(
        results,
        asked=replace(asked, page=page),
        lines=await _lines(ctx, answer),
        total=answer.total,
        more=answer.more,
        corrected=answer.corrected,
        partly=0 < answer.total == answer.partly,
    )


async def _named(ctx: ReadContext, reader: Reader, results: Results) -> Results:
    """The results with the names of their filters; what no longer exists, or is not for this reader, is dropped."""
    wanted = results.asked.filters
    kind = RESULT_KINDS.get(wanted.kind) if wanted.kind is not None else None
    subkind = await ctx.session.get(PostKind, wanted.subkind) if kind and wanted.subkind else None
    sector = await ctx.session.get(Sector, wanted.sector_id) if wanted.sector_id else None
    topic = await topic_name(ctx.session, wanted.topic_id, reader) if wanted.topic_id else ""
    kept = replace(
        wanted,
        kind=wanted.kind if kind else None,
        subkind=wanted.subkind if subkind else 0,
        sector_id=wanted.sector_id if sector else 0,
        topic_id=wanted.topic_id if topic else 0,
    )
    name = ctx.t.of(subkind, "name") if subkind else ctx.t(kind.name) if kind else ""
    return replace(
        results,
        asked=replace(results.asked, filters=kept),
        kind=name,
        sector=ctx.t.of(sector, "name") if sector else "",
        topic=topic,
        language=_language(ctx, wanted.language) if wanted.language else "",
    )


def _language(ctx: ReadContext, language: Locale) -> str:
    match language:
        case Locale.ITALIAN:
            return ctx.t("Italian")
        case Locale.ENGLISH:
            return ctx.t("English")


async def _lines(ctx: ReadContext, answer: Found) -> list[Line]:
    """The hits in their order, whatever their kinds; each kind is asked once."""
    shown: dict[tuple[SubjectKind, int], ResultLine] = {}
    for kind, results in RESULT_KINDS.items():
        ids = [hit.subject_id for hit in answer.hits if hit.kind is kind]
        if ids:
            shown.update({(kind, one): line for one, line in (await results.lines(ctx, ids)).items()})
    lines = [shown[hit.kind, hit.subject_id] for hit in answer.hits if (hit.kind, hit.subject_id) in shown]
    return [
        Line(
            line.title,
            line.about,
            [(piece.text, piece.found) for piece in excerpt(line.text, answer.looked)],
            line.press,
        )
        for line in lines
    ]


async def ways_out(ctx: ReadContext, results: Results) -> list[Way]:
    """What finds something where this search found nothing: a filter less, then each word alone."""
    searching = _Searching(ctx, await reader_of(ctx))
    asked = results.asked
    choices = [Choice(ctx.t("Without “{filter}”", filter=name), without) for name, without in _relaxed(ctx, results)]
    if len(choices) > 1:
        choices.append(Choice(ctx.t("Search everywhere"), Asked(asked.words)))
    single = asked.words.split()
    if len(single) > 1:
        choices += [Choice(ctx.t("Only “{word}”", word=word), Asked(word, asked.filters)) for word in single]
    ways = []
    for choice in choices:
        total = (await searching.run(choice.asked, limit=1)).total
        if total:
            ways.append(Way(choice, total))
        if len(ways) == MOST_WAYS:
            break
    return ways


def _relaxed(ctx: ReadContext, results: Results) -> list[tuple[str, Asked]]:
    asked, wanted = results.asked, results.asked.filters
    every: list[tuple[bool, str, dict[str, object]]] = [
        (wanted.kind is not None, results.kind, {"kind": None, "subkind": 0}),
        (bool(wanted.sector_id), results.sector, {"sector_id": 0}),
        (bool(wanted.topic_id), results.topic, {"topic_id": 0}),
        (wanted.language is not None, results.language, {"language": None}),
        (wanted.still_open, ctx.t("open or still valid"), {"still_open": False}),
        (wanted.mine, ctx.t("mine"), {"mine": False}),
    ]
    return [(name, asked.narrowed(**changes)) for in_use, name, changes in every if in_use]


async def choices_by(ctx: ReadContext, asked: Asked, by: By) -> tuple[str, list[Choice]]:
    """The question and the answers to narrow a search down by."""
    t = ctx.t
    match by:
        case By.KIND:
            kinds = [Choice(t("All kinds"), asked.narrowed(kind=None, subkind=0))]
            for kind, shown in RESULT_KINDS.items():
                if kind in FOR_MEMBERS and not ctx.may(Permission.MEMBER):
                    continue
                kinds.append(Choice(t(shown.name), asked.narrowed(kind=kind, subkind=0)))
                if kind is SubjectKind.POST:
                    kinds += [
                        Choice(f"– {t.of(sort, 'name')}", asked.narrowed(kind=kind, subkind=sort.id))
                        for sort in await posts.kinds(ctx.session)
                    ]
            return t("What shall it be?"), kinds
        case By.SECTOR:
            sectors: Sequence[Sector] = await identity.sectors(ctx.session)
            named = [Choice(t.of(sector, "name"), asked.narrowed(sector_id=sector.id)) for sector in sectors]
            return t("Which sector?"), [Choice(t("All sectors"), asked.narrowed(sector_id=0)), *named]
        case By.TOPIC:
            every = [Choice(t("All topics"), asked.narrowed(topic_id=0))]
            return t("Which topic?"), every + await _topics(ctx, asked.narrowed(topic_id=0))
        case By.LANGUAGE:
            languages = [Choice(_language(ctx, language), asked.narrowed(language=language)) for language in Locale]
            return t("In which language?"), [Choice(t("Both languages"), asked.narrowed(language=None)), *languages]


async def _topics(ctx: ReadContext, asked: Asked) -> list[Choice]:
    """The topics of what is found, the commonest first."""
    answer = await _Searching(ctx, await reader_of(ctx)).run(asked, limit=ALL)
    return [
        Choice(f"{clipped(name, 40)} ({number})", asked.narrowed(topic_id=topic))
        for topic, name, number in await topics_found(ctx.session, answer.hits, most=MOST_TOPICS)
    ]
