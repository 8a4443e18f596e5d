"""Help is English; what commands say is in the terminal's language, of the checks in English
(docs/decisions/0027)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from tests.architecture.sources import ROOT, python_files

#: What they say ends in the log of the night.
CHECKS = {"counts", "economics", "meetings", "readiness"}

MODULES = [path for path in python_files() if "commands" in (path.stem, path.parent.name)]

#: A word that a person reads, not a part of a name or a figure.
_WORD = re.compile(r"[A-Za-z]{3,}")


def said(source: str) -> Iterator[str]:
    """Words that are handed to click as they stand, without gettext."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name(node.func) not in {
            *("echo", "secho", "progressbar", "confirm", "prompt"),
            *("ClickException", "BadParameter", "UsageError", "Stop"),
        }:
            continue
        handed = [*node.args, *(each.value for each in node.keywords if each.arg == "label")]
        yield from (text for each in handed for text in _bare(each) if _WORD.search(text))


def _bare(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from (*_bare(node.left), *_bare(node.right))


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def feature(path: Path) -> str:
    return path.parts[1]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_command_hands_all_it_says_to_gettext_or_is_a_check(path: Path) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    if feature(path) in CHECKS:
        assert "gettext" not in source, "a check speaks English: one language in one command"
        return
    # The address of a link is no word.
    bare = [text for text in said(source) if "/activate/" not in text]
    assert not bare, f"hand it to gettext: {bare}"


def test_there_are_commands_and_checks() -> None:
    assert {feature(path) for path in MODULES} > CHECKS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('click.echo("Done.")', ["Done."]),
        ('click.echo(_("Done."))', []),
        ('click.echo(f"{name}: done")', [": done"]),
        ('click.progressbar(rows, label="Rows read")', ["Rows read"]),
        ('raise click.ClickException("No " + what)', []),
        ('click.echo(f"\\r{count}")', []),
    ],
)
def test_words_without_gettext_are_seen(source: str, found: list[str]) -> None:
    assert list(said(source)) == found


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for key, each in command.commands.items():
            yield from commands(each, f"{name} {key}")


def test_no_help_is_in_indonesian(app: Flask) -> None:
    for name, command in commands(app.cli, "flask"):
        helps = [command.help or "", *(getattr(each, "help", "") or "" for each in command.params)]
        for text in helps:
            # What stands in an example is typed as people type it.
            words = text.split("\b")[0].split("Example")[0]
            assert not re.search(r"\b(yang|untuk|dengan|tidak|keluarga|dan)\b", words), name


@pytest.mark.parametrize(
    ("terminal", "words"),
    [
        ({"LANG": "en_US.UTF-8"}, "No key file was made."),
        ({"LANG": "id_ID.UTF-8"}, "Berkas kunci tidak dibuat."),
        ({"LANG": "C"}, "Berkas kunci tidak dibuat."),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "id"}, "Berkas kunci tidak dibuat."),
        ({}, "Berkas kunci tidak dibuat."),
    ],
)
def test_a_command_answers_in_the_language_of_its_terminal(
    app: Flask, monkeypatch: pytest.MonkeyPatch, terminal: dict[str, str], words: str
) -> None:
    for name, value in terminal.items():
        monkeypatch.setenv(name, value)
    assert words in app.test_cli_runner().invoke(args=["keys", "init"]).output
