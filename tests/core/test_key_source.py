"""Where keys come from, and that no key file is ever overwritten."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from casework.core.commands import keys
from casework.core.crypto import (
    KeyFileExists,
    KeyMissing,
    Keyring,
    PhoneKeys,
    current_keyring,
    load_keyring,
    new_key_file,
    read_key_file,
)
from tests.sealing import phone_keys

MADE_AT = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def same_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making one for each key file would take most of the time of these tests."""
    pair = phone_keys()
    monkeypatch.setattr(PhoneKeys, "generate", lambda: pair)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "casework.key"


@pytest.fixture
def key_app(path: Path) -> Flask:
    """Just enough of an application to run `flask keys`."""
    app = Flask("keys")
    app.config.update(CASEWORK_KEYS=None, KEYS_FILE=path)
    Babel(app)
    app.cli.add_command(keys)
    return app


def test_a_new_key_file_is_for_its_owner_alone(path: Path) -> None:
    keyring = new_key_file(path, MADE_AT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path) == keyring


def test_a_key_file_is_never_overwritten(path: Path) -> None:
    new_key_file(path, MADE_AT)
    before = path.read_bytes()
    with pytest.raises(KeyFileExists, match="casework.key"):
        new_key_file(path, MADE_AT)
    assert path.read_bytes() == before


def test_a_dangling_link_is_not_followed_to_make_a_key_file(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFileExists):
        new_key_file(path, MADE_AT)
    assert not (tmp_path / "elsewhere").exists()


def test_a_write_that_fails_leaves_no_half_key_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        new_key_file(path, MADE_AT)
    assert not path.exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o606])
def test_a_key_file_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    new_key_file(path, MADE_AT)
    path.chmod(mode)
    with pytest.raises(KeyMissing, match="chmod 600"):
        read_key_file(path)


def test_a_missing_key_file_says_how_to_make_one(path: Path) -> None:
    with pytest.raises(KeyMissing, match="flask keys init"):
        read_key_file(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"active": 1}',
        "\x00",
        json.dumps({"active": "0", "encryption_keys": []}),
    ],
)
def test_a_damaged_key_file_is_named(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(content)
    with pytest.raises(KeyMissing, match="casework.key"):
        read_key_file(path)


def test_no_message_about_damaged_keys_holds_a_key() -> None:
    content = json.loads(Keyring.generate(MADE_AT).to_json())
    content["index_key"] = content["index_key"][:-2]
    with pytest.raises(KeyMissing) as caught:
        load_keyring(json.dumps(content), Path("unused"))
    message = str(caught.value)
    assert "CASEWORK_KEYS" in message
    assert content["index_key"] not in message
    assert all(key not in message for key in content["encryption_keys"].values())


def test_the_environment_comes_before_the_file(path: Path) -> None:
    new_key_file(path, MADE_AT)
    ring = Keyring.generate(MADE_AT)
    assert load_keyring(ring.to_json(), path) == ring


def test_the_application_reads_its_keys_once(key_app: Flask, path: Path) -> None:
    with key_app.app_context():
        with pytest.raises(KeyMissing):
            current_keyring()
        made = new_key_file(path, MADE_AT)
        assert current_keyring() == made
        path.unlink()
        assert current_keyring() == made


def test_keys_init_makes_the_file_and_asks_for_a_backup(key_app: Flask, path: Path) -> None:
    result = key_app.test_cli_runner().invoke(args=["keys", "init"])
    assert result.exit_code == 0
    assert str(path) in result.output
    assert "apart from the database" in result.output
    assert read_key_file(path).index_key.hex() not in result.output


def test_keys_init_twice_changes_nothing_and_is_no_error(key_app: Flask, path: Path) -> None:
    runner = key_app.test_cli_runner()
    runner.invoke(args=["keys", "init"])
    before = path.read_bytes()
    result = runner.invoke(args=["keys", "init"])
    assert result.exit_code == 0
    assert "already" in result.output
    assert path.read_bytes() == before


def test_keys_init_reports_an_existing_file_that_cannot_be_used(key_app: Flask, path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    result = key_app.test_cli_runner().invoke(args=["keys", "init"])
    assert result.exit_code == 1
    assert "cannot be used" in result.output
    assert path.read_bytes() == b""


def test_keys_init_makes_no_file_beside_keys_from_the_environment(
    key_app: Flask, path: Path
) -> None:
    key_app.config["CASEWORK_KEYS"] = Keyring.generate(MADE_AT).to_json()
    result = key_app.test_cli_runner().invoke(args=["keys", "init"])
    assert result.exit_code == 0
    assert not path.exists()


def test_keys_init_shows_an_example() -> None:
    assert "flask keys init" in (keys.commands["init"].help or "")


def test_keys_init_says_when_the_folder_cannot_be_written(key_app: Flask, path: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    result = key_app.test_cli_runner().invoke(args=["keys", "init"])
    assert result.exit_code == 1
    assert "cannot be written" in result.output
