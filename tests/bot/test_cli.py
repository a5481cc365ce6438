"""The commands, as an operator types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app

runner = CliRunner()


def run(path: Path, *words: str) -> Result:
    """Run a command with a store of its own."""
    return runner.invoke(
        app, list(words), env={"COMMUNITY_BOT__DATABASE__URL": f"sqlite:///{path / 'var' / 'bot.sqlite3'}"}
    )


def test_a_new_installation(tmp_path: Path) -> None:
    made = run(tmp_path, "migrate")
    assert made.exit_code == 0
    assert "From empty to revision" in made.output
    assert "Already at revision" in run(tmp_path, "migrate").output
    assert "Nobody yet" in run(tmp_path, "staff", "list").output

    code = run(tmp_path, "invite", "create", "Ospedale di Prova", "--uses", "3")
    assert code.exit_code == 0
    assert len(code.stdout.strip()) == 10

    nobody = run(tmp_path, "staff", "add", "telegram", "42")
    assert nobody.exit_code == 1
    assert "has written /start" in nobody.output


def test_the_manifest_is_json(tmp_path: Path) -> None:
    printed = run(tmp_path, "slack-manifest")
    assert printed.exit_code == 0
    assert json.loads(printed.output)["features"]["slash_commands"][0]["command"] == "/cluster"


def test_run_without_a_platform_says_what_to_do(tmp_path: Path) -> None:
    refused = run(tmp_path, "run")
    assert refused.exit_code == 1
    assert "community-bot demo" in refused.output


@pytest.mark.parametrize("words", [["--help"], ["demo", "--help"], ["staff", "add", "--help"], ["version"]])
def test_each_command_explains_itself(tmp_path: Path, words: list[str]) -> None:
    assert run(tmp_path, *words).exit_code == 0


def test_a_typo_names_the_key(tmp_path: Path) -> None:
    refused = runner.invoke(app, ["migrate"], env={"COMMUNITY_BOT__TELEGRAM__TOKN": "x"})
    assert refused.exit_code == 1
    assert "COMMUNITY_BOT__TELEGRAM__TOKN" in refused.output


def test_the_web_chat_stays_at_home(tmp_path: Path) -> None:
    refused = runner.invoke(app, ["demo"], env={"COMMUNITY_BOT__WEB__HOST": "0.0.0.0"})
    assert refused.exit_code == 1
    assert "no passwords" in refused.output


def test_whoever_asks_for_help_or_plans_an_agenda_waits_for_no_platform() -> None:
    slow = ["sqlalchemy", "telegram", "slack_bolt", "nicegui", "apscheduler", "alembic", "numpy"]
    look = f"import sys, bot.cli; print([name for name in {slow!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
