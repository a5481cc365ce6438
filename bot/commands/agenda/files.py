"""Files that the agenda's commands read and write, by the ending of their names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers.meetings.agenda.agenda import Agenda, Change
from handlers.meetings.agenda.problem import BreakRule, Problem
from handlers.sheets.faults import InputError, InputFault, MissingExtra

PICTURES = (".png", ".svg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A problem that can be planned, and what is worth saying of its file.

    ``numbered``: its ids are the numbers of a .dzn file, and are written as numbers.
    """

    problem: Problem
    numbered: bool = False
    declined: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a dry run tells of a file: how many of each part were found, and what is wrong."""

    counts: Mapping[str, int]
    declined: tuple[str, ...]
    ignored: tuple[str, ...]
    faults: tuple[InputFault, ...]


def survey_problem_file(path: Path, *, zone: ZoneInfo) -> Survey:
    """Look at a file without planning. What is wrong is told, not raised, unless nothing could be read at all."""
    if _is_sheets(path):
        from handlers.meetings.agenda.sheets import read_sheets

        found = read_sheets(path, zone=zone)
        counts = {"people": found.people, "requests": found.requests, "slots": found.slots, "tables": found.tables}
        return Survey(counts=counts, declined=found.declined, ignored=found.ignored, faults=found.faults)
    problem = _read_problem(path, zone).problem
    parts = {"people": problem.people, "requests": problem.requests, "slots": problem.slots, "tables": problem.tables}
    counts = {name: len(part) for name, part in parts.items()}
    return Survey(counts=counts, declined=(), ignored=(), faults=())


def read_problem_file(path: Path, *, zone: ZoneInfo, published: bool, fairness: int | None) -> Loaded:
    """A JSON or .dzn file, a workbook, or a folder of CSV files.

    ``published`` asks for exactly the published problem, for .dzn files alone, with a difference in breaks of
    ``fairness`` at most, 2 when None. For others ``fairness`` is such a limit too, and None leaves the file's own.

    Raises InputError with everything that is wrong with it, MissingExtra for a workbook without its library.
    """
    loaded = _read_problem(path, zone)
    if published:
        if not loaded.numbered:
            what = "--published is for the published instances, which are .dzn files"
            raise InputError([InputFault(what=what, source=path.name)])
        return _with_limit(loaded, 2 if fairness is None else fairness)
    if loaded.numbered:
        # The data alone, as a fair of ours: hold as many as possible.
        rules = replace(loaded.problem.rules, hold_all=False, breaks=BreakRule.EVERY_SLOT, fairness_limit=None)
        loaded = replace(loaded, problem=replace(loaded.problem, rules=rules))
    return loaded if fairness is None else _with_limit(loaded, fairness)


def _with_limit(loaded: Loaded, fairness: int) -> Loaded:
    rules = replace(loaded.problem.rules, fairness_limit=fairness)
    return replace(loaded, problem=replace(loaded.problem, rules=rules))


def _read_problem(path: Path, zone: ZoneInfo) -> Loaded:
    ending = path.suffix.lower()
    if _is_sheets(path):
        from handlers.meetings.agenda.sheets import read_sheets

        found = read_sheets(path, zone=zone)
        if found.problem is None:
            raise InputError(found.faults)
        return Loaded(problem=found.problem, declined=found.declined, ignored=found.ignored)
    if ending == ".dzn":
        from handlers.meetings.agenda.published import read_published

        return Loaded(problem=read_published(_text(path), source=path.name), numbered=True)
    if ending == ".json":
        from handlers.meetings.agenda.json_problem import read_problem

        return Loaded(problem=read_problem(_text(path), source=path.name))
    what = "a problem is a .json, .dzn or .xlsx file, or a folder of CSV files"
    raise InputError([InputFault(what=what, source=path.name)])


def _is_sheets(path: Path) -> bool:
    """Whether it is a workbook or a folder. Raises InputError for a file that is not there."""
    if not path.exists():
        raise InputError([InputFault(what="there is no such file or folder", source=str(path))])
    return path.is_dir() or path.suffix.lower() in (".xlsx", ".xlsm")


def read_agenda_file(path: Path) -> Agenda:
    """An agenda in its JSON form. Raises InputError."""
    from handlers.meetings.agenda.json_agenda import read_agenda

    return read_agenda(_text(path), source=path.name)


def read_changes_file(path: Path) -> tuple[Change, ...]:
    """Changes in their JSON form. Raises InputError."""
    from handlers.meetings.agenda.json_changes import read_changes

    return read_changes(_text(path), source=path.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([InputFault(what="it is not text in UTF-8", source=path.name)]) from error
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
        raise InputError([InputFault(what=what, source=str(path))]) from error


def check_outputs(output: Path | None, picture: Path | None, pdf: Path | None) -> None:
    """Refuse, before anything is planned, what could not be written after it. Raises InputError, MissingExtra."""
    found: list[InputFault] = []
    for path, endings in ((output, (".json", ".xlsx")), (picture, PICTURES)):
        if path is not None and path.suffix.lower() not in endings:
            found.append(InputFault(what=f"written files end in {' or '.join(endings)}", source=str(path)))
    found += [
        InputFault(what="there is no such folder to write to", source=str(path.parent))
        for path in (output, picture, pdf)
        if path is not None and not path.absolute().parent.is_dir()
    ]
    if found:
        raise InputError(found)
    workbook = output if output is not None and output.suffix.lower() == ".xlsx" else None
    for wanted, library, extra, purpose in (
        (workbook, "xlsxwriter", "sheets", "Writing a workbook"),
        (picture, "matplotlib", "charts", "Drawing an agenda"),
        (pdf, "fpdf", "print", "Printing an agenda"),
        (pdf, "matplotlib", "print", "Printing an agenda"),
    ):
        if wanted is not None and find_spec(library) is None:
            raise MissingExtra(library, extra, purpose)


def check_folder(path: Path) -> None:
    """Refuse a file whose folder is not there. Raises InputError."""
    if not path.absolute().parent.is_dir():
        raise InputError([InputFault(what="there is no such folder to write to", source=str(path.parent))])


def write_problem_file(loaded: Loaded, path: Path, *, zone: ZoneInfo) -> None:
    """The problem in the form that the file's ending names. Raises InputError where that form cannot state it."""
    match path.suffix.lower():
        case ".json":
            from handlers.meetings.agenda.json_problem import write_problem

            path.write_text(write_problem(loaded.problem), encoding="utf-8")
        case ".dzn":
            from handlers.meetings.agenda.published import write_published

            path.write_text(write_published(loaded.problem), encoding="utf-8")
        case ".xlsx":
            from handlers.meetings.agenda.workbooks import write_problem_workbook

            write_problem_workbook(loaded.problem, path, zone=zone)
        case _:
            raise InputError([InputFault(what="a problem is written as .json, .dzn or .xlsx", source=str(path))])


def write_agenda_file(loaded: Loaded, agenda: Agenda, path: Path) -> None:
    """The agenda as JSON or as a workbook."""
    if path.suffix.lower() == ".xlsx":
        from handlers.meetings.agenda.workbooks import write_agenda_workbook

        write_agenda_workbook(loaded.problem, agenda, path)
        return
    from handlers.meetings.agenda.json_agenda import write_agenda

    path.write_text(write_agenda(agenda, numbered=loaded.numbered), encoding="utf-8")


def known_ids(agenda: Agenda, problem: Problem, *, source: str) -> Agenda:
    """The agenda itself, if it speaks of this problem. Raises InputError naming ids that the problem has not."""
    parts = {
        "id": {one.id for one in problem.requests},
        "slot": {one.id for one in problem.slots},
        "table": {one.id for one in problem.tables},
    }
    found: list[InputFault] = []

    def look(path: str, values: Iterable[tuple[str, str]]) -> None:
        for key, value in values:
            if value not in parts[key]:
                kind = "request" if key == "id" else key
                found.append(InputFault(what=f"there is no {kind} {value!r}", source=source, column=f"{path}.{key}"))

    for index, one in enumerate(agenda.meetings):
        look(f"meetings[{index}]", (("id", one.id), ("slot", one.slot), ("table", one.table)))
    for index, missing in enumerate(agenda.not_held):
        look(f"not_held[{index}]", (("id", missing.id),))
    if found:
        raise InputError(found)
    return agenda
