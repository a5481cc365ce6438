"""Staff decide about people: roles, suspension, removal, each with a reason; on every platform."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from storage.engine import Database
from storage.enums import PersonStatus, Role
from storage.models import AuditEntry, Person, PersonRole
from storage.personal.terms import Whose
from storage.queries import retention
from storage.queries.erasure import erase
from tests.handlers.staff.people import somebody
from tests.journeys.community import CommunityUnderTest

WHY = "Perché? Anna Rossi lo leggerà."


async def audited(community: CommunityUnderTest) -> list[tuple[str, int | None, int, str]]:
    async with community.app.database.reading() as session:
        rows = (await session.execute(select(AuditEntry).order_by(AuditEntry.id))).scalars()
        return [(one.action, one.by_person_id, one.subject_id, one.reason) for one in rows]


async def roles_of(community: CommunityUnderTest, person: int) -> set[Role]:
    async with community.app.database.reading() as session:
        return set((await session.execute(select(PersonRole.role).where(PersonRole.person_id == person))).scalars())


async def status_of(community: CommunityUnderTest, person: int) -> PersonStatus:
    async with community.app.database.reading() as session:
        return (await session.execute(select(Person.status).where(Person.id == person))).scalar_one()


async def test_an_owner_gives_and_takes_a_role(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.OWNER,))
    anna = await community.member("Anna Rossi")
    await giulia.says("/ruoli")
    giulia.sees("Chi fa che cosa", "Giulia Ferrandi")
    giulia.sees("C'è un solo proprietario")
    await giulia.says("/soci rossi")
    await giulia.presses("Guarda Anna Rossi")
    await giulia.presses("Dai: moderatore")
    await giulia.fills({WHY: "Conosce bene i temi."})
    giulia.told("Anna Rossi")
    anna.sees("Hai un nuovo ruolo: moderatore", "Conosce bene i temi.")
    assert await roles_of(community, anna.id) == {Role.MODERATOR}

    await giulia.presses("Togli: moderatore")
    await giulia.fills({WHY: "Cambia lavoro."})
    anna.sees("Non sei più moderatore", "Cambia lavoro.")
    assert await roles_of(community, anna.id) == set()
    assert await audited(community) == [
        ("role.give", giulia.id, anna.id, "moderator: Conosce bene i temi."),
        ("role.take", giulia.id, anna.id, "moderator: Cambia lavoro."),
    ]


async def test_nobody_else_gives_roles(community: CommunityUnderTest) -> None:
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    marco = await community.member("Marco Colombani")
    stranger = await community.stranger("Zeno")
    for person in (tommaso, marco, stranger):
        await person.says("/ruoli")
        await person.sends_action(f"staff.role:{person.id or 1}:owner:give")
    tommaso.told("solo i proprietari")
    for person in (marco, stranger):
        await person.says("/soci Tommaso")
        await person.sends_action(f"staff.person:{tommaso.id}")
        await person.sends_action(f"staff.change:{tommaso.id}:suspend")
        person.sees_nothing_of("Tommaso Brivio")
    assert await roles_of(community, tommaso.id) == {Role.STAFF}
    assert await roles_of(community, marco.id) == set()
    assert await audited(community) == []


async def test_suspended_and_back(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await community.member("Anna Rossi", roles=(Role.MODERATOR,))
    await anna.says("/menu")
    await giulia.says("/soci anna")
    await giulia.presses("Guarda Anna Rossi")
    await giulia.presses("Sospendi")
    await giulia.fills({WHY: "Messaggi poco gentili."})
    anna.sees("ha sospeso", "Messaggi poco gentili.")
    assert await status_of(community, anna.id) is PersonStatus.SUSPENDED

    await anna.presses("Aiuto")
    anna.told("Il tuo accesso è sospeso")
    for words in ("/dadecidere", "/start", "ciao"):
        await anna.says(words)
        anna.told("Il tuo accesso è sospeso")

    await giulia.presses("Riammetti")
    await giulia.fills({WHY: "Ci siamo chiariti."})
    anna.sees("Bentornat", "Ci siamo chiariti.")
    assert await status_of(community, anna.id) is PersonStatus.MEMBER
    assert await roles_of(community, anna.id) == {Role.MODERATOR}
    assert [one[0] for one in await audited(community)] == ["person.suspend", "person.restore"]


async def test_removed_for_good(community: CommunityUnderTest) -> None:
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    anna = await community.member("Anna Rossi", roles=(Role.DOOR,))
    await giulia.says("/soci anna")
    await giulia.presses("Guarda Anna Rossi")
    await giulia.presses("Rimuovi")
    await giulia.fills({WHY: "L'azienda è uscita dal cluster."})
    anna.sees("non fai più parte", "L'azienda è uscita dal cluster.")
    await anna.says("/eventi")
    anna.told("Non fai più parte")
    assert await status_of(community, anna.id) is PersonStatus.LEFT
    assert await roles_of(community, anna.id) == set()


async def test_staff_decide_neither_about_owners_nor_about_staff_nor_about_themselves(
    web_community: CommunityUnderTest,
) -> None:
    community = web_community
    owner = await community.member("Olga Neri", roles=(Role.OWNER,))
    giulia = await community.member("Giulia Ferrandi", roles=(Role.STAFF,))
    tommaso = await community.member("Tommaso Brivio", roles=(Role.STAFF,))
    for person, words in ((owner, "prima togli"), (tommaso, "solo un proprietario"), (giulia, "Su te stesso")):
        await giulia.sends_action(f"staff.change:{person.id}:suspend")
        giulia.told(words)
        assert await status_of(community, person.id) is PersonStatus.MEMBER
    await owner.sends_action(f"staff.role:{owner.id}:owner:take")
    owner.told("Ci vogliono almeno due proprietari")
    assert await audited(community) == []


@pytest.mark.parametrize("owners", [2, 3, 5])
async def test_two_owners_remain_however_many_are_taken_at_once(web_community: CommunityUnderTest, owners: int) -> None:
    """Everybody takes everybody's role at the same moment."""
    community = web_community
    people = [await community.member(f"Owner{n} Rossi", roles=(Role.OWNER,)) for n in range(owners)]
    for person, victim in zip(people, [*people[1:], people[0]], strict=True):
        await person.sends_action(f"staff.role:{victim.id}:owner:take")
    ready = [person for person in people if person.window.form is not None]  # type: ignore[attr-defined]  # the web's
    assert len(ready) == (0 if owners == 2 else owners)
    await community.at_once(*(person.fills({next(iter(_labels(person))): "Prova."}) for person in ready))
    left = 0
    for person in people:
        left += Role.OWNER in await roles_of(community, person.id)
    assert left == 2


def _labels(person: object) -> list[str]:
    return [one.label for one in person.window.form.fields]  # type: ignore[attr-defined]  # the web's


async def test_the_log_only_grows(database: Database) -> None:
    """Whatever the program tries, an entry stays; erasure takes names out and says so."""
    async with database.writing() as session:
        anna, giulia = await somebody(session, "Anna Rossi"), await somebody(session, "Giulia Ferrandi")
        session.add(
            AuditEntry(
                at=anna.created_at,
                by_person_id=giulia.id,
                action="person.suspend",
                subject_kind="person",
                subject_id=anna.id,
                reason="Anna Rossi esagera",
            )
        )
    for values in (
        {"reason": "Altro"}, {"reason": ""}, {"action": "x"}, {"subject_id": 99}, {"by_person_id": anna.id},
        {"anonymised": True, "action": "x"}, {"anonymised": True, "subject_id": 77}, {"acting_id": 4},
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="only added to"):
            async with database.writing() as session:
                await session.execute(update(AuditEntry).values(**values))
    for statement in (delete(AuditEntry), delete(AuditEntry).where(AuditEntry.id == 1)):
        with pytest.raises(DBAPIError, match="only added to"):
            async with database.writing() as session:
                await session.execute(statement)
    async with database.writing() as session:
        await erase(session, Whose(anna.id), anna.name, keep_posts=False, now=anna.created_at)
    async with database.writing() as session:
        await session.execute(delete(Person).where(Person.id == giulia.id))
    async with database.reading() as session:
        entry = (await session.execute(select(AuditEntry))).scalar_one()
        assert (entry.by_person_id, entry.reason, entry.anonymised) == (None, "", True)
    with pytest.raises(DBAPIError, match="only added to"):
        async with database.writing() as session:
            await session.execute(update(AuditEntry).values(anonymised=False))
    async with database.writing() as session:
        (rule,) = [one for one in retention.rules(["audit"]) if one.model is AuditEntry]
        kept = {"audit": timedelta(days=1)}
        assert await retention.carry_out(session, rule, anna.created_at, kept) == 0
        assert await retention.carry_out(session, rule, anna.created_at + timedelta(days=2), kept) == 1
