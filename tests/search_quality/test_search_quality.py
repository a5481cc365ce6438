"""The search answers the judged questions about as well as it is known to, on both databases."""

from storage.engine import Database
from storage.enums import Locale
from tests.search_quality import judged

LEAST_RECIPROCAL_RANK = 0.84
LEAST_RECALL = 0.88
CORPUS = 600
"""Made-up posts around the sample community: fewer than the bench has, so that the test is soon over."""


def test_there_are_enough_questions_in_both_languages() -> None:
    asked = judged.questions()
    assert len({question.text for question in asked}) == len(asked) >= 60
    assert min(sum(question.language is locale for question in asked) for locale in Locale) >= 30


async def test_the_right_answers_come_first(database: Database) -> None:
    await judged.fill(database, CORPUS)
    async with database.reading() as session:
        figures = await judged.judge(session, judged.questions(), judged.by_the_program)
    assert figures.reciprocal_rank >= LEAST_RECIPROCAL_RANK, figures
    assert figures.recall >= LEAST_RECALL, figures
