"""Lists: columns in any order and language, all faults at once, nothing twice, a round trip without a change."""

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from handlers.conversation.codes import CodeKeeper
from handlers.conversation.texts import texts_for
from handlers.sheets.writing import SheetForm, as_written, harmless, table
from handlers.staff import lists
from handlers.staff.list_changes import Differences
from handlers.staff.list_columns import Vocabulary
from handlers.staff.list_reading import read_bytes
from storage.engine import Database
from storage.enums import ListKind, Locale, OrganisationCategory
from storage.models import AuditEntry, Invite, MemberRecord, Organisation, Person, Sector
from storage.queries import lists as stored
from tests.handlers.staff.people import NOW, somebody

Table = Sequence[Sequence[str]]
HOUSES = (
    ("Ragione sociale", "Categoria", "Settori", "P.IVA", "Città"),
    ("Biofilande", "azienda", "ICT per la salute; pharma", "IT 0123 4567 890", "Lecco"),
    ("Ospedale della Martesana", "Hospital", "", "", "Gorgonzola"),
)
PEOPLE = (
    ("e-mail", "organisation", "Nome", "Cognome", "Ruolo", "Note"),
    ("Tom@Biofilande.example", "biofilande", "Tom", "Reed", "CTO", "x"),
    ("anna@martesana.example", "Ospedale della Martesana", "Anna", "Ferrari", "", ""),
)


def as_csv(rows: Table, separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def as_xlsx(rows: Table) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
    return out.getvalue()


async def vocabulary(database: Database) -> None:
    async with database.writing() as session:
        session.add(Sector(key="pharma", name_it="Farmaceutica", name_en="Pharma"))
        session.add(Sector(key="ict", name_it="ICT per la salute", name_en="ICT for health"))


async def look(database: Database, kind: ListKind, content: bytes, name: str = "list.csv") -> Differences:
    async with database.reading() as session:
        read = read_bytes(kind, name, content, await lists.vocabulary(session))
        return await lists.differences(session, kind, read, NOW)


async def bring_in(database: Database, kind: ListKind, content: bytes) -> list[lists.Invitation]:
    async with database.writing() as session:
        read = read_bytes(kind, "list.csv", content, await lists.vocabulary(session))
        found = await lists.differences(session, kind, read, NOW)
        return await lists.apply(
            session, kind, found, codes=CodeKeeper(), by=None, locale=Locale.ITALIAN, now=NOW, reason="test"
        )


async def exported(database: Database, kind: ListKind, locale: Locale, form: SheetForm) -> bytes:
    async with database.reading() as session:
        return table(*await lists.table_of(session, kind, locale, NOW), form)


@pytest.mark.parametrize(
    "file", [as_csv(HOUSES), as_csv(HOUSES, ",", "utf-16"), as_csv(HOUSES, "\t", "cp1252"), as_xlsx(HOUSES)]
)
async def test_organisations_come_in_once(database: Database, file: bytes) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, file)
    again = await look(database, ListKind.ORGANISATIONS, file)
    assert (again.new, again.changed, again.unchanged, again.faults) == ([], [], 2, [])
    async with database.reading() as session:
        [first, second] = await stored.organisations(session)
    assert first.values == {
        "external_id": "", "name": "Biofilande", "vat_number": "IT01234567890", "category": "company", "city": "Lecco",
        "domains": "", "sectors": "ict; pharma", "about_it": "", "about_en": "",
    }  # fmt: skip
    assert second.values["category"] == OrganisationCategory.HOSPITAL


async def test_a_second_list_changes_and_never_doubles(database: Database) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    changed = (
        ("Partita IVA", "Name", "Category", "city", "Sectors"),
        ("IT01234567890", "Biofilande S.p.A.", "company", "Como", "ict"),
        ("", "Politecnico", "università", "Milano", ""),
    )
    found = await look(database, ListKind.ORGANISATIONS, as_csv(changed))
    assert [dict(one.fields) for one in found.changed] == [
        {"name": ("Biofilande", "Biofilande S.p.A."), "city": ("Lecco", "Como"), "sectors": ("ict; pharma", "ict")}
    ]
    assert [row.values["name"] for row in found.new] == ["Politecnico"]
    assert found.missing == ["Ospedale della Martesana"]
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(changed))
    async with database.reading() as session:
        names = (await session.execute(select(Organisation.name).order_by(Organisation.name))).scalars().all()
    assert names == ["Biofilande S.p.A.", "Ospedale della Martesana", "Politecnico"]


async def test_people_are_invited_not_members(database: Database) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    invitations = await bring_in(database, ListKind.MEMBERS, as_csv(PEOPLE))
    assert [(one.name, one.work_email) for one in invitations] == [
        ("Tom Reed", "tom@biofilande.example"), ("Anna Ferrari", "anna@martesana.example"),
    ]  # fmt: skip
    assert len({one.code for one in invitations}) == 2
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Person))).scalar_one() == 0
        invites = (await session.execute(select(Invite))).scalars().all()
        audit = (await session.execute(select(AuditEntry.reason).order_by(AuditEntry.id))).scalars().all()
    assert [one.uses_left for one in invites] == [1, 1]
    assert all(one.code_hash not in {i.code for i in invitations} for one in invites)
    assert audit == ["2 new, 0 changed: test", "2 new, 0 changed: test"]
    again = await look(database, ListKind.MEMBERS, as_csv(PEOPLE))
    assert (again.new, again.changed, again.unchanged) == ([], [], 2)


async def test_whoever_joins_begins_with_what_the_list_said_and_is_found_again(database: Database) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    await bring_in(database, ListKind.MEMBERS, as_csv(PEOPLE))
    async with database.writing() as session:
        tom = await somebody(session, "")
        record = (await session.execute(select(MemberRecord).where(MemberRecord.name == "Tom Reed"))).scalar_one()
        tom.organisation_id = record.organisation_id
        assert record.invite_id is not None
        await stored.claim(session, record.invite_id, tom)
        assert (tom.name, tom.job_title) == ("Tom Reed", "CTO")
        assert (record.name, record.job_title, record.expires_at) == ("", "", None)
    assert (await look(database, ListKind.MEMBERS, as_csv(PEOPLE))).unchanged == 2
    moved = [PEOPLE[0], ("tom@biofilande.example", "Ospedale della Martesana", "Tom", "Reed", "CEO", "")]
    await bring_in(database, ListKind.MEMBERS, as_csv(moved))
    async with database.reading() as session:
        changed = await session.get_one(Person, tom.id)
        house = await session.get_one(Organisation, changed.organisation_id)
    assert (changed.job_title, house.name) == ("CEO", "Ospedale della Martesana")


async def test_what_nobody_joined_with_is_forgotten(database: Database) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    await bring_in(database, ListKind.MEMBERS, as_csv(PEOPLE))
    async with database.writing() as session:
        assert await stored.forget_expired(session, NOW + timedelta(days=89)) == 0
        assert await stored.forget_expired(session, NOW + timedelta(days=90)) == 2
        assert (await session.execute(select(func.count()).select_from(Invite))).scalar_one() == 0


async def test_all_faults_at_once_and_nothing_half_done(database: Database) -> None:
    await vocabulary(database)
    wrong = (
        ("Nome", "Categoria", "Settori", "Partita IVA", "Domini", "Numero"),
        ("", "azienda", "", "", "", ""),
        ("Uno", "ditta", "astrologia", "x", "non un dominio", ""),
        ("Due", "azienda", "", "", "", "O99"),
        ("Tre", "azienda", "", "", "", ""),
        ("tre", "azienda", "", "", "", ""),
        ("=1+1", "azienda", "", "", "", ""),
        ("Buona", "azienda", "", "", "", ""),
    )
    found = await look(database, ListKind.ORGANISATIONS, as_csv(wrong))
    assert [(one.row, one.column, one.code) for one in found.faults] == [
        (2, "Nome", "empty"),
        (3, "Categoria", "no_category"),
        (3, "Domini", "no_domain"),
        (3, "Partita IVA", "no_vat"),
        (3, "Settori", "no_sector"),
        (4, "Numero", "unknown_id"),
        (6, "Nome", "same_as"),
        (7, "Nome", "formula"),
    ]
    for locale in Locale:
        assert all(one.text(texts_for(locale)) for one in found.faults)
    with pytest.raises(ValueError, match="faults"):
        await bring_in(database, ListKind.ORGANISATIONS, as_csv(wrong))
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Organisation))).scalar_one() == 0


async def test_people_without_a_house_or_a_key(database: Database) -> None:
    await vocabulary(database)
    await bring_in(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    wrong = (
        ("Nome", "E-mail", "Azienda", "Lingua", "Codice esterno"),
        ("Anna Rossi", "anna", "Biofilande", "it", ""),
        ("Bea Rossi", "", "Biofilande", "it", ""),
        ("Carla Rossi", "c@x.example", "Ignota", "de", ""),
        ("Dora Rossi", "d@x.example", "IT01234567890", "inglese", "7"),
    )
    found = await look(database, ListKind.MEMBERS, as_csv(wrong))
    assert {(one.row, one.code) for one in found.faults} >= {
        (2, "no_email"), (3, "no_key"), (4, "no_organisation"), (4, "no_language"),
    }  # fmt: skip
    assert 5 not in {one.row for one in found.faults}, "a house is found by its VAT number as well"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04nothing", "unreadable"),
        (b"\x00\x01\x02", "unreadable"),
        (b"Colore\nblu", "no_column"),
    ],
)
async def test_a_file_that_is_none(database: Database, content: bytes, code: str) -> None:
    found = await look(database, ListKind.ORGANISATIONS, content)
    assert code in {one.code for one in found.faults}


@pytest.mark.parametrize("form", list(SheetForm))
@pytest.mark.parametrize("locale", list(Locale))
async def test_a_round_trip_changes_nothing(database: Database, form: SheetForm, locale: Locale) -> None:
    await vocabulary(database)
    houses = (
        (*HOUSES[0], "Descrizione"),
        ("'=cmd()", "azienda", "pharma", "", "Lecco", '\'+39 è il prefisso; "virgolette", virgole'),
        ("Caffè & Co", "agenzia", "", "IT999999", "Città di Castello", ""),
    )
    await bring_in(database, ListKind.ORGANISATIONS, as_csv([[c.replace('"', '""') for c in row] for row in houses]))
    people = (
        ("Nome", "E-mail", "Azienda", "Codice"),
        ("'-Anna Rossi", "a@x.example", "Caffè & Co", "'@1"),
        ("O'Hara", "b@x.example", "'=cmd()", "0042"),
    )
    await bring_in(database, ListKind.MEMBERS, as_csv(people))
    async with database.writing() as session:
        await somebody(session, "Zoe Senzacasa")
    async with database.reading() as session:
        assert "=cmd()" in {one.values["name"] for one in await stored.organisations(session)}
    for kind in ListKind:
        file = await exported(database, kind, locale, form)
        found = await look(database, kind, file, f"list.{form}")
        assert (found.new, found.changed, found.missing) == ([], [], []), kind
        if kind is ListKind.ORGANISATIONS:
            assert found.faults == []


async def test_two_who_bring_in_the_same(database: Database) -> None:
    """What the second one computed before the first one wrote is refused by the store, not doubled."""
    await vocabulary(database)
    found = await look(database, ListKind.ORGANISATIONS, as_csv(HOUSES))
    for expected in (None, IntegrityError):
        try:
            async with database.writing() as session:
                await lists.apply(
                    session,
                    ListKind.ORGANISATIONS,
                    found,
                    codes=CodeKeeper(),
                    by=None,
                    locale=Locale.ITALIAN,
                    now=NOW,
                    reason="",
                )
        except IntegrityError:
            assert expected is IntegrityError
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Organisation))).scalar_one() == 2


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "+39", "-", "@x", "plain", "'quoted", "\t=1", ""])
def test_what_begins_like_a_formula_comes_back(text: str) -> None:
    assert as_written(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_workbooks_formula_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Nome", "Categoria"])
        page.write_formula(1, 0, '="Bio"&"filande"')
        page.write_string(1, 1, "azienda")
    content = read_bytes(ListKind.ORGANISATIONS, "x.xlsx", path.read_bytes(), Vocabulary({}))
    assert [(one.row, one.code) for one in content.faults] == [(2, "formula")]
