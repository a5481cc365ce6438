"""Sheets as fairs export them, in two languages, and every fault by sheet, row and column."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from handlers.meetings.agenda.agenda import Agenda, Meeting, NotHeld, Reason, ReasonKind, Status
from handlers.meetings.agenda.problem import Block, Precedence, Priority, Problem, Request, State
from handlers.meetings.agenda.sheets import SheetsFound, read_sheets
from handlers.meetings.agenda.workbooks import write_agenda_workbook
from handlers.sheets.cells import CellValue, read_workbook
from handlers.sheets.faults import InputError

ROME = ZoneInfo("Europe/Rome")
PEOPLE = "id,name\nanna,Anna Ferri\nnoa,Noa Levin\nmarco,Marco Bellini\n"
REQUESTS = "id,participants\nm1,anna; noa\nm2,marco; noa\n"
SLOTS = "id,start,end,tables\nt1,10/04/2018 09:00,10/04/2018 09:25,1\nt2,10/04/2018 09:30,10/04/2018 09:55,1\n"


def folder(path: Path, *, encoding: str = "utf-8", **files: str) -> SheetsFound:
    """Write CSV files and read them as a fair."""
    for name, text in {"people": PEOPLE, "requests": REQUESTS, "slots": SLOTS, **files}.items():
        (path / f"{name}.csv").write_bytes(text.encode(encoding))
    return read_sheets(path, zone=ROME)


def planned(found: SheetsFound) -> Problem:
    assert [str(fault) for fault in found.faults] == []
    assert found.problem is not None
    return found.problem


def complaints(found: SheetsFound) -> list[str]:
    assert found.problem is None
    return [str(fault) for fault in found.faults]


def book(path: Path, sheets: dict[str, list[list[CellValue]]]) -> Path:
    """Write a workbook as a spreadsheet program would; text that begins with ``=`` is a formula."""
    with xlsxwriter.Workbook(path) as workbook:
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(row, column, cell, moment)
                    elif isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, day)
                    else:
                        sheet.write(row, column, cell)
    return path


def test_three_files_are_a_fair(tmp_path: Path) -> None:
    found = folder(tmp_path)
    problem = planned(found)
    assert (found.people, found.requests, found.slots, found.tables) == (3, 2, 2, 1)
    assert problem.slots[0].start == datetime(2018, 4, 10, 7, tzinfo=UTC)
    assert problem.requests[1] == Request(id="m2", participants=("marco", "noa"))


def test_italian_headers_semicolons_and_an_old_encoding(tmp_path: Path) -> None:
    for name, text in {
        "Persone": "Codice;Nome;Cognome;Società;Non disponibile;Margine (minuti)\n"
        "a;Niccolò;D'Angelo;Officine «Età»;10/04/2018 14:00-15:30 +20, 11/04/2018;15,0\nb;Noa;Levin;;t1;\n",
        "Richieste": "Richiesta;Partecipante 1;Partecipante 2;Priorità;Peso;Sessione;Orario fisso;Dopo;Stato\n"
        "m1;a;Noa Levin;indispensabile;2;Mattina;;;confermato\nm2;b;a;vorrei;;qualsiasi;t2;m1;\n"
        "m3;a;b;no grazie;;;;;\n",
        "Orari": "Turno;Giorno;Dalle;Alle;Sessione;Tavoli\nt1;10/04/2018;9.00;9.25;mattina;2\n"
        "t2;10/04/2018;14:00;14:25;pomeriggio;1\n",
    }.items():
        (tmp_path / f"{name}.csv").write_bytes(text.encode("cp1252"))
    found = read_sheets(tmp_path, zone=ROME)
    problem = planned(found)
    assert found.declined == ("m3",)
    person = problem.people[0]
    assert (person.name, person.organisation, person.buffer_minutes) == ("Niccolò D'Angelo", "Officine «Età»", 15)
    assert person.blocks == (
        Block(
            start=datetime(2018, 4, 10, 14, tzinfo=ROME),
            end=datetime(2018, 4, 10, 15, 30, tzinfo=ROME),
            travel_minutes=20,
        ),
        Block(start=datetime(2018, 4, 11, tzinfo=ROME), end=datetime(2018, 4, 12, tzinfo=ROME)),
    )
    assert problem.people[1].unavailable == frozenset({"t1"})
    assert problem.requests == (
        Request(
            id="m1",
            participants=("a", "b"),
            priority=Priority.MUST,
            weight=2,
            sessions=frozenset({"mattina"}),
            state=State.CONFIRMED,
        ),
        Request(id="m2", participants=("b", "a"), fixed="t2"),
    )
    assert problem.precedences == (Precedence(before="m1", after="m2"),)
    assert [table.slots for table in problem.tables] == [None, frozenset({"t1"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    problem = planned(folder(tmp_path, encoding=encoding, people=PEOPLE.replace("Anna Ferri", "Élise Niccolò")))
    assert problem.people[0].name == "Élise Niccolò"


def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    requests = "sep=;\r\nid;participants\r\nm1;anna, noa\r\n\r\nm2;zoe, noa\r\n"
    (told,) = complaints(folder(tmp_path, requests=requests))
    assert told == "requests.csv, row 5, column B (participants): there is no person 'zoe'"


def test_a_cell_of_several_lines_counts_its_lines(tmp_path: Path) -> None:
    requests = 'id,participants\nm1,"anna\nnoa"\nm2,"zoe\nnoa"\n'
    (told,) = complaints(folder(tmp_path, requests=requests))
    assert told == "requests.csv, row 4, column B (participants): there is no person 'zoe'"


def test_a_workbook_with_excel_dates(tmp_path: Path) -> None:
    path = book(
        tmp_path / "fair.xlsx",
        {
            "Read me": [["Welcome"]],
            "Participants": [["Name", "Company", "Phone"], ["Anna", "IFL", "+39 02 1234"], ["Noa", "Carmel", "-"]],
            "Meetings": [["With", "With", "Fixed slot"], ["Anna", "noa", datetime(2018, 4, 10, 9)]],  # noqa: DTZ001
            "Slots": [
                ["Start", "End"],
                [datetime(2018, 4, 10, 9), datetime(2018, 4, 10, 9, 25)],  # noqa: DTZ001
                ["2018-04-10T09:30+02:00", "2018-04-10 09:55"],
            ],
            "Tables": [["Table", "Reserved for", "Only in"], ["A", "", ""], [7.0, "Anna", "1"]],
        },
    )
    found = read_sheets(path, zone=ROME)
    problem = planned(found)
    assert [slot.id for slot in problem.slots] == ["1", "2"]
    assert problem.slots[1].start == datetime(2018, 4, 10, 9, 30, tzinfo=ROME)
    assert problem.slots[1].end == datetime(2018, 4, 10, 9, 55, tzinfo=ROME)
    assert problem.requests == (Request(id="1", participants=("Anna", "Noa"), fixed="1"),)
    assert [(table.id, table.owner, table.slots) for table in problem.tables] == [
        ("A", None, None),
        ("7", "Anna", frozenset({"1"})),
    ]
    assert found.ignored == ("fair.xlsx, Read me", "fair.xlsx, Participants: Phone")


def test_slots_without_times(tmp_path: Path) -> None:
    problem = planned(folder(tmp_path, slots="slot,tables\nfirst,1\nsecond,1\n"))
    assert [(slot.id, slot.start) for slot in problem.slots] == [("first", None), ("second", None)]


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        (
            "requests",
            "id,participants\nm1,anna; anna\n",
            "requests.csv, row 2, column B (participants): 'anna' is in it twice",
        ),
        (
            "requests",
            "id,person 1,person 2\nm1,anna,anna\n",
            "requests.csv, row 2, column C (person 2): 'anna' is in it twice",
        ),
        (
            "requests",
            "id,participants\n\nm1,anna; zoe\n",
            "requests.csv, row 3, column B (participants): there is no person 'zoe'",
        ),
        (
            "requests",
            "id,participants\nm1,anna\n",
            "requests.csv, row 2, column B (participants): it takes two people or more",
        ),
        (
            "requests",
            "id,participants\nm1,anna; noa\nm1,marco; noa\n",
            "requests.csv, row 3, column A (id): 'm1' is given twice, first at row 2",
        ),
        (
            "requests",
            "id,participants,fixed\nm1,anna; noa,t9\n",
            "requests.csv, row 2, column C (fixed): there is no slot 't9'",
        ),
        (
            "requests",
            "id,participants,fixed\nm1,anna; noa,t1; t2\n",
            "requests.csv, row 2, column C (fixed): a request is fixed to one slot",
        ),
        (
            "requests",
            "id,participants,slots\nm1,anna; noa,t1; t1\n",
            "requests.csv, row 2, column C (slots): the slot 't1' is given twice",
        ),
        (
            "requests",
            "id,participants,session\nm1,anna; noa,morning\n",
            "requests.csv, row 2, column C (session): there is no session 'morning'",
        ),
        (
            "requests",
            "id,participants,priority\nm1,anna; noa,urgent\n",
            "requests.csv, row 2, column C (priority): 'urgent' is none of must",
        ),
        (
            "requests",
            'id,participants,weight\nm1,anna; noa,"2,5"\n',
            "requests.csv, row 2, column C (weight): '2,5' is not a whole number",
        ),
        (
            "requests",
            "id,participants,weight\nm1,anna; noa,0\n",
            "requests.csv, row 2, column C (weight): it is less than 1",
        ),
        (
            "requests",
            "id,participants,after\nm1,anna; noa,m9\n",
            "requests.csv, row 2, column C (after): there is no request 'm9'",
        ),
        (
            "requests",
            "id,participants,id\nm1,anna; noa,x\n",
            "requests.csv, row 1, column C: the column 'id' is there twice, first as A",
        ),
        ("requests", "id,who knows\nm1,anna; noa\n", "requests.csv, row 1: there is no column participants"),
        ("requests", 'id,participants\nm1,"anna\n', "requests.csv, row 2: not readable as CSV"),
        ("requests", "", "requests.csv: the file is empty"),
        ("requests", "\n ; \n", "requests.csv: the file is empty"),
        ("requests", "id,participants\n", "requests.csv: there are none"),
        (
            "people",
            "id,name\nanna,=SUM(A1)\nnoa,Noa\nmarco,M\n",
            "people.csv, row 2, column B (name): it begins like a formula",
        ),
        (
            "people",
            "id,name\nanna,A\nnoa,@import\nmarco,M\n",
            "people.csv, row 3, column B (name): it begins like a formula",
        ),
        (
            "people",
            "id,name\nanna,A\nnoa,-1+cmd|' /C calc'!A0\nmarco,M\n",
            "people.csv, row 3, column B (name): it begins like a formula",
        ),
        (
            "people",
            "id,name,notes\nanna,A,=1\nnoa,N,+39 02 1\nmarco,M,\n",
            "people.csv, row 2, column C (notes): it begins like a formula",
        ),
        (
            "people",
            "id,name\nanna,A\nnoa,N\nmarco,M\nanna,B\n",
            "people.csv, row 5, column A (id): 'anna' is given twice, first at row 2",
        ),
        (
            "people",
            "id,name,away\nanna,A,t7\nnoa,N,\nmarco,M,\n",
            "people.csv, row 2, column C (away): there is no slot 't7'",
        ),
        (
            "people",
            "id,name,away\nanna,A,10/04/2018 15:00-14:00\nnoa,N,\nmarco,M,\n",
            "people.csv, row 2, column C (away): there is no slot",
        ),
        (
            "people",
            "id,name,buffer\nanna,A,ten\nnoa,N,\nmarco,M,\n",
            "people.csv, row 2, column C (buffer): 'ten' is not a whole number",
        ),
        (
            "slots",
            "id,start,end,tables\nt1,10/04/2018 10:00,10/04/2018 09:25,1\n",
            "slots.csv, row 2, column C (end): it is not after the start",
        ),
        (
            "slots",
            "id,start,end,tables\nt1,10/04/2018,10/04/2018 09:25,1\n",
            "slots.csv, row 2, column B (start): '10/04/2018' is not a day and a time",
        ),
        (
            "slots",
            "id,start,end,tables\nt1,31/04/2018 09:00,30/04/2018 09:25,1\n",
            "slots.csv, row 2, column B (start): '31/04/2018' is not a day of the calendar",
        ),
        ("slots", "id,start,end,tables\nt1,,10/04/2018 09:25,1\n", "slots.csv, row 2, column B (start): it is empty"),
        (
            "slots",
            "id,start,end,tables\nt1,25/03/2018 02:30,25/03/2018 03:25,1\n",
            "slots.csv, row 2, column B (start): 2018-03-25 02:30 does not exist in Europe/Rome",
        ),
        ("slots", "id,start,tables\nt1,10/04/2018 09:00,1\n", "slots.csv, row 1: there is no column end"),
        (
            "slots",
            "id,start,end,tables\nt1,10/04/2018 09:00,10/04/2018 09:25,many\n",
            "slots.csv, row 2, column D (tables): 'many' is not a whole number",
        ),
        (
            "slots",
            "id,start,end\nt1,10/04/2018 09:00,10/04/2018 09:25\n",
            "slots.csv: there are no tables: add a column or a sheet of tables",
        ),
        ("tables", "id\n1\n", "slots.csv, row 1, column D (tables): the tables have a sheet of their own"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, part: str, text: str, expected: str) -> None:
    try:
        told = complaints(folder(tmp_path, **{part: text}))
    except InputError as error:
        told = [str(fault) for fault in error.faults]
    assert [one for one in told if one.startswith(expected)], told


def test_a_circle_of_precedences_is_named_in_its_row(tmp_path: Path) -> None:
    text = "id,participants,after\nm1,anna; noa,m2\nm2,marco; noa,m1\n"
    (told,) = complaints(folder(tmp_path, requests=text))
    assert told.startswith(("requests.csv, row 2, column C (after): ", "requests.csv, row 3, column C (after): "))
    assert "m1 before m2 before m1" in told or "m2 before m1 before m2" in told


def test_one_fault_is_told_once_and_all_are_told(tmp_path: Path) -> None:
    told = complaints(
        folder(
            tmp_path,
            people="id,name,away\nanna,A,t9\nnoa,=N,\nmarco,M,\n",
            requests="id,participants,fixed\nm1,anna; anna,t8\nm2,marco; zoe,\n",
        )
    )
    assert [one.split(": ")[0] for one in told] == [
        "people.csv, row 2, column C (away)",
        "people.csv, row 3, column B (name)",
        "requests.csv, row 2, column B (participants)",
        "requests.csv, row 2, column C (fixed)",
        "requests.csv, row 3, column B (participants)",
    ]


def test_two_people_of_one_name_need_their_ids(tmp_path: Path) -> None:
    told = complaints(
        folder(
            tmp_path,
            people="id,name\n1,Marco Rossi\n2,marco rossi\n3,Noa\n",
            requests="id,participants\nm1,Marco Rossi; Noa\n",
        )
    )
    assert told == ["requests.csv, row 2, column B (participants): 'Marco Rossi' is the name of 2 people: write the id"]


def test_a_formula_in_a_workbook_is_found_though_it_has_a_value(tmp_path: Path) -> None:
    path = book(
        tmp_path / "fair.xlsx",
        {
            "people": [["name", "sum"], ["Anna", "=1+1"], ['=CONCATENATE("N", "oa")', ""]],
            "requests": [["participants"], ["Anna; Noa"]],
            "slots": [["id", "tables"], ["t1", "=2"]],
        },
    )
    told = complaints(read_sheets(path, zone=ROME))
    assert "fair.xlsx, people, row 2, column B (sum): a formula: write its value instead" in told
    assert "fair.xlsx, people, row 3, column A (name): a formula: write its value instead" in told
    assert "fair.xlsx, slots, row 2, column B (tables): a formula: write its value instead" in told


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    assert any("there is no sheet of requests (called" in one for one in complaints(read_sheets(tmp_path, zone=ROME)))
    (tmp_path / "fair.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(InputError, match="not an Excel workbook"):
        read_sheets(tmp_path / "fair.xlsx", zone=ROME)
    with pytest.raises(InputError, match="not a text file"):
        folder(tmp_path, people="a\0b")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="holds no CSV file"):
        read_sheets(empty, zone=ROME)
    with pytest.raises(InputError, match="two sheets of people"):
        folder(tmp_path, Persone=PEOPLE)


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file is empty"):
        read_sheets(book(tmp_path / "fair.xlsx", {"people": []}), zone=ROME)


def test_a_written_agenda_never_holds_a_formula(tmp_path: Path) -> None:
    problem = planned(folder(tmp_path))
    hostile = Problem(
        slots=problem.slots,
        people=tuple(
            type(person)(id=person.id, name='=HYPERLINK("http://x.example")', organisation="@SUM(1)")
            for person in problem.people
        ),
        tables=problem.tables,
        requests=problem.requests,
    )
    agenda = Agenda(
        status=Status.FEASIBLE,
        meetings=(Meeting(id="m1", slot="t1", table="1"),),
        not_held=(NotHeld(id="m2", reason=Reason(kind=ReasonKind.NOT_FOUND)),),
    )
    path = tmp_path / "agenda.xlsx"
    write_agenda_workbook(hostile, agenda, path)
    held, missing = read_workbook(path)
    assert [row.formulas for row in (*held.rows, *missing.rows)] == [frozenset(), frozenset()]
    assert held.rows[0].cells[:5] == (
        "t1",
        datetime(2018, 4, 10, 9),  # noqa: DTZ001  (workbooks know no zones)
        datetime(2018, 4, 10, 9, 25),  # noqa: DTZ001
        "1",
        "m1",
    )
    assert held.rows[0].cells[5] == '=HYPERLINK("http://x.example") (@SUM(1))'
    assert missing.rows[0].cells[:2] == ("m2", "not-found")


def test_times_that_a_spreadsheet_rounded(tmp_path: Path) -> None:
    nearly = datetime(2018, 4, 10, 9, 30) - timedelta(microseconds=20)  # noqa: DTZ001
    path = book(
        tmp_path / "fair.xlsx",
        {
            "people": [["name"], ["Anna"], ["Noa"]],
            "requests": [["participants"], ["Anna; Noa"]],
            "slots": [["day", "start", "end", "tables"], [date(2018, 4, 10), nearly, 0.5, 1]],
        },
    )
    slot = planned(read_sheets(path, zone=ROME)).slots[0]
    assert slot.start == datetime(2018, 4, 10, 9, 30, tzinfo=ROME)
    assert slot.end == datetime(2018, 4, 10, 12, tzinfo=ROME)
