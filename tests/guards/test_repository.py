"""The repository as a whole: it can be built anywhere, and speaks of itself alone."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.cli import app

ROOT = Path(__file__).parents[2]
LARGEST_FILE = 1 << 20

# Put together here, so that this file does not hold what it looks for.
INDEXES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "index" + "-url",
    "extra-index" + "-url",
    "find" + "-links",
    "trusted" + "-host",
    "registry." + "npmjs.org",
    "docker" + ".io",
]
MACHINE = re.compile(r"(?<![\w.-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z]+|Us" + r"ers|ef" + r"s)/")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bAKIA[0-9A-Z]{16}\b"
    r"|\bxox[bp]-\d{10,}-\d{10,}-\w{20,}"
)
TEXT_SUFFIXES = {".py", ".toml", ".md", ".po", ".txt", ".css", ".js", ".svg", ".lock", ".yml", ".yaml", ".mako", ""}


def tracked() -> list[Path]:
    """The files of the repository: what git knows, and what it would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a checkout: there is nothing that could be committed by mistake")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in tracked()
        if path.suffix in TEXT_SUFFIXES
    ]


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_no_file_names_an_index_of_packages() -> None:
    for name, text in texts():
        for index in INDEXES:
            if index == "index" + "-url" and name == "Makefile":
                text = text.replace("--no-emit-" + index, "")
            assert index not in text, f"{name}: {index}"


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    for name, text in texts():
        found = [text[max(0, one.start() - 30) : one.end() + 30] for one in MACHINE.finditer(text)]
        assert found == [], name


def test_no_secret_is_committed() -> None:
    for name, text in texts():
        assert not SECRETS.search(text), name


def test_nothing_large_or_generated_is_committed() -> None:
    for path in tracked():
        assert path.stat().st_size <= LARGEST_FILE, path.name
        assert not {"__pycache__", ".venv", "node_modules", "build", "dist"} & set(path.relative_to(ROOT).parts), path
        assert not path.name.endswith((".sqlite3", ".pyc", ".log", ".mo")), path
        assert path.name != "config.toml"


def test_every_pinned_package_has_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^\s;]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert "://" not in lock


def test_what_the_project_asks_for_is_pinned() -> None:
    pinned = {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==", (ROOT / "requirements.lock").read_text(), re.MULTILINE
        )
    }
    table = project()["project"]
    assert isinstance(table, dict)
    asked = [*table["dependencies"], *(one for extra in table["optional-dependencies"].values() for one in extra)]
    for requirement in asked:
        name = re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]).lower()
        assert name in pinned, requirement


def test_the_wheel_holds_the_three_packages_and_nothing_is_searched_for() -> None:
    tool = project()["tool"]
    assert isinstance(tool, dict)
    assert tool["hatch"]["build"]["targets"]["wheel"]["packages"] == ["bot", "handlers", "storage"]
    for package in ("bot", "handlers", "storage"):
        assert (ROOT / package / "__init__.py").is_file()


def test_every_folder_of_code_is_a_package() -> None:
    for path in tracked():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in {"bot", "handlers", "storage", "tests"}:
            assert (path.parent / "__init__.py").is_file() or "versions" in path.parts, path


def test_the_readme_shows_how_to_start_and_names_only_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in readme
    assert "git clone" in readme
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^(?:    )?(?:PORT=\d+ )?make ([a-z]+)", readme, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"
    commands = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}
    commands |= {one.name or "" for one in app.registered_groups}
    for command in re.findall(r"community-bot ([a-z][a-z-]+)", readme):
        assert command in commands, f"community-bot {command}"


def test_every_command_of_the_makefile_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    for target in phony.group(1).split():
        assert re.search(rf"^{target}:.*", makefile, re.MULTILINE), target
    for target in ("install", "demo", "test", "lint", "bench", "gallery"):
        assert re.search(rf"^{target}:.* ## \w", makefile, re.MULTILINE), target


def test_the_licence_is_the_one_that_is_named() -> None:
    table = project()["project"]
    assert isinstance(table, dict)
    assert table["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
