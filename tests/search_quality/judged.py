"""Questions with known right answers, a corpus in which they are hard to find, and figures of how well they are."""

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, insert, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.demo import seed
from bot.demo.community_files import read, rows
from handlers.conversation.codes import CodeKeeper
from handlers.finding.carried import WORDS_BYTES
from storage.engine import Database
from storage.enums import EventStatus, Locale, PostStatus, SubjectKind
from storage.models import CommunityEvent, Mission, Person, Post, PostAnswer, PostKind
from storage.queries.search import search, telling_words
from storage.queries.search_index import reindex
from storage.queries.search_kinds import Reader
from tests.bench.generated_posts import generate

SEED = 1975
MADE_UP = 3_000
"""Posts beside the sample community's own; one sentence in ten of theirs is taken from it."""
SHOWN = 5
"""Answers that a page shows."""
LOOKED_AT = 50
"""Answers among which the first right one is looked for."""

Answer = tuple[SubjectKind, int]
Asking = Callable[[AsyncSession, str], Awaitable[Sequence[Answer]]]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wrote, why it is hard, and the keys of what they should find."""

    text: str
    language: Locale
    how: str
    answers: tuple[str, ...]


def questions() -> list[Question]:
    """All of them."""
    with (Path(__file__).parent / "questions.toml").open("rb") as file:
        listed = tomllib.load(file)["question"]
    return [
        Question(
            row.get("it") or row["en"],
            Locale.ITALIAN if "it" in row else Locale.ENGLISH,
            row["how"],
            tuple(row["answers"]),
        )
        for row in listed
    ]


@dataclass(frozen=True, slots=True)
class Figures:
    """How well questions are answered.

    Attributes:
        reciprocal_rank: mean of 1 / the rank of the first right answer, 0 where none is among the first fifty.
        recall: mean share of the right answers that are on the first page.
        asked: how many questions.
        missed: those without a right answer on the first page.
    """

    reciprocal_rank: float
    recall: float
    asked: int
    missed: tuple[str, ...]


async def fill(database: Database, made_up: int = MADE_UP) -> None:
    """The sample community, and made-up posts around it; everything is in the index."""
    async with database.writing() as session:
        await seed.fill(session, codes=CodeKeeper())
        author = (await session.execute(select(Person.id).limit(1))).scalar_one()
        kind = (await session.execute(select(PostKind.id).limit(1))).scalar_one()
        drafts = [
            {
                "author_id": author,
                "kind_id": kind,
                "title": draft.title,
                "body": draft.body,
                "topics": draft.topics,
                "language": draft.language,
                "status": PostStatus.PUBLISHED,
                "link": "",
                "attachment": {},
                "reason": "",
                "created_at": seed.START - timedelta(hours=number),
                "published_at": seed.START - timedelta(hours=number),
            }
            for number, draft in enumerate(generate(made_up, SEED))
        ]
        ids = (await session.execute(insert(Post).returning(Post.id), drafts)).scalars().all()
        await reindex(session, SubjectKind.POST, ids)


async def keys(session: AsyncSession) -> dict[str, Answer]:
    """What the keys of the sample community stand for."""
    by_title: dict[str, Answer] = {}
    for kind, model in ((SubjectKind.POST, Post), (SubjectKind.EVENT, CommunityEvent), (SubjectKind.MISSION, Mission)):
        found: Any = await session.execute(select(model.title, model.id).order_by(model.id.desc()))
        by_title.update({title: (kind, number) for title, number in found})
    named = {row["key"]: by_title[row["title"]] for row in rows("posts", "post")}
    named |= {f"event:{row['key']}": by_title[row["title"]] for row in rows("events", "event")}
    head = read("mission")["mission"]
    named[f"mission:{head['key']}"] = by_title[head["title"]]
    people: Any = await session.execute(select(Person.name, Person.id))
    by_name: dict[str, int] = dict(people.all())
    named |= {f"person:{row['key']}": (SubjectKind.PERSON, by_name[row["name"]]) for row in rows("people", "person")}
    answers: Any = await session.execute(select(PostAnswer.body, PostAnswer.id))
    by_body: dict[str, int] = dict(answers.all())
    for row in rows("posts", "post"):
        for number, one in enumerate(row.get("answer", []), 1):
            named[f"answer:{row['key']}:{number}"] = (SubjectKind.ANSWER, by_body[one["body"].strip()])
    return named


async def judge(session: AsyncSession, asked: Sequence[Question], asking: Asking) -> Figures:
    """Ask all questions and compare the answers with those that are right."""
    named = await keys(session)
    ranks, recalls, missed = [], [], []
    for question in asked:
        right = {named[key] for key in question.answers}
        given = list(await asking(session, question.text))[:LOOKED_AT]
        rank = next((number for number, one in enumerate(given, 1) if one in right), 0)
        ranks.append(1 / rank if rank else 0.0)
        recalls.append(len(right & set(given[:SHOWN])) / len(right))
        if not 0 < rank <= SHOWN:
            missed.append(question.text)
    return Figures(sum(ranks) / len(asked), sum(recalls) / len(asked), len(asked), tuple(missed))


async def by_the_program(session: AsyncSession, question: str) -> list[Answer]:
    """What a member is shown: the words that fit into the buttons, looked for as the program does."""
    words, _ = await telling_words(session, question, WORDS_BYTES)
    reader = Reader(person_id=1, member=True, participant=True)
    found = await search(session, words, reader=reader, now=seed.START, limit=LOOKED_AT)
    return [(hit.kind, hit.subject_id) for hit in found.hits]


# What it is compared with

_STOP_WORDS = "a an and che con da di e for gli i il in is la le lo my o of on or per su the to un una with"


def _plain_words(question: str) -> list[str]:
    written = [word.strip("?!.,’'\"").lower() for word in question.replace("'", " ").split()]
    return [word for word in written if word and word not in _STOP_WORDS.split()]


async def prepare_baseline(database: Database) -> None:
    """An FTS5 table as one makes it without further thought; PostgreSQL's ILIKE needs nothing."""
    if not database.is_sqlite:
        return
    async with database.connection() as connection:
        await connection.execute(text("CREATE VIRTUAL TABLE plain USING fts5(kind, title, body)"))
        for kind, source, columns in (
            (SubjectKind.POST, "posts", "title, body"),
            (SubjectKind.EVENT, "events", "title, description"),
            (SubjectKind.MISSION, "missions", "title, summary_it || summary_en"),
        ):
            statement = (
                f"INSERT INTO plain(rowid, kind, title, body) SELECT id * 10 + {len(kind)}, '{kind}', {columns} "
                f"FROM {source} WHERE status IN ('published', 'open')"
            )
            await connection.execute(text(statement))


async def by_the_baseline(session: AsyncSession, question: str) -> list[Answer]:
    """Plain FTS5 (any of the words, bm25), or ILIKE (as many of the words as possible, the newest first)."""
    words = _plain_words(question)
    if session.get_bind().dialect.name == "sqlite":
        query = " OR ".join(f'"{word}"' for word in words)
        statement = text("SELECT kind, rowid FROM plain WHERE plain MATCH :query ORDER BY bm25(plain) LIMIT :most")
        plain = await session.execute(statement, {"query": query, "most": LOOKED_AT})
        return [(SubjectKind(kind), (row - len(kind)) // 10) for kind, row in plain]
    ranked: list[tuple[int, float, Answer]] = []
    sources: Mapping[SubjectKind, tuple[Any, Any, Any, ColumnElement[bool]]] = {
        SubjectKind.POST: (Post, Post.body, Post.published_at, Post.status == PostStatus.PUBLISHED),
        SubjectKind.EVENT: (
            CommunityEvent,
            CommunityEvent.description,
            CommunityEvent.published_at,
            CommunityEvent.status == EventStatus.PUBLISHED,
        ),
        SubjectKind.MISSION: (Mission, Mission.summary_it, Mission.opened_at, Mission.opened_at.is_not(None)),
    }
    for kind, (model, body, when, shown) in sources.items():
        holds = [or_(model.title.icontains(word), body.icontains(word)) for word in words]
        number: ColumnElement[int] = sum((cast(hold, Integer) for hold in holds), start=literal(0))
        page = select(model.id, number, when).where(shown, or_(*holds)).order_by(number.desc(), when.desc())
        found = await session.execute(page.limit(LOOKED_AT))
        ranked += [(row[1], row[2].timestamp(), (kind, row[0])) for row in found]
    return [answer for _, _, answer in sorted(ranked, key=lambda one: (-one[0], -one[1]))[:LOOKED_AT]]
