"""Deadlines that are followed, and partners for a call, on every platform."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from storage.enums import Locale, PersonStatus, PostStatus
from storage.models import CallFollow, CallPartner, Introduction, Post, PostKind, Sector
from storage.queries.search_index import index_all
from tests.journeys.community import CommunityUnderTest
from tests.journeys.people import PersonDriver

TITLE = "Bando per progetti pilota"


async def call(
    community: CommunityUnderTest, author: PersonDriver, days: float, *, title: str = TITLE, sector: str = "ict"
) -> int:
    """A published call whose deadline is the last minute of a day, so many days from now."""
    now = community.clock.now()
    zone = community.app.community.zone
    last = (now.astimezone(zone) + timedelta(days=days)).replace(hour=23, minute=59, second=0, microsecond=0)
    async with community.app.database.writing() as session:
        kind = (await session.execute(select(PostKind.id).where(PostKind.key == "call"))).scalar_one()
        of_sector = (await session.execute(select(Sector.id).where(Sector.key == sector))).scalar_one()
        post = Post(
            author_id=author.id, kind_id=kind, sector_id=of_sector, title=title, body="Fino a 200.000 euro.",
            language=Locale.ITALIAN, status=PostStatus.PUBLISHED, created_at=now, published_at=now, deadline=last,
        )  # fmt: skip
        session.add(post)
        await session.flush()
        await index_all(session)
        return post.id


async def moved(community: CommunityUnderTest, post: int, by: timedelta) -> None:
    """The deadline is edited."""
    async with community.app.database.writing() as session:
        row = await session.get_one(Post, post)
        assert isinstance(row.deadline, datetime)
        row.deadline += by


async def test_told_at_each_lead_once_and_never_after_the_deadline(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani", locale=Locale.ENGLISH)
    anna = await community.member("Anna Rossi")
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await call(community, giulia, 31)
    await outsider.sends_action(f"call.follow:{post}:1")
    await sara.sends_action(f"post.open:{post}")
    await sara.presses("Segui questa scadenza")
    assert any("✓ Segui" in label for one in sara.messages() for label in one.buttons)
    await marco.says("/calls")
    marco.sees("Open calls", TITLE, "31 days left")
    await marco.presses("What I follow")
    await marco.presses("Follow more")
    await marco.fills({"Which kind of call?": "Funding call", "Which sector?": "ICT for health"})
    marco.sees("Funding call, ICT for health")
    await anna.sends_action("call.more")
    await anna.fills({"Quale settore?": "Dispositivi medici e diagnostica"})

    async def told() -> tuple[int, int]:
        return sara.count(f": «{TITLE}»"), marco.count(f": “{TITLE}”")

    await community.later(hours=23)
    assert await told() == (0, 0)
    await community.later(hours=2)
    sara.sees(f"Mancano 30 giorni: «{TITLE}»", "Bando", "ICT per la salute")
    marco.sees(f"30 days left: “{TITLE}”")
    await community.later(days=2)
    assert await told() == (1, 1)
    await community.later(days=14)
    sara.sees(f"Mancano 14 giorni: «{TITLE}»")
    await marco.presses("No more about this one")
    await community.later(days=7)
    sara.sees(f"Mancano 7 giorni: «{TITLE}»")
    await community.later(days=5)
    sara.sees(f"Mancano 2 giorni: «{TITLE}»")
    await community.later(days=20)
    assert (await told())[0] == 4
    marco.sees_nothing_of("7 days left")
    anna.sees_nothing_of(f": «{TITLE}»")
    outsider.sees_nothing_of(TITLE)


async def test_reminders_move_with_the_deadline(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita")
    post = await call(community, giulia, 15)
    await sara.sends_action(f"call.follow:{post}:1")
    await community.tick()
    sara.sees_nothing_of("Mancano")
    await moved(community, post, timedelta(days=20))
    await community.later(days=3)
    sara.sees_nothing_of("Mancano")
    await community.later(days=3)
    sara.sees("Mancano 29 giorni")
    await community.later(days=28)
    sara.sees("Manca 1 giorno")
    await community.later(days=5)
    assert sara.count("Manca") == 2, "after a pause only the nearest is told, and none after the deadline"


async def test_nothing_is_told_of_what_was_removed_or_is_followed_no_longer(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post = await call(community, giulia, 15)
    other = await call(community, giulia, 15, title="Voucher per brevetti")
    for one in (post, other):
        await sara.sends_action(f"call.follow:{one}:1")
    await giulia.sends_action(f"post.drop:{post}")
    await sara.sends_action("call.follows")
    sara.sees("Le scadenze che segui", "Voucher per brevetti")
    async with community.app.database.reading() as session:
        follow = (await session.execute(select(CallFollow.id).where(CallFollow.post_id == other))).scalar_one()
    await marco.sends_action(f"call.stop:{follow}")
    async with community.app.database.reading() as session:
        assert await session.get(CallFollow, follow) is not None
    await sara.presses("Basta con la n. 1")
    await community.later(days=10)
    sara.sees_nothing_of("Manca")


async def test_partners_find_each_other_and_both_say_yes(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita", organisation="Ospedale della Martesana")
    marco = await community.member("Marco Colombani", organisation="Salodini Dispositivi")
    guest = await community.member("Guido Ospite", status=PersonStatus.GUEST)
    outsider = await community.stranger("Zeno")
    await outsider.starts()
    post = await call(community, giulia, 40)

    await sara.sends_action(f"post.open:{post}")
    await sara.presses("Partner per il bando")
    sara.sees("Non si è ancora iscritto nessuno")
    await sara.presses("Anch'io cerco un partner")
    await sara.fills({"Che cosa porti, e chi cerchi?": "Abbiamo i pazienti."})
    sara.sees("Sara Bonavita, Ospedale della Martesana", "Abbiamo i pazienti.")
    async with community.app.database.reading() as session:
        partner = (await session.execute(select(CallPartner.id))).scalar_one()
    for nosy in (guest, outsider):
        await nosy.sends_action(f"call.partners:{post}:0")
        await nosy.sends_action(f"call.contact:{partner}")
        nosy.sees_nothing_of("Abbiamo i pazienti")

    await marco.sends_action(f"call.partners:{post}:0")
    marco.sees("Sara Bonavita, Ospedale della Martesana", "Abbiamo i pazienti.")
    marco.sees_nothing_of("sara@")
    await marco.presses("Contatta il n. 1")
    await marco.fills({"Come può contattarti?": "marco@salodini.example"})
    sara.sees("Marco Colombani vorrebbe conoscerti", TITLE)
    sara.sees_nothing_of("marco@salodini.example")
    await sara.presses("Sì, presentaci")
    await sara.fills({"Come può contattarti?": "sara@martesana.example"})
    sara.sees("marco@salodini.example")
    marco.sees("sara@martesana.example")

    await sara.sends_action(f"call.partners:{post}:0")
    await sara.presses("Toglimi dall'elenco")
    await marco.sends_action(f"call.contact:{partner}")
    marco.told("Qui non cerca più un partner.")
    async with community.app.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Introduction))).scalar_one() == 1


async def test_who_was_blocked_or_comes_too_late_sees_no_partner(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post = await call(community, giulia, 40)
    await sara.sends_action(f"call.seek:{post}")
    await sara.fills({"Che cosa porti, e chi cerchi?": "Abbiamo i pazienti."})
    await marco.sends_action(f"call.seek:{post}")
    await marco.fills({"Che cosa porti, e chi cerchi?": "Portiamo il sensore."})
    marco.sees("Abbiamo i pazienti.")
    await marco.sends_action(f"call.partners:{post}:0")
    await marco.presses("Contatta il n. 2")
    await marco.fills({"Come può contattarti?": "marco@salodini.example"})
    await sara.sends_action(f"people.block:{marco.id}")
    await marco.sends_action(f"call.partners:{post}:0")
    assert "Abbiamo i pazienti." not in marco.last.text
    async with community.app.database.writing() as session:
        await session.execute(update(Post).values(deadline=community.clock.now()))
    await sara.sends_action(f"call.partners:{post}:0")
    sara.told("Questo bando è scaduto.")
    await sara.says("/bandi")
    sara.sees("non ci sono bandi aperti")


async def test_on_each_database(web_community: CommunityUnderTest) -> None:
    community = web_community
    giulia = await community.member("Giulia Serra")
    sara = await community.member("Sara Bonavita")
    marco = await community.member("Marco Colombani")
    post = await call(community, giulia, 15)
    await sara.sends_action("call.more")
    await sara.fills({"Quale settore?": "ICT per la salute"})
    await marco.sends_action(f"call.seek:{post}")
    await marco.fills({"Che cosa porti, e chi cerchi?": "Portiamo il sensore."})
    await community.later(days=1, hours=1)
    sara.sees(f"Mancano 14 giorni: «{TITLE}»")
    await sara.presses("Partner per il bando")
    sara.sees("Marco Colombani", "Portiamo il sensore.")
    await sara.presses("Contatta il n. 1")
    await sara.fills({"Come può contattarti?": "sara@martesana.example"})
    marco.sees("Sara Bonavita vorrebbe conoscerti", TITLE)
    await sara.sends_action(f"call.follow:{post}:0")
    await community.later(days=7)
    sara.sees_nothing_of("Mancano 7 giorni")  # not this one, though of the sector
