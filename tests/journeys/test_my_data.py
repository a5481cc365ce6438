"""See, receive and erase one's data, on every platform; nothing of the erased is left anywhere."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from storage.enums import Answer, MeetingStatus, OutboxState, PersonStatus, Platform, PostStatus, Role
from storage.models import (
    Account,
    AuditEntry,
    EventAnswer,
    Meeting,
    MeetingParty,
    OutboxMessage,
    Person,
    Post,
    PostAnswer,
)
from storage.personal.terms import ANONYMOUS
from tests.journeys.busy_life import KEPT_WITH_POSTS, NAME, WORDS, Life, busy_life
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver
from tests.journeys.traces import in_files, indexed, traces


async def erases(person: PersonDriver, choice: str) -> None:
    """Ask for the erasure and confirm it twice."""
    t = person.t
    await person.says("/mydata")
    await person.presses(t("Erase my data …"))
    person.sees(t("What goes:"), t("What stays:"))
    await person.presses(choice)
    person.sees(t("This cannot be taken back: nobody can bring your data back, and you leave the community."))
    await person.presses(t("Yes, erase for good"))


async def nothing_is_left(community: CommunityUnderTest, life: Life, *, but: tuple[str, ...] = ()) -> None:
    """Every table, the search index, the files, everybody's chats and the channel."""
    await community.later(minutes=3)
    await community.later(minutes=3)
    if community.platform is Platform.WEB:
        life.zenobia.sees(life.zenobia.t("Erased"))
        await community.later(days=2)  # the farewell stands in a table of ours, for a day
    gone = [NAME, "mi-zulu", *(one for one in WORDS if one not in but), "zenobia-web"]
    account = life.zenobia.account
    if not account.isdecimal() or len(account) > 6:
        gone.append(account)
    assert await traces(community.app.database, gone) == []
    for one in (life.marco, life.owner):
        for words in gone:
            one.sees_nothing_of(words)
    for words in gone:
        assert not any(words in text for text in community.channel_texts()), words
    if community.app.database.is_sqlite:
        path = Path(make_url(community._settings.database.url).database or "")
        for words in gone:
            assert indexed(path, words.rpartition("-")[2]) == [], words
        await community.app.database.forget_old_pages()
        assert in_files(path, gone) == []


async def test_everything_goes_at_once(community: CommunityUnderTest) -> None:
    life = await busy_life(community)
    zenobia, marco, t = life.zenobia, life.marco, life.zenobia.t
    assert await traces(community.app.database, [NAME]) != []
    assert set(WORDS) == {one.split(": ")[1] for one in await traces(community.app.database, WORDS)}
    marco.sees(NAME)
    if community.platform is not Platform.WEB:
        assert any(NAME in text for text in community.channel_texts())
    number = zenobia.id

    await erases(zenobia, t("Erase me and my posts"))
    zenobia.sees(t("Erased"))
    await nothing_is_left(community, life)

    async with community.app.database.reading() as session:
        person = await session.get_one(Person, number)
        assert (person.status, person.name) == (PersonStatus.ERASED, ANONYMOUS)
        assert (await session.execute(select(func.count()).where(Account.person_id == number))).scalar_one() == 0
        answers = {
            (one.event_id, one.person_id): one.answer for one in (await session.execute(select(EventAnswer))).scalars()
        }
        assert answers == {(life.past_event, number): Answer.GOING, (life.future_event, marco.id): Answer.GOING}
        meetings = [one.status for one in (await session.execute(select(Meeting).order_by(Meeting.id))).scalars()]
        assert meetings == [MeetingStatus.HELD, MeetingStatus.CANCELLED]
        assert (await session.execute(select(func.count()).select_from(MeetingParty))).scalar_one() == 4
        left = (
            await session.execute(
                select(OutboxMessage.state, OutboxMessage.chat).where(OutboxMessage.person_id == number)
            )
        ).all()
        assert left
        assert {chat for _, chat in left} == {""}
        assert OutboxState.QUEUED not in {state for state, _ in left}
        entry = (await session.execute(select(AuditEntry).where(AuditEntry.action == "person.erase"))).scalar_one()
        assert (entry.by_person_id, entry.subject_id) == (number, number)
    marco.sees(ANONYMOUS)  # the meeting is off, told with a number's name
    if community.platform is not Platform.WEB:
        assert any(t("This post was removed.") in text for text in community.channel_texts())


async def test_posts_may_stay_without_a_name(community: CommunityUnderTest) -> None:
    life = await busy_life(community)
    t = life.zenobia.t
    await erases(life.zenobia, t("Erase me, leave my posts without my name"))
    await nothing_is_left(community, life, but=KEPT_WITH_POSTS)
    async with community.app.database.reading() as session:
        post = await session.get_one(Post, life.post)
        assert (post.status, post.title) == (PostStatus.PUBLISHED, WORDS[4])
        assert (await session.execute(select(PostAnswer.body))).scalars().all() == [WORDS[8]]
    await life.marco.says("ricetta")
    life.marco.sees(WORDS[4], t("a former member"))
    life.marco.sees_nothing_of(NAME)


async def test_on_both_databases(web_community: CommunityUnderTest) -> None:
    life = await busy_life(web_community)
    await erases(life.zenobia, life.zenobia.t("Erase me and my posts"))
    await nothing_is_left(web_community, life)


async def test_the_copy_has_all_of_mine_and_nothing_of_others(community: CommunityUnderTest) -> None:
    life = await busy_life(community)
    zenobia, t = life.zenobia, life.zenobia.t
    await community.later(seconds=1)
    await zenobia.says("/mydata")
    zenobia.sees(t("Your data"), NAME)
    await zenobia.presses(t("Send me a copy"))
    zenobia.told(t("I'm putting together what I hold about you. It comes here as a file in a moment."))
    await zenobia.says("/mydata")
    zenobia.sees(t("A copy is being put together: it comes here as a file."))
    await community.later(seconds=10)
    content = await zenobia.downloads()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        data, page = packed.read("data.json").decode(), packed.read("data.html").decode()
    found = json.loads(data)
    assert (found["format"], found["version"], found["person"]) == ("community-bot/personal-data", 1, zenobia.id)
    not_handed_over = {
        "coda-marzapane", "ping-liquirizia", "copia-sassofrasso", "grezzo-velocipede", "lettera-bergamotta",
        "fatto-malvarosa", "lista-genziana",
    }  # fmt: skip
    for words in {NAME, "mi-zulu", *WORDS} - not_handed_over:
        assert words in data, words
        assert words in page, words
    for other in (life.marco, life.owner):
        assert other.name not in data
        assert other.account not in data or other.account.isdecimal()
    await community.later(minutes=1)
    await community.later(minutes=1)
    assert await traces(community.app.database, ["copia-sassofrasso"]) == [], "an archive is kept until it has arrived"


async def test_two_taps_erase_once(community: CommunityUnderTest) -> None:
    await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    sara = await community.member("Sara Bonavita")
    t = sara.t
    await sara.says("/mydata")
    await sara.presses(t("Erase my data …"))
    await sara.presses(t("Erase everything"))
    await sara.presses(t("Yes, erase for good"))
    await sara.again()
    await sara.sends_action("privacy.erase3:0:1")
    await sara.sends_action(f"privacy.erase3:0:{int(community.clock.now().timestamp()) // 60}")
    await sara.sends_action("event.list")
    async with community.app.database.reading() as session:
        done = (await session.execute(select(AuditEntry).where(AuditEntry.action == "person.erase"))).scalars().all()
        assert len(done) == 1
        assert (await session.execute(select(func.count()).select_from(Account))).scalar_one() == 1
    sara.sees_nothing_of("Sara Bonavita")


async def test_an_old_second_question_is_asked_again(community: CommunityUnderTest) -> None:
    sara = await community.member("Sara Bonavita")
    t = sara.t
    await sara.says("/mydata")
    await sara.presses(t("Erase my data …"))
    await sara.presses(t("Erase everything"))
    await community.later(days=30)
    await sara.presses(t("Yes, erase for good"))
    sara.sees(t("What goes:"))
    async with community.app.database.reading() as session:
        assert (await session.get_one(Person, sara.id)).status is PersonStatus.MEMBER


async def test_the_last_owners_stay(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    await community.member("Chiara Mezzabarbi", roles=(Role.OWNER,))
    t = giulia.t
    await giulia.says("/mydata")
    await giulia.presses(t("Erase my data …"))
    last = (
        "You are one of the last two owners of this community, and it must never be without. Make somebody else an "
        "owner first, then come back: your data is erased at once."
    )
    giulia.sees(t(last))
    await giulia.sends_action(f"privacy.erase3:0:{int(community.clock.now().timestamp()) // 60}")
    async with community.app.database.reading() as session:
        assert (await session.get_one(Person, giulia.id)).status is PersonStatus.MEMBER
    await community.member("Elena Maspero", roles=(Role.OWNER,))
    await giulia.presses(t("Erase my data …"))
    await giulia.presses(t("Erase everything"))
    await giulia.presses(t("Yes, erase for good"))
    async with community.app.database.reading() as session:
        assert (await session.get_one(Person, giulia.id)).status is PersonStatus.ERASED


async def test_staff_erase_on_request(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    staff = await community.member("Chiara Mezzabarbi", roles=(Role.STAFF,))
    sara = await community.member("Sara Bonavita")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    t = staff.t
    for nosy in (sara, outsider):
        await nosy.says("/erase Giulia")
        nosy.sees_nothing_of("Giulia Ferrandi")
        await nosy.sends_action(f"privacy.person:{giulia.id}")
        await nosy.sends_action(f"privacy.onrequest:{giulia.id}:0")
    await staff.says("/erase bonavita")
    await staff.presses("Sara Bonavita")
    await staff.presses(t("Erase everything"))
    await staff.fills({t("Why? (letter or ticket, without the name)"): "Lettera di Sara Bonavita del 2 aprile"})
    staff.sees(
        t("✓ Erased. In the audit log they are number {number}; the name stands nowhere any more.", number=sara.id)
    )
    await community.later(minutes=3)
    async with community.app.database.reading() as session:
        entry = (
            await session.execute(select(AuditEntry).where(AuditEntry.action == "person.erase_on_request"))
        ).scalar_one()
        assert (entry.by_person_id, entry.subject_id) == (staff.id, sara.id)
        assert entry.reason == f"Lettera di ({sara.id}) del 2 aprile"
        assert (await session.get_one(Person, giulia.id)).status is PersonStatus.MEMBER
    assert await traces(community.app.database, ["Sara Bonavita"]) == []
    staff.sees_nothing_of("Sara Bonavita")


@pytest.mark.parametrize("status", [PersonStatus.SUSPENDED, PersonStatus.REFUSED])
async def test_who_is_shut_out_keeps_these_rights(community: CommunityUnderTest, status: PersonStatus) -> None:
    sara = await community.member("Sara Bonavita", status=status)
    t = sara.t
    await sara.says("/mydata")
    await sara.presses(t("Send me a copy"))
    await community.later(seconds=10)
    assert await sara.downloads()
    await sara.presses(t("Erase my data …"))
    await sara.presses(t("Erase everything"))
    await sara.presses(t("Yes, erase for good"))
    assert await traces(community.app.database, ["Sara Bonavita"]) == []


async def test_a_stranger_is_told_that_there_is_nothing(community: CommunityUnderTest) -> None:
    zeno = await community.stranger("Zeno")
    await zeno.starts()
    await zeno.says("/mydata")
    zeno.told(zeno.t("I don't know you, so there is nothing of yours here. Write /start to join."))
    await zeno.sends_action(f"privacy.erase3:0:{int(community.clock.now().timestamp()) // 60}")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 0
