"""The key under which codes are kept."""

import threading
from pathlib import Path

import pytest

from bot.checkup.finding import Level
from bot.checkup.keys import check_code_key
from bot.code_key import code_key, key_file
from bot.config import ConfigError, Settings, load


def settings(url: str, key: str = "") -> Settings:
    return Settings.model_validate({"database": {"url": url}, "security": {"code_key": key}})


def test_a_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    made = settings(f"sqlite:///{tmp_path / 'var' / 'bot.sqlite3'}")
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(code_key(made))) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(keys)) == 1
    assert len(keys[0]) == 64
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["bot.sqlite3.key"]
    assert key_file(made).stat().st_mode & 0o077 == 0


def test_a_key_of_ones_own(tmp_path: Path) -> None:
    own = settings(f"sqlite:///{tmp_path / 'bot.sqlite3'}", "k" * 32)
    assert code_key(own) == b"k" * 32
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigError, match=r"security.code_key: must have at least 32"):
        load(environ={"COMMUNITY_BOT__SECURITY__CODE_KEY": "short"})


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"security.code_key"):
        code_key(settings(f"sqlite:///{tmp_path / 'file' / 'bot.sqlite3'}"))


def test_check_warns_of_a_key_that_others_do_not_have() -> None:
    shared = settings("postgresql://bot@localhost/community")
    (finding,) = check_code_key(shared)
    assert finding.level is Level.WARNING
    assert check_code_key(settings("postgresql://bot@localhost/community", "k" * 32)) == []
    assert check_code_key(settings("sqlite:///var/bot.sqlite3")) == []
