"""A key file that is in use gets a key for what phones seal, and keeps all that it holds."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_babel import Babel

from casework.core.commands import keys
from casework.core.crypto import (
    KeyMissing,
    Keyring,
    PhoneKeys,
    add_phone_keys,
    current_phone_keys,
    new_key_file,
    read_key_file,
    rotate_phone_keys,
)
from tests.sealing import phone_keys

MADE_AT = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A key file of before phones sealed anything, with something of a later release in it."""
    path = tmp_path / "data" / "casework.key"
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(
        json.dumps(json.loads(Keyring.generate(MADE_AT).to_json()) | {"of_2028": [1, 2]})
    )
    return path


@pytest.fixture
def run(path: Path) -> Callable[..., Result]:
    """Runs a command of `flask keys`."""
    app = Flask("keys")
    app.config.update(CASEWORK_KEYS=None, KEYS_FILE=path)
    Babel(app)
    app.cli.add_command(keys)

    def run(*args: str, **config: str) -> Result:
        app.config.update(config)
        return app.test_cli_runner().invoke(args=["keys", *args])

    return run


def test_an_old_key_file_gets_phone_keys_and_loses_nothing(path: Path) -> None:
    before = read_key_file(path)
    made = add_phone_keys(path)
    assert made is not None
    assert read_key_file(path) == replace(before, phone_keys=made)
    assert json.loads(path.read_text())["of_2028"] == [1, 2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_key_file_that_has_phone_keys_is_left_alone(path: Path) -> None:
    add_phone_keys(path)
    before = path.read_bytes()
    assert add_phone_keys(path) is None
    assert path.read_bytes() == before


def test_a_rotation_keeps_every_older_key(path: Path) -> None:
    first = rotate_phone_keys(path)  # of a file without any
    second = rotate_phone_keys(path)
    assert second.active not in first.private_keys
    assert second.private_keys[first.active] == first.private_keys[first.active]
    assert read_key_file(path).phone_keys == second


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_change_that_fails_leaves_the_old_file_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = path.read_bytes()

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, failing, full)
        with pytest.raises(OSError, match="space"):
            rotate_phone_keys(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *args, n=name, r=real: (done.append(n), r(*args))[1])
    rotate_phone_keys(path)
    assert done == ["fsync", "replace", "fsync"]


def test_of_two_rotations_at_once_no_key_is_lost(path: Path) -> None:
    made: list[PhoneKeys] = []
    threads = [
        threading.Thread(target=lambda: made.append(rotate_phone_keys(path))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = read_key_file(path).phone_keys
    assert held is not None
    assert {keys.active for keys in made} == set(held.private_keys)
    assert len(made) == 3


def test_a_link_to_the_key_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.key"
    link.symlink_to(path)
    made = rotate_phone_keys(link)
    assert link.is_symlink()
    assert read_key_file(path).phone_keys == made


@pytest.mark.parametrize("mode", [0o644, 0o640])
def test_a_key_file_that_others_can_read_is_not_changed(path: Path, mode: int) -> None:
    path.chmod(mode)
    before = path.read_bytes()
    with pytest.raises(KeyMissing, match="chmod 600"):
        rotate_phone_keys(path)
    assert path.read_bytes() == before


def test_an_owners_read_only_file_stays_read_only(path: Path) -> None:
    path.chmod(0o400)
    rotate_phone_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


# ---- The commands ----


def test_a_new_key_file_has_phone_keys(run: Callable[..., Result], path: Path) -> None:
    path.unlink()
    assert run("init").exit_code == 0
    assert read_key_file(path).phone_keys is not None


def test_keys_init_adds_what_an_old_key_file_lacks_and_asks_for_a_backup(
    run: Callable[..., Result], path: Path
) -> None:
    before = read_key_file(path)
    result = run("init")
    assert result.exit_code == 0
    held = read_key_file(path)
    assert held.phone_keys is not None
    assert replace(held, phone_keys=None) == before
    assert held.phone_keys.active in result.output
    assert "back the key file up again" in result.output
    after = path.read_bytes()
    assert "already" in run("init").output
    assert path.read_bytes() == after


def test_keys_rotate_sealing_makes_a_new_active_key(run: Callable[..., Result], path: Path) -> None:
    run("init")
    before = read_key_file(path).phone_keys
    result = run("rotate-sealing")
    after = read_key_file(path).phone_keys
    assert before is not None
    assert after is not None
    assert set(before.private_keys) == set(after.private_keys) - {after.active}
    assert (result.exit_code, after.active in result.output) == (0, True)
    assert "flask keys rotate-sealing" in (keys.commands["rotate-sealing"].help or "")


def test_no_command_shows_a_private_key(run: Callable[..., Result], path: Path) -> None:
    shown = run("init").output + run("rotate-sealing").output + run("init").output
    content = json.loads(path.read_text())["phone_keys"]["private_keys"]
    assert len(content) == 2
    assert all(key[40:80] not in shown for key in content.values())


def test_keys_rotate_sealing_without_a_key_file_says_how_to_make_one(
    run: Callable[..., Result], path: Path
) -> None:
    path.unlink()
    result = run("rotate-sealing")
    assert result.exit_code == 1
    assert "flask keys init" in result.output
    assert not path.exists()


def test_keys_of_the_environment_are_changed_by_whoever_set_them(
    run: Callable[..., Result], path: Path
) -> None:
    before = path.read_bytes()
    given = Keyring.generate(MADE_AT)
    result = run("rotate-sealing", CASEWORK_KEYS=given.to_json())
    assert (result.exit_code, "docs/operations.md" in result.output) == (1, True)
    result = run("init", CASEWORK_KEYS=given.to_json())
    assert (result.exit_code, "docs/operations.md" in result.output) == (0, True)
    result = run("init", CASEWORK_KEYS=replace(given, phone_keys=phone_keys()).to_json())
    assert (result.exit_code, "docs/operations.md" in result.output) == (0, False)
    assert path.read_bytes() == before


@pytest.mark.parametrize("command", ["init", "rotate-sealing"])
def test_a_damaged_phone_key_is_named_and_nothing_is_changed(
    run: Callable[..., Result], path: Path, command: str
) -> None:
    der = bytearray(phone_keys().private_keys[phone_keys().active])
    der[len(der) // 2] ^= 1
    damaged = PhoneKeys(phone_keys().active, {phone_keys().active: bytes(der)})
    path.write_text(replace(Keyring.generate(MADE_AT), phone_keys=damaged).to_json())
    before = path.read_bytes()
    result = run(command)
    assert result.exit_code == 1
    assert "is damaged" in result.output
    assert path.read_bytes() == before


# ---- A server that is running ----


def test_a_running_server_opens_what_was_sealed_to_a_key_made_since(path: Path) -> None:
    app = Flask("running")
    app.config.update(CASEWORK_KEYS=None, KEYS_FILE=path)
    Babel(app)
    with app.app_context():
        with pytest.raises(KeyMissing) as caught:
            current_phone_keys()
        assert caught.value.code == "no-phone-keys"
        first = rotate_phone_keys(path)
        assert current_phone_keys() == first
        second = rotate_phone_keys(path)
        assert current_phone_keys(first.active) == first
        assert current_phone_keys(second.active) == second
        assert current_phone_keys("00000000") == second


def test_a_key_file_made_now_and_one_upgraded_are_alike(path: Path, tmp_path: Path) -> None:
    new_key_file(tmp_path / "new.key", MADE_AT)
    add_phone_keys(path)
    new, upgraded = (json.loads(file.read_text()) for file in (tmp_path / "new.key", path))
    assert new.keys() == upgraded.keys() - {"of_2028"}
