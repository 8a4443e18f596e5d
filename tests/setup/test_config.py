"""Settings come from the environment, with defaults that are safe in production."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import SettingError, database_uri, from_environment


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
    (tmp_path / "secret.key").write_text("from-the-file\n")
    assert from_environment(here)["SECRET_KEY"] == "from-the-file"
    assert from_environment({**here, "SECRET_KEY": "given"})["SECRET_KEY"] == "given"
