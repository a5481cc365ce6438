"""The trial of a new installation, and the second person who must approve what goes to many."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.enums import AnnouncementStatus, Locale, OutboxState, Platform, Role
from storage.models import AuditEntry
from tests.journeys.announcing import go_on, newest, refused, send, states, write
from tests.journeys.community import CommunityUnderTest


@pytest.fixture
async def fresh(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """A new installation, on every platform in turn."""
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, trial=True) as opened:
        yield opened


@pytest.fixture
async def careful(platform: Platform, sqlite_url: str, tmp_path: Path) -> AsyncIterator[CommunityUnderTest]:
    """A community in which two people must agree on what goes to more than three."""
    settings: dict[str, object] = {"second_approval_above": 3}
    async with CommunityUnderTest.open(platform, sqlite_url, tmp_path, announcements=settings) as opened:
        yield opened


async def decisions(community: CommunityUnderTest) -> list[str]:
    async with community.app.database.reading() as session:
        return list((await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars())


@pytest.mark.parametrize("locale", list(Locale))
async def test_a_new_installation_writes_to_its_staff_until_an_owner_says_otherwise(
    fresh: CommunityUnderTest, locale: Locale
) -> None:
    olga = await fresh.member("Olga", roles=(Role.OWNER,), locale=locale)
    giulia = await fresh.member("Giulia", roles=(Role.STAFF,), locale=locale)
    anna = await fresh.member("Anna")
    outsider = await fresh.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    await write(giulia)
    trial = t.n(
        "Trial mode: it goes to the staff only. Otherwise {n} person would get it.",
        "Trial mode: it goes to the staff only. Otherwise {n} people would get it.",
        3,
    )
    giulia.sees(trial)
    await send(giulia, 2)
    olga.sees(t("This is a trial: only the staff have got it."))
    assert anna.count("Sede chiusa") == 0
    first = await newest(fresh)
    assert await states(fresh, first.id) == {OutboxState.SENT: 2}
    await anna.sends_action(f"announce.read:{first.id}")
    assert anna.count("Sede chiusa") == 0, "a trial is nobody else's to read"

    for nosy in (anna, outsider):
        await refused("announce.trial", nosy)
        await refused("announce.golive", nosy)
    await giulia.sends_action("announce.golive")
    giulia.told(t("Only owners can do this."))
    await olga.says("/announcements")
    await olga.presses(t("End the trial"))
    olga.sees(t("End the trial?"), "3")
    await olga.presses(t("Yes, end the trial"))
    await olga.sends_action("announce.golive")
    assert (await decisions(fresh)).count("announcement.trial_ended") == 1

    await write(giulia, title="Riapriamo")
    await send(giulia, 3)
    assert anna.count("Riapriamo") == 1
    assert anna.count("Sede chiusa") == 0


@pytest.mark.parametrize("locale", list(Locale))
async def test_a_second_person_approves_what_goes_to_many(careful: CommunityUnderTest, locale: Locale) -> None:
    giulia = await careful.member("Giulia", roles=(Role.STAFF,), locale=locale)
    laura = await careful.member("Laura", roles=(Role.STAFF,), locale=locale)
    anna = await careful.member("Anna")
    await careful.member("Bruno")
    outsider = await careful.stranger("Zeno")
    await outsider.starts()
    t = giulia.t
    row = await write(giulia)
    await go_on(giulia)
    await giulia.presses(t.n("Ask a colleague: {n} person", "Ask a colleague: {n} people", 4))
    await careful.tick()
    assert (await newest(careful)).status is AnnouncementStatus.APPROVAL
    laura.sees("Torniamo lunedì.", "Torniamo lunedì. EN", t.n("{n} person will get it.", "{n} people will get it.", 4))
    assert anna.count("Sede chiusa") == 0
    for nosy in (anna, outsider):
        await refused(f"announce.approve:{row.id}:4", nosy)
        await refused(f"announce.back:{row.id}", nosy)
    await giulia.sends_action(f"announce.approve:{row.id}:4")
    giulia.told(t("Somebody else must approve it: neither who wrote it nor who asked."))
    assert (await newest(careful)).status is AnnouncementStatus.APPROVAL
    await giulia.sends_action(f"announce.edit:{row.id}")
    giulia.told(t("It is already on its way out. Take it back first, then change it."))

    await careful.member("Carla")
    await laura.presses(t.n("Approve for {n} person", "Approve for {n} people", 4))
    assert anna.count("Sede chiusa") == 0, "the number has changed: look again"
    await laura.presses(t.n("Approve for {n} person", "Approve for {n} people", 5))
    await laura.sends_action(f"announce.approve:{row.id}:5")
    await careful.later(seconds=5)
    assert anna.count("Sede chiusa") == 1
    laura.sees(t("There is nothing left to decide here."))
    assert [one for one in await decisions(careful) if one.startswith("announcement")] == [
        "announcement.approval_asked",
        "announcement.approved",
        "announcement.sent",
    ]


async def test_it_comes_back_with_the_reason_and_few_need_nobody(careful: CommunityUnderTest) -> None:
    giulia = await careful.member("Giulia", roles=(Role.STAFF,))
    laura = await careful.member("Laura", roles=(Role.OWNER,))
    await careful.member("Anna")
    row = await write(giulia)
    await send(giulia, 3)
    assert (await states(careful, row.id))[OutboxState.SENT] == 3
    await careful.member("Bruno")
    await write(giulia, title="Sede aperta")
    await go_on(giulia)
    await giulia.presses("Chiedi a un collega: 4 persone")
    await careful.tick()
    await laura.presses("Rimandalo indietro")
    await laura.fills({"Che cosa va cambiato?": "Manca l'orario."})
    await careful.tick()
    giulia.sees("Da rivedere: Sede aperta", "Laura", "Manca l'orario.")
    assert (await newest(careful)).status is AnnouncementStatus.DRAFT
    await giulia.presses("Modifica")
    giulia.sees("Chi lo riceve?", "Sede aperta")


async def test_who_is_alone_is_told_so_and_can_take_it_back(careful: CommunityUnderTest) -> None:
    giulia = await careful.member("Giulia", roles=(Role.STAFF,))
    await careful.crowd(3)
    await write(giulia)
    await go_on(giulia)
    await giulia.presses("Chiedi a un collega: 4 persone")
    giulia.sees("non c'è nessun altro che possa approvarlo")
    await giulia.presses("Ritiralo in bozza")
    giulia.sees("Chi lo riceve?")
    assert (await newest(careful)).status is AnnouncementStatus.DRAFT
