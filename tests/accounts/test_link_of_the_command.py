"""The link that `flask users add` prints can be opened by the person, or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.accounts.models import User
from tests.factories.places import ensure_region

WHO = ("users", "add", "budi", "--name", "Budi Santoso", "--role", "administrator")


@pytest.fixture(autouse=True)
def _empty(db_session: Session) -> None:
    """Only the regions are there."""
    ensure_region("71.71")
    db_session.commit()


def test_without_an_address_it_is_said_that_the_link_works_here_only(
    run_command: Callable[..., Any],
) -> None:
    result = run_command(*WHO)
    assert result.exit_code == 0, result.output
    assert "http://localhost:8000/activate/" in result.stdout
    assert "--site https://" in result.stderr
    assert "hanya berlaku di mesin ini" in result.stderr


def test_with_an_address_the_link_begins_with_it_and_nothing_more_is_said(
    run_command: Callable[..., Any],
) -> None:
    result = run_command(*WHO, "--site", "https://pkh.example.go.id/")
    assert "https://pkh.example.go.id/activate/" in result.stdout
    assert "localhost" not in result.output
    assert result.stderr == ""


def test_an_address_that_no_browser_opens_is_refused_before_anybody_is_added(
    run_command: Callable[..., Any], db_session: Session
) -> None:
    result = run_command(*WHO, "--site", "pkh.example.go.id")
    assert result.exit_code == 2
    assert "https://pkh.example.go.id" in result.stderr
    assert db_session.scalar(select(func.count()).select_from(User)) == 0


def test_whoever_has_the_whole_nation_is_not_told_of_a_region_of_their_own(
    run_command: Callable[..., Any],
) -> None:
    result = run_command(*WHO, "--region", "Atlantis")
    assert result.exit_code == 1
    assert "Tidak ada wilayah seperti itu. Periksa kode atau namanya." in result.output


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--name", "Rina\udce9"),
        ("--region", "Manado\udce9"),
        ("--site", "https://pkh\udce9.example.go.id"),
    ],
)
def test_a_byte_that_is_no_letter_is_refused_before_anybody_is_added(
    run_command: Callable[..., Any], db_session: Session, option: str, text: str
) -> None:
    result = run_command(*WHO, option, text)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr
    assert "UTF-8" in result.stderr
    assert db_session.scalar(select(func.count()).select_from(User)) == 0


def test_so_is_one_in_the_user_name_or_in_the_password(
    run_command: Callable[..., Any], db_session: Session
) -> None:
    named = run_command("users", "add", "bud\udce9", *WHO[3:])
    assert (named.exit_code, "UTF-8" in named.stderr) == (2, True)
    sent = run_command(*WHO, "--password-stdin", input=b"perahu kayu di teluk \xe9\n")
    assert (sent.exit_code, "UTF-8" in sent.stderr) == (2, True)
    assert db_session.scalar(select(func.count()).select_from(User)) == 0


def test_the_help_says_what_belongs_to_it(run_command: Callable[..., Any]) -> None:
    told = " ".join(run_command("users", "add", "--help").output.split())
    assert told.count("--site https://pkh.example.go.id") == 2
    assert "without it, it works on this machine only" in told
