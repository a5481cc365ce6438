"""One inbox of everything to decide: who sees what, who has it, and what is told about it."""

import pytest
from sqlalchemy import select

from storage.enums import ApplicationStatus, MissionStatus, PersonStatus, PostStatus, Role
from storage.models import Application, AuditEntry, DecisionHold, Mission, Person, Post, PostKind
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver


async def waiting_person(community: CommunityUnderTest, name: str) -> PersonDriver:
    return await community.member(name, status=PersonStatus.WAITING)


async def pending_post(community: CommunityUnderTest, author: int, title: str) -> int:
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).limit(1))).scalar_one()
        post = Post(
            author_id=author, kind_id=kind, title=title, body="Testo", language="it", status=PostStatus.PENDING,
            created_at=community.clock.now(),
        )  # fmt: skip
        session.add(post)
        await session.flush()
        return post.id


async def application(community: CommunityUnderTest, person: int, title: str, lead: int | None) -> int:
    now = community.clock.now()
    async with community.app.database.writing() as session:
        mission = Mission(
            title=title, place="Tel Aviv", first_day=now.date().replace(month=5), last_day=now.date().replace(month=5),
            zone="Asia/Jerusalem", deadline=now, status=MissionStatus.OPEN, lead_id=lead, created_at=now,
        )  # fmt: skip
        session.add(mission)
        await session.flush()
        one = Application(
            mission_id=mission.id, person_id=person, status=ApplicationStatus.WAITING, applied_at=now,
        )  # fmt: skip
        session.add(one)
        await session.flush()
        return one.id


async def test_everything_in_one_list_the_longest_waiting_first(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    await waiting_person(community, "Anna Rossi")  # thirty days ago
    await pending_post(community, marco.id, "Catena del freddo")
    await application(community, marco.id, "MIXiii 2018", None)

    await giulia.says("/menu")
    giulia.sees("3 cose aspettano una decisione")
    await giulia.says("/dadecidere")
    seen = giulia.sees("Da decidere", "1. Anna Rossi chiede di entrare", "Catena del freddo", "MIXiii 2018")
    assert seen.text.index("Anna Rossi") < seen.text.index("Catena del freddo")
    assert "30 giorni" in seen.text

    await giulia.presses("Post da rivedere (1)")
    giulia.sees("Da decidere", "Catena del freddo")
    assert "Anna Rossi" not in giulia.last.text
    await giulia.presses("Vedi il n. 1")
    await giulia.presses("Apri e decidi")
    giulia.sees("Catena del freddo", "Marco Colombani")


async def test_only_what_i_may_decide(community: CommunityUnderTest) -> None:
    mario = await community.member("Mario Moderatore", roles=(Role.MODERATOR,))
    lea = await community.member("Lea Capo", roles=(Role.MISSION_LEAD,))
    dora = await community.member("Dora Porta", roles=(Role.DOOR,))
    marco = await community.member("Marco Colombani")
    stranger = await community.stranger("Zeno")
    anna = await waiting_person(community, "Anna Rossi")
    await pending_post(community, marco.id, "Catena del freddo")
    await application(community, marco.id, "MIXiii 2018", lea.id)
    await application(community, marco.id, "BIO Boston", mario.id)

    await mario.says("/inbox")
    mario.sees("Catena del freddo")
    mario.sees_nothing_of("Anna Rossi chiede")
    mario.sees_nothing_of("BIO Boston")
    await lea.says("/inbox")
    lea.sees("MIXiii 2018")
    lea.sees_nothing_of("BIO Boston")
    lea.sees_nothing_of("Catena del freddo")
    await mario.sends_action(f"inbox.take:join:{anna.id}")
    mario.told("non spetta a te")
    for person in (dora, marco, stranger):
        await person.says("/inbox")
        for action in (f"inbox.item:join:{anna.id}", f"inbox.take:join:{anna.id}", "inbox.show:all:all:0"):
            await person.sends_action(action)
            person.sees_nothing_of("Anna Rossi chiede")
    await giulia_has_nothing(community)


async def giulia_has_nothing(community: CommunityUnderTest) -> None:
    async with community.app.database.reading() as session:
        assert (await session.execute(select(DecisionHold))).scalars().all() == []


async def test_taken_handed_on_put_back_and_released(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.OWNER,))
    anna = await waiting_person(community, "Anna Rossi")
    await giulia.says("/inbox")
    await giulia.presses("Vedi il n. 1")
    await giulia.presses("Me ne occupo io")
    giulia.sees("Se ne occupa", "Giulia Ferrandi, dal 3 apr 2018, 09:00")

    await tommaso.says("/inbox")
    tommaso.sees("Anna Rossi", "ce l'ha Giulia Ferrandi")
    await tommaso.sends_action(f"inbox.take:join:{anna.id}")
    tommaso.told("Ce l'ha già Giulia Ferrandi")

    await giulia.presses("Passa a un collega")
    await giulia.fills({"Chi se ne occupa?": "Tommaso Brivio"})
    tommaso.sees("Giulia Ferrandi ti passa qualcosa da decidere", "Anna Rossi")
    await tommaso.presses("Guarda")
    tommaso.sees("Tommaso Brivio, dal 3 apr 2018")
    await tommaso.says("/inbox")
    await tommaso.presses("In mano mia")
    tommaso.sees("in mano tua: 1", "Anna Rossi")
    await tommaso.presses("Vedi il n. 1")
    await tommaso.presses("Rimetti a disposizione")
    tommaso.sees("Se ne occupa: ancora nessuno")

    await tommaso.presses("Me ne occupo io")
    await community.later(hours=25)
    await giulia.says("/inbox")
    giulia.sees("Anna Rossi", "ancora di nessuno")
    await giulia.sends_action(f"inbox.take:join:{anna.id}")
    giulia.told("Ora è in mano tua")


async def test_what_was_decided_is_gone(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await waiting_person(community, "Anna Rossi")
    await giulia.says("/inbox")
    await giulia.presses("Vedi il n. 1")
    await giulia.presses("Apri e decidi")
    await giulia.presses("Accetta")
    await giulia.says("/inbox")
    giulia.sees("Qui non aspetta nulla. Ottimo lavoro!")
    await giulia.sends_action(f"inbox.item:join:{anna.id}")
    giulia.told("È già stato deciso")


async def test_the_daily_note(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    mario = await community.member("Mario Moderatore", roles=(Role.MODERATOR,))
    marco = await community.member("Marco Colombani")
    await waiting_person(community, "Anna Rossi")
    await pending_post(community, marco.id, "Catena del freddo")
    await community.tick()
    giulia.sees("1 cosa aspetta una decisione", "Da più di 2 giorni", "Richieste di ingresso: 1")
    await community.later(hours=3)
    assert giulia.count("Da più di 2 giorni") == 1, "once a day, however often the tick comes"
    mario.sees_nothing_of("Da più di 2 giorni")
    await community.later(days=3)  # Friday
    assert giulia.count("Da più di 2 giorni") == 2
    mario.sees("Da più di 2 giorni", "Post da rivedere: 1")
    await community.later(days=1)  # Saturday
    assert giulia.count("Da più di 2 giorni") == 2
    marco.sees_nothing_of("Da più di 2 giorni")


@pytest.mark.parametrize("tries", [10])
async def test_of_many_who_take_it_at_once_one_has_it(web_community: CommunityUnderTest, tries: int) -> None:
    community = web_community
    people = [await community.member(f"Staff{n} Rossi", roles=(Role.STAFF,)) for n in range(tries)]
    anna = await waiting_person(community, "Anna Rossi")
    await community.at_once(*(one.slips_in(f"inbox.take:join:{anna.id}") for one in people))
    async with community.app.database.reading() as session:
        [hold] = (await session.execute(select(DecisionHold))).scalars()
    told = [one for one in people if "Ora è in mano tua" in one.toast]
    assert [one.id for one in told] == [hold.person_id]


async def test_an_owner_reads_the_log_and_has_it_as_a_file(community: CommunityUnderTest) -> None:
    olga = await community.member("Olga Neri", roles=(Role.OWNER,))
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    await waiting_person(community, "=Anna Rossi")
    await giulia.says("/richieste")
    await giulia.presses("Guarda")
    await giulia.presses("Accetta")
    await olga.says("/registro")
    olga.sees("Che cosa è stato deciso", "Giulia Ferrandi", "join.approve", "=Anna Rossi")
    await olga.presses("Post")
    olga.sees("Che cosa è stato deciso", "0 voci")
    await olga.presses("Tutto")
    await olga.presses("Manda in CSV")
    content = (await olga.downloads()).decode("utf-8-sig")
    assert "join.approve" in content
    assert "'=Anna Rossi" in content
    await giulia.says("/registro")
    giulia.told("solo i proprietari")
    await giulia.sends_action("audit.file:all:ever:0:csv")
    giulia.told("solo i proprietari")
    async with community.app.database.reading() as session:
        actions = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
        assert (await session.execute(select(Person.id).where(Person.name == "=Anna Rossi"))).scalar_one()
    assert actions == ["join.approve", "audit.export"]
