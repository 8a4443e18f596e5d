"""Settings come from the environment, with defaults that are safe in production."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from config import SettingError, database_uri, from_environment
from tests.architecture.sources import ROOT


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("", "sqlite:////srv/casework/casework.sqlite3"),
        ("sqlite:////srv/other.sqlite3", "sqlite:////srv/other.sqlite3"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgresql+psycopg:///d", "postgresql+psycopg:///d"),
        (" postgresql:///d\n", "postgresql+psycopg:///d"),
    ],
)
def test_every_spelling_of_a_database_is_understood(given: str, understood: str) -> None:
    assert database_uri(given, Path("/srv/casework")) == understood


def test_a_relative_sqlite_file_is_found_from_wherever_the_server_starts() -> None:
    uri = database_uri("sqlite:///var/x.sqlite3", Path("/srv"))
    assert uri == f"sqlite:///{Path.cwd()}/var/x.sqlite3"


@pytest.mark.parametrize("given", ["sqlite://", "sqlite:///:memory:", "mysql://h/d", "h/d"])
def test_a_database_that_cannot_be_used_is_refused(given: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        database_uri(given, Path("/srv"))


def test_cookies_travel_over_tls_only_unless_that_is_switched_off(tmp_path: Path) -> None:
    here = {"DATA_DIR": str(tmp_path)}
    safe = from_environment(here)
    plain = from_environment({**here, "COOKIE_SECURE": "0"})
    assert (safe["SESSION_COOKIE_SECURE"], safe["SESSION_COOKIE_NAME"]) == (True, "__Host-casework")
    assert (plain["SESSION_COOKIE_SECURE"], plain["SESSION_COOKIE_NAME"]) == (False, "casework")


@pytest.mark.parametrize(
    ("name", "value"),
    [("COOKIE_SECURE", "perhaps"), ("PROXY_COUNT", "-1"), ("PORT", "65536"), ("PORT", "web")],
)
def test_a_setting_that_cannot_be_meant_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        from_environment({name: value})


def test_the_secret_comes_from_the_environment_or_a_file_and_never_from_the_source(
    tmp_path: Path,
) -> None:
    here = {"DATA_DIR": str(tmp_path)}
    assert from_environment(here)["SECRET_KEY"] is None
    in_the_file, given = secrets.token_hex(32), secrets.token_hex(32)
    (tmp_path / "secret.key").write_text(f"{in_the_file}\n")
    assert from_environment(here)["SECRET_KEY"] == in_the_file
    assert from_environment({**here, "SECRET_KEY": given})["SECRET_KEY"] == given


@pytest.mark.parametrize("length", [1, 31])
def test_a_secret_that_can_be_guessed_stops_the_start_and_is_not_repeated(
    tmp_path: Path, length: int
) -> None:
    here, short = {"DATA_DIR": str(tmp_path)}, "q" * length
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.key").write_text(f"{short}\n")
    for given, named in (
        ({**here, "SECRET_KEY": short}, "SECRET_KEY: "),
        ({**here, "SECRET_KEY_FALLBACKS": f"{'k' * 32},{short}"}, "SECRET_KEY_FALLBACKS: "),
        ({"DATA_DIR": str(tmp_path / "elsewhere")}, "secret.key: "),
    ):
        with pytest.raises(SettingError, match=f"a key of {length} characters") as refused:
            from_environment(given)
        assert named in str(refused.value)
        assert "token_hex" in str(refused.value)
        assert length == 1 or short not in str(refused.value)


def test_a_secret_of_32_characters_is_taken(tmp_path: Path) -> None:
    given = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 32, "SECRET_KEY_FALLBACKS": "o" * 32}
    made = from_environment(given)
    assert (made["SECRET_KEY"], made["SECRET_KEY_FALLBACKS"]) == ("k" * 32, ["o" * 32])


def test_neither_a_server_nor_a_command_starts_with_a_secret_that_can_be_guessed(
    tmp_path: Path,
) -> None:
    """Of the demonstration too: both load wsgi.py."""
    environ = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "SECRET_KEY": "short"}
    for words in (["-c", "import wsgi"], ["-m", "flask", "--app", "wsgi", "keys", "init"]):
        ended = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode != 0
        assert "SECRET_KEY: a key of 5 characters can be guessed" in ended.stderr
    assert not (tmp_path / "casework.key").exists()
