"""The agenda's commands, as staff type them: no settings, no store, exit codes, and what goes where."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from handlers.meetings.agenda.json_problem import write_problem
from tests.handlers.meetings.agenda.test_worker import LARGE

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "agenda"
runner = CliRunner()

TINY = """nBusiness = 4; nMeetings = 4; nTables = 2; nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2,1, |3, 4,3, |1, 3,3, |2, 4,2 |];
forbidden = [{0}, {}, {4}, {}];
fixed = [0,0,0,0];
precedences = [{},{1},{},{}];
"""


def agenda(*words: str | Path) -> Result:
    """Run a command in a folder of nobody, with settings that would refuse every other command."""
    return runner.invoke(app, ["agenda", *map(str, words)], env={"COMMUNITY_BOT__TELEGRAM__TOKN": "x"})


def answered(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    assert isinstance(values, dict)
    return values


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.dzn"
    path.write_text(TINY)
    return path


def test_help_is_there_for_each_command() -> None:
    assert agenda("--help").exit_code == 0
    for command in ("plan", "replan", "check", "explain", "convert"):
        assert agenda(command, "--help").exit_code == 0


def test_the_commands_load_no_platform_and_no_solver_that_is_not_needed() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "agenda", "plan", str(EXAMPLE), "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for heavy in (
        "telegram",
        "slack_bolt",
        "ortools",
        "highspy",
        "matplotlib",
        "fpdf",
    ):
        assert f" {heavy}\n" not in told.stderr, heavy
    assert "Nothing is wrong." in told.stdout


# Dry run and input that cannot be used


def test_a_dry_run_counts_and_plans_nothing() -> None:
    result = agenda("plan", EXAMPLE, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "people: 12",
        "requests: 23",
        "slots: 8",
        "tables: 4",
        "declined, left out: m24",
        "Nothing is wrong.",
    ]


def changed_example(folder: Path, name: str, old: str, new: str) -> Path:
    for file in EXAMPLE.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        if file.stem == name:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / file.name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("requests", "anna; noa", "anna; anna", "requests.csv, row 2, column B (participants): 'anna' is in it twice"),
        ("requests", ",t5,", ",t9,", "requests.csv, row 5, column E (fixed): there is no slot 't9'"),
        ("requests", "noa,must,,t5,,", "noa,must,,t5,,m05", "they go in a circle: "),
        (
            "requests",
            "anna; noa",
            "anna; zoe",
            "requests.csv, row 2, column B (participants): there is no person 'zoe'",
        ),
        ("requests", "m02,", "m01,", "requests.csv, row 3, column A (id): 'm01' is given twice, first at row 2"),
        ("people", "Anna Ferri", "=cmd()", "people.csv, row 2, column B (name): it begins like a formula"),
        ("people", "marco,Marco", "anna,Marco", "people.csv, row 3, column A (id): 'anna' is given twice"),
        (
            "slots",
            "10/04/2018 09:25",
            "10/04/2018 08:25",
            "slots.csv, row 2, column C (end): it is not after the start",
        ),
    ],
)
def test_bad_sheets_are_named_by_row_and_column(tmp_path: Path, name: str, old: str, new: str, expected: str) -> None:
    folder = changed_example(tmp_path, name, old, new)
    for words in (("plan", folder), ("plan", folder, "--dry-run"), ("convert", folder, "-o", tmp_path / "x.json")):
        result = agenda(*words)
        assert result.exit_code == 2
        assert expected in result.stderr
        assert "held" not in result.output
    assert not (tmp_path / "x.json").exists()
    assert "people: 12" in agenda("plan", folder, "--dry-run").stdout
    assert "Nothing was planned." in agenda("plan", folder).stderr


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("empty.json", "", "empty.json: the file is empty"),
        ("empty.dzn", "", "empty.dzn: the file is empty"),
        ("bad.json", "{", "bad.json, row 1: not JSON"),
        ("bad.dzn", "nBusiness = ;", "bad.dzn, row 1: expected a whole number, found ;"),
        ("latin.json", "é", "latin.json: it is not text in UTF-8"),
        ("fair.ods", "x", "fair.ods: a problem is a .json, .dzn or .xlsx file, or a folder of CSV files"),
        ("fair.xlsx", "x", "fair.xlsx: not an Excel workbook"),
    ],
)
def test_files_that_hold_no_problem(tmp_path: Path, name: str, text: str, expected: str) -> None:
    (tmp_path / name).write_text(text, encoding="cp1252")
    result = agenda("plan", tmp_path / name)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert result.stdout == ""


def test_a_slip_in_a_published_file_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "tiny.dzn"
    path.write_text(TINY.replace("|3, 4,3", "|3, 3,3"))
    result = agenda("plan", path, "--published")
    assert result.exit_code == 2
    assert "tiny.dzn, row 2: meeting 2: participant 3 is in it twice" in result.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["plan", "nowhere.json"], "there is no such file or folder"),
        (["plan", EXAMPLE, "--published"], "--published is for the published instances"),
        (["plan", EXAMPLE, "--output", "agenda.txt"], "written files end in .json or .xlsx"),
        (["plan", EXAMPLE, "--picture", "agenda.jpg"], "written files end in .png or .svg"),
        (["plan", EXAMPLE, "--pdf", "nowhere/at/all.pdf"], "there is no such folder to write to"),
        (["plan", EXAMPLE, "--timezone", "Europe/Milan"], "there is no time zone 'Europe/Milan'"),
        (["plan", EXAMPLE, "--fairness", "-1"], "--fairness"),
        (["plan", EXAMPLE, "--time-limit", "0"], "--time-limit"),
        (["check", EXAMPLE, "--agenda", "nowhere.json"], "nowhere.json: it cannot be read"),
        (["check", EXAMPLE, "--agenda", EXAMPLE / "fair.json"], "it is 'agenda-problem', not 'agenda'"),
        (
            ["replan", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--change", EXAMPLE / "fair.json"],
            "'agenda-changes'",
        ),
        (["explain", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--request", "m99"], "there is no request 'm99'"),
        (["convert", EXAMPLE, "-o", "fair.txt"], "a problem is written as .json, .dzn or .xlsx"),
        (["convert", EXAMPLE, "-o", "nowhere/fair.json"], "there is no such folder to write to"),
        (
            ["convert", EXAMPLE, "-o", "fair.dzn"],
            "person giulia: buffers and blocks cannot be written as MiniZinc data",
        ),
    ],
)
def test_options_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str | Path], expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = agenda(*words)
    assert result.exit_code == 2
    assert expected in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_agenda_of_another_fair_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"meetings": [{"id": "m77", "slot": "t1", "table": "9"}]}')
    result = agenda("explain", EXAMPLE, "--agenda", other, "--request", "m01")
    assert result.exit_code == 2
    assert "other.json, meetings[0].id: there is no request 'm77'" in result.stderr
    assert "other.json, meetings[0].table: there is no table '9'" in result.stderr


# The forms


def test_one_fair_in_three_forms(tmp_path: Path) -> None:
    assert agenda("convert", EXAMPLE, "-o", tmp_path / "fair.xlsx").exit_code == 0
    assert agenda("convert", tmp_path / "fair.xlsx", "-o", tmp_path / "fair.json").exit_code == 0
    assert (tmp_path / "fair.json").read_text() == (EXAMPLE / "fair.json").read_text()


def test_published_data_in_other_forms(tmp_path: Path, tiny: Path) -> None:
    assert agenda("convert", tiny, "-o", tmp_path / "tiny.json").exit_code == 0
    assert agenda("convert", tmp_path / "tiny.json", "-o", tmp_path / "again.dzn").exit_code == 0
    assert agenda("convert", tmp_path / "again.dzn", "-o", tmp_path / "again.json").exit_code == 0
    assert (tmp_path / "again.json").read_text() == (tmp_path / "tiny.json").read_text()


@pytest.mark.parametrize(
    ("library", "words", "extra"),
    [
        ("python_calamine", ["plan", "{folder}/fair.xlsx"], "community-bot[sheets]"),
        ("xlsxwriter", ["convert", EXAMPLE, "-o", "{folder}/new.xlsx"], "community-bot[sheets]"),
        ("matplotlib", ["plan", EXAMPLE, "--picture", "{folder}/agenda.png"], "community-bot[charts]"),
        ("fpdf", ["plan", EXAMPLE, "--pdf", "{folder}/agenda.pdf"], "community-bot[print]"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str, words: list[str | Path], extra: str
) -> None:
    assert agenda("convert", EXAMPLE, "-o", tmp_path / "fair.xlsx").exit_code == 0
    monkeypatch.setitem(sys.modules, library, None)
    result = agenda(*(str(word).format(folder=tmp_path) for word in words))
    assert result.exit_code == 2
    assert extra in result.stderr
    assert result.stdout == ""


# Planning


def test_the_example_is_planned_with_proofs(tmp_path: Path) -> None:
    told = answered(agenda("plan", EXAMPLE, "--json", "--output", tmp_path / "agenda.json"))
    assert told["status"] == "optimal"
    assert told["held"] == told["held_bound"] == len(told["meetings"])
    assert told["held"] + len(told["not_held"]) == 23
    assert all(one["proved"] for one in told["objectives"])
    assert json.loads((tmp_path / "agenda.json").read_text()) == told
    assert agenda("check", EXAMPLE, "--agenda", tmp_path / "agenda.json").stdout == "Every rule is kept.\n"
    # The agenda among the examples is this one.
    kept = json.loads((EXAMPLE / "agenda.json").read_text())
    assert {**kept, "seconds": 0} == {**told, "seconds": 0}


def test_the_answer_in_words_pictures_and_pages(tmp_path: Path) -> None:
    result = agenda(
        "plan",
        EXAMPLE,
        *("--picture", tmp_path / "agenda.svg", "--pdf", tmp_path / "pages", "--output", tmp_path / "agenda.xlsx"),
    )
    assert result.exit_code == 0, result.output
    assert "Marco Bellini, Noa Levin" in result.stdout
    assert (tmp_path / "agenda.svg").read_bytes().startswith(b"<?xml")
    assert (tmp_path / "pages" / "people.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "pages" / "tables.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "agenda.xlsx").read_bytes().startswith(b"PK")
    again = agenda("plan", EXAMPLE, "--picture", tmp_path / "agenda.png", "--pdf", tmp_path / "all.pdf", "--lang", "en")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "agenda.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF")


def test_a_published_problem_counts_from_one(tiny: Path, tmp_path: Path) -> None:
    told = answered(agenda("plan", tiny, "--published", "--json"))
    assert told["status"] == "optimal"
    assert told["held"] == 4
    assert sorted(one["id"] for one in told["meetings"]) == [1, 2, 3, 4]
    assert {one["slot"] for one in told["meetings"]} <= {1, 2, 3, 4}
    assert {one["table"] for one in told["meetings"]} <= {1, 2}
    slot = {one["id"]: one["slot"] for one in told["meetings"]}
    assert slot[1] in (1, 2)
    assert slot[4] in (3, 4)
    assert slot[1] < slot[2]
    assert told["breaks"] == told["breaks_bound"] == 1
    (tmp_path / "agenda.json").write_text(json.dumps(told))
    assert agenda("check", tiny, "--agenda", tmp_path / "agenda.json", "--published").exit_code == 0


def test_what_is_not_possible_is_said_and_shown_by_the_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "tiny.dzn"
    path.write_text(TINY.replace("fixed = [0,0,0,0]", "fixed = [1,0,1,0]"))
    result = agenda("plan", path, "--published", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["status"] == "infeasible"
    assert told["meetings"] == []
    assert "Not possible" in agenda("plan", path, "--published").stdout
    # As a fair of ours the others are held.
    assert answered(agenda("plan", path, "--json"))["held"] == 3


def test_the_same_input_gives_the_same_answer() -> None:
    first, second = (answered(agenda("plan", EXAMPLE, "--json")) for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


# Checking, explaining, planning again


def test_a_broken_rule_is_named(tmp_path: Path) -> None:
    told = json.loads((EXAMPLE / "agenda.json").read_text())
    told["meetings"][0]["slot"] = told["meetings"][1]["slot"]
    (tmp_path / "agenda.json").write_text(json.dumps(told))
    result = agenda("check", EXAMPLE, "--agenda", tmp_path / "agenda.json")
    assert result.exit_code == 1
    assert "two-meetings-at-once" in result.stdout
    listed = agenda("check", EXAMPLE, "--agenda", tmp_path / "agenda.json", "--json")
    assert listed.exit_code == 1
    assert "two-meetings-at-once" in {one["rule"] for one in json.loads(listed.stdout)}


def test_a_request_that_is_not_held_is_explained() -> None:
    told = json.loads((EXAMPLE / "agenda.json").read_text())
    missing = told["not_held"][0]["id"]
    result = agenda("explain", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--request", missing)
    assert result.exit_code == 0
    assert "is not held." in result.stdout
    assert "There would be room:" in result.stdout
    values = answered(agenda("explain", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--request", missing, "--json"))
    assert values["id"] == missing
    assert values["held"] is False
    assert values["openings"]
    held = told["meetings"][0]
    words = agenda("explain", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--request", held["id"]).stdout
    assert "is held: Tue 10 Apr" in words
    values = answered(
        agenda("explain", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--request", held["id"], "--json")
    )
    assert values == {"id": held["id"], "held": True, "slot": held["slot"], "table": held["table"]}


def test_a_change_moves_few_and_says_which() -> None:
    words = ("replan", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--change", EXAMPLE / "change.json")
    told = answered(agenda(*words, "--json"))
    before = {one["id"]: one for one in json.loads((EXAMPLE / "agenda.json").read_text())["meetings"]}
    after = {one["id"]: one for one in told["meetings"]}
    assert "m25" in after
    assert all(one["table"] != "4" for one in after.values())
    moved = {id_ for id_ in before.keys() & after.keys() if before[id_] != after[id_]}
    assert moved == {one["id"] for one in told["moves"]}
    assert "Moved:" in agenda(*words).stdout
    late = agenda(*words, "--now", "2018-04-10T10:00", "--json")
    assert late.exit_code == 0, late.output


def test_changes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "change.json").write_text('{"changes": [{"kind": "person-cancels", "person": "zoe"}]}')
    words = ("replan", EXAMPLE, "--agenda", EXAMPLE / "agenda.json", "--change", tmp_path / "change.json")
    result = agenda(*words)
    assert result.exit_code == 2
    assert "'zoe'" in result.stderr
    assert "Nothing was planned." in result.stderr


# Ctrl-C


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to signal like a terminal does")
def test_ctrl_c_gives_the_best_so_far(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text(write_problem(LARGE))
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "agenda", "plan", str(path), "--time-limit", "300", "--json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    ) as process:
        # As a terminal does: to all of them at once, as soon as the planner is there.
        while len(psutil.Process(process.pid).children()) < 2:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        stdout, stderr = process.communicate()
    assert process.returncode == 0, stderr
    assert "Stopping with the best so far" in stderr
    told = json.loads(stdout)
    assert told["status"] in ("feasible", "optimal")
    assert told["held"] == len(told["meetings"])
