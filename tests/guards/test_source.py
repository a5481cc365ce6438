"""Rules about the source itself, beyond what the linters hold."""

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.router import FEATURES, PARTS

ROOT = Path(__file__).parents[2]
KIT = {"conversation", "texts", "sheets"}
"""Folders of ``handlers`` that are no features."""
PLATFORM_PACKAGES = {"telegram", "slack_sdk", "slack_bolt", "nicegui", "starlette", "fastapi", "aiohttp", "uvicorn"}
READS_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
MAY_READ_THE_CLOCK = {
    "handlers/conversation/clock.py",  # the clock itself
    "storage/queries/leases.py",  # leases are about processes, not about the community's calendar
    "bot/checkup/telegram.py",  # about the platform's limits now, and the community has no part in it
    "bot/platforms/slack/receiving.py",  # handed to the library, for its log
}
REASON = re.compile(
    r"# noqa: [A-Z0-9]+(, [A-Z0-9]+)* - \S|# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  # \S|# pragma: no cover - \S"
)
"""How a rule is ignored: which one, and why."""


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_every_folder_of_handlers_is_a_feature_that_is_loaded() -> None:
    folders = {path.name for path in (ROOT / "handlers").iterdir() if path.is_dir() and path.name.isidentifier()}
    assert folders - KIT - {"__pycache__"} == set(FEATURES)


def test_every_feature_is_named_in_the_import_contracts() -> None:
    features = {f"handlers.{feature}" for feature in FEATURES}
    (independent,) = [one for one in contracts() if one["name"] == "features do not import each other"]
    (kit,) = [one for one in contracts() if one["name"] == "the conversation kit knows no feature"]
    assert set(independent["modules"]) == features  # type: ignore[call-overload]  # a list, as TOML has it
    assert set(kit["forbidden_modules"]) == features | {"handlers.router"}  # type: ignore[call-overload]  # same


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_does_something_and_shows_it(feature: str) -> None:
    parts = [part for part in PARTS if importlib.util.find_spec(f"handlers.{feature}.{part}")]
    assert "examples" in parts
    assert len(parts) > 1


def test_no_handler_knows_a_platform() -> None:
    for name, tree in modules("handlers", "storage"):
        known = {one.partition(".")[0] for one in imported(tree)}
        assert known.isdisjoint(PLATFORM_PACKAGES | {"bot"}), name


def test_rules_and_screens_are_pure() -> None:
    """Values in, a decision or a screen out: no session, nothing to wait for."""
    for name, tree in modules("handlers"):
        role = name.rpartition("/")[2]
        if role != "rules.py" and (not role.endswith("screens.py") or "conversation" in name):
            continue
        for one in imported(tree):
            assert not one.startswith(("sqlalchemy", "storage.engine")), f"{name}: {one}"
        waits = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)]
        assert waits == [], name


def test_the_time_comes_from_the_clock_that_is_given() -> None:
    for name, tree in modules("bot", "handlers", "storage"):
        if name in MAY_READ_THE_CLOCK:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                of = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
                assert (of, node.func.attr) not in READS_THE_CLOCK, f"{name}:{node.lineno}"


def test_sentences_stand_where_they_can_be_found_for_translation() -> None:
    """A sentence that is put together at run time has no entry in a catalogue."""
    for name, tree in modules("bot", "handlers"):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            is_t = (isinstance(called, ast.Name) and called.id == "t") or (
                isinstance(called, ast.Attribute) and called.attr == "t"
            )
            if is_t:
                given = node.args[0]
                # A description that was marked with N_ where it stands is translated where it is shown.
                marked = isinstance(given, ast.Attribute | ast.Subscript | ast.Name)
                assert isinstance(given, ast.Constant) or marked, f"{name}:{node.lineno}"


def test_no_module_is_called_by_what_it_is_not() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base_utils"}
    for name, _ in modules("bot", "handlers", "storage", "tests"):
        assert not vague & set(name.removesuffix(".py").split("/")), name


def test_every_module_and_every_ignored_rule_says_why() -> None:
    for name, tree in modules("bot", "handlers", "storage"):
        source = (ROOT / name).read_text(encoding="utf-8")
        assert ast.get_docstring(tree) or not source.strip() or "/versions/" in name, f"{name} has no docstring"
        for number, line in enumerate(source.splitlines(), 1):
            if re.search(r"# (noqa|type: ignore|pragma: no cover)", line):
                assert REASON.search(line), f"{name}:{number} ignores a rule without saying why"
