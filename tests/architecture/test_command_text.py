"""What is typed at a command can be stored and shown, or the command does not begin."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup

from casework.web.command_line import TEXT
from tests.architecture.test_command_language import commands


def texts(app: Flask) -> Iterator[tuple[str, click.ParamType]]:
    """Each option and argument of a command of ours that takes text, and of which type it is."""
    for name, command in commands(app.cli, "flask"):
        if not command.callback or not command.callback.__module__.startswith("casework."):
            continue
        for each in command.params:
            if isinstance(each.type, click.types.StringParamType):
                yield f"{name} {each.opts[0]}", each.type


def test_every_text_of_a_command_is_held_to_what_can_be_written(app: Flask) -> None:
    other = {name for name, kind in texts(app) if kind is not TEXT}
    assert not other, f"{sorted(other)}: give it type=TEXT (casework/web/command_line.py)"


def test_texts_are_found(app: Flask) -> None:
    found = {name for name, _kind in texts(app)}
    assert found > {"flask roster export --reason", "flask users add username"}


@pytest.mark.parametrize(
    ("terminal", "words"),
    [("id", "Ada huruf yang bukan UTF-8."), ("en", "It holds letters that are not UTF-8.")],
)
def test_the_refusal_is_in_the_language_of_the_terminal(
    app: Flask, monkeypatch: pytest.MonkeyPatch, terminal: str, words: str
) -> None:
    monkeypatch.setenv("LANGUAGE", terminal)
    # The whole `flask`, which has the application at hand before a command reads its options.
    given = ["users", "add", "rina", "--role", "viewer", "--name", "Rina\udce9"]
    result = app.test_cli_runner().invoke(FlaskGroup(), given)
    assert result.exit_code == 2
    assert words in result.stderr
