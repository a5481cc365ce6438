"""The sample community's know-how: its working groups, what was posted and answered, and what was found useful."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.demo.community_files import Table, moment_of, rows
from storage.enums import Locale, PostStatus, PostVisibility
from storage.models import AnswerVote, GroupMember, Post, PostAnswer, PostOutcome, PostVote, WorkingGroup

BETWEEN_VOTES = timedelta(hours=5)


async def seed_knowhow(
    session: AsyncSession, *, people: Mapping[str, int], kinds: Mapping[str, int], sectors: Mapping[str, int]
) -> None:
    """Write it all down; people, kinds of post and sectors by their keys."""
    seeding = _Knowhow(session, people, kinds, sectors)
    await seeding.groups()
    for row in rows("posts", "post"):
        await seeding.post(row)


@dataclass(frozen=True, slots=True)
class _Knowhow:
    session: AsyncSession
    people: Mapping[str, int]
    kinds: Mapping[str, int]
    sectors: Mapping[str, int]

    async def _add(self, *new: object) -> None:
        self.session.add_all(new)
        await self.session.flush()

    async def groups(self) -> None:
        for row in rows("groups", "group"):
            since = moment_of(row["since"])
            group = WorkingGroup(name=row["name"], about=row["about"], is_open=row["open"], created_at=since)
            await self._add(group)
            members = [self.people[key] for key in row["members"]]
            await self._add(*(GroupMember(group_id=group.id, person_id=one, at=since) for one in members))

    async def post(self, row: Table) -> None:
        post = Post(
            author_id=self.people[row["author"]],
            kind_id=self.kinds[row["kind"]],
            sector_id=self.sectors[row["sector"]],
            title=row["title"],
            body=row["body"].strip(),
            topics=row["topics"],
            language=Locale(row["language"]),
            link=row.get("link", ""),
            deadline=moment_of(row["deadline"]) if row.get("deadline") else None,
            status=PostStatus(row["status"]),
            visibility=PostVisibility(row.get("visibility", PostVisibility.COMMUNITY)),
            blind=row.get("blind", False),
            created_at=row["published"],
            published_at=row["published"] if row["status"] == PostStatus.PUBLISHED else None,
        )
        await self._add(post)
        await self._add(
            *(PostVote(post_id=post.id, person_id=one, at=at) for one, at in self._votes(row, row["published"]))
        )
        for answer in row.get("answer", []):
            await self._answer(post.id, answer)

    async def _answer(self, post_id: int, row: Table) -> None:
        answer = PostAnswer(
            post_id=post_id, author_id=self.people[row["author"]], body=row["body"].strip(), created_at=row["at"]
        )
        await self._add(answer)
        await self._add(
            *(AnswerVote(answer_id=answer.id, person_id=one, at=at) for one, at in self._votes(row, row["at"]))
        )
        if row.get("solves", False):
            await self._add(PostOutcome(post_id=post_id, answer_id=answer.id, at=row["at"] + BETWEEN_VOTES))

    def _votes(self, row: Table, since: datetime) -> Iterator[tuple[int, datetime]]:
        """Who found it useful and when: one after the other."""
        for number, key in enumerate(row.get("useful", []), 1):
            yield self.people[key], since + number * BETWEEN_VOTES
