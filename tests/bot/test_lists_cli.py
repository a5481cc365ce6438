"""``community-bot import`` and ``export``: dry run, all or nothing, round trip, exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

HOUSES = "Nome;Categoria;Città\nBiofilande;azienda;Lecco\nPolitecnico;università;Milano\n"
PEOPLE = "Nome;E-mail;Azienda\nTom Reed;tom@biofilande.example;Biofilande\n"


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(f'[database]\nurl = "{sqlite_url}"\n', encoding="utf-8")
    return path


def run(config: Path, *words: object) -> Result:
    return CliRunner().invoke(app, [*(str(word) for word in words), "--config", str(config)])


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_dry_run_then_import_then_nothing_left(config: Path, tmp_path: Path) -> None:
    houses = written(tmp_path, "houses.csv", HOUSES)
    dry = run(config, "import", "organisations", houses, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    told = json.loads(dry.stdout)
    assert (told["done"], [one["name"] for one in told["new"]]) == (False, ["Biofilande", "Politecnico"])
    assert "2 new, 0 changed" in run(config, "import", "organisations", houses).stdout
    again = json.loads(run(config, "import", "organisations", houses, "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == ([], [], 2)


def test_faults_name_row_and_column_and_nothing_is_done(config: Path, tmp_path: Path) -> None:
    wrong = written(tmp_path, "houses.csv", HOUSES + "Terza;ditta;Como\n")
    done = run(config, "import", "organisations", wrong)
    assert done.exit_code == 1
    assert "Row 4, Categoria: there is no category “ditta”" in done.stderr
    assert json.loads(run(config, "import", "organisations", wrong, "--dry-run", "--json").stdout)["faults"] == [
        {"row": 4, "column": "Categoria", "code": "no_category", "value": "ditta"}
    ]
    assert run(config, "export", "organisations", tmp_path / "out.csv").stdout.startswith("0 rows")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_round_trip(config: Path, tmp_path: Path, ending: str) -> None:
    run(config, "import", "organisations", written(tmp_path, "houses.csv", HOUSES))
    codes = tmp_path / "codes.csv"
    done = run(config, "import", "members", written(tmp_path, "people.csv", PEOPLE), "--invitations", codes)
    assert done.exit_code == 0, done.output
    assert "Tom Reed" in codes.read_text(encoding="utf-8-sig")
    for kind, rows in (("organisations", 2), ("members", 1)):
        out = tmp_path / f"{kind}.{ending}"
        assert run(config, "export", kind, out, "--lang", "it").exit_code == 0
        told = json.loads(run(config, "import", kind, out, "--dry-run", "--json").stdout)
        assert (told["new"], told["changed"], told["unchanged"], told["faults"]) == ([], [], rows, [])


def test_what_is_not_there(config: Path, tmp_path: Path) -> None:
    assert run(config, "import", "members", tmp_path / "nothing.csv").exit_code == 2
    assert run(config, "export", "members", tmp_path / "list.pdf").exit_code == 2
    assert run(config, "import", "posts", tmp_path / "nothing.csv").exit_code == 2
