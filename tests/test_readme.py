"""What the README promises can be typed."""

from __future__ import annotations

import re
import subprocess

import click
import pytest
from click.testing import Result
from flask import Flask

import config
from tests.architecture.sources import ROOT

PAPERS = ("README.md", "docs/operations.md")
TEXT = {name: (ROOT / name).read_text(encoding="utf-8") for name in PAPERS}
EVERYTHING = "\n".join(TEXT.values())

MAKE = sorted(set(re.findall(r"\bmake ([a-z-]+)\b(?=[`\s(])", EVERYTHING)))
FLASK = sorted(set(re.findall(r"\bflask ([a-z]+(?: [a-z-]+)?)", EVERYTHING)))
LINKS = [
    (name, target)
    for name, text in TEXT.items()
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    if not target.startswith("http")
]


def targets_of_make() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_make_target_exists() -> None:
    assert {"demo", "test", "check", "bench", "screenshots"} <= set(MAKE)
    assert set(MAKE) <= targets_of_make()


@pytest.mark.parametrize("words", FLASK)
def test_every_command_exists_and_shows_an_example(app: Flask, words: str) -> None:
    command: click.Command | None = app.cli
    context = click.Context(app.cli)
    for word in words.split():
        assert isinstance(command, click.Group), words
        command = command.get_command(context, word)
        assert command is not None, f"flask {words}"
    if words.startswith("db "):
        return  # Flask-Migrate's own
    shown: Result = app.test_cli_runner().invoke(args=[*words.split(), "--help"])
    assert shown.exit_code == 0
    assert "Example" in shown.output, f"flask {words} --help has no example"


@pytest.mark.parametrize(("name", "target"), LINKS)
def test_every_link_leads_somewhere(name: str, target: str) -> None:
    assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_pictures_are_small() -> None:
    large = [
        path.name
        for path in (ROOT / "docs" / "images").glob("*.png")
        if path.stat().st_size > 60_000
    ]
    assert not large


def test_every_setting_is_told() -> None:
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env(?:\.get)?\(?(?:env, )?"([A-Z_]+)"', source))
    read |= set(re.findall(r'_(?:flag|number)\(env, "([A-Z_]+)"', source))
    assert read
    missing = {name for name in read if f"`{name}`" not in TEXT["README.md"]}
    assert not missing
    assert config.from_environment({})["PORT"] == 8000


def test_an_empty_installation_is_prepared_by_the_commands_of_the_readme(
    own_app: Flask,
) -> None:
    """`flask regions load`, the third of them, has its own tests and takes its time."""
    runner = own_app.test_cli_runner()
    for words in (["keys", "init"], ["db", "upgrade"]):
        assert runner.invoke(args=words).exit_code == 0, words
    assert runner.invoke(args=["counts", "verify"]).exit_code == 0


def test_make_knows_what_it_would_do() -> None:
    for target in MAKE:
        planned = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert planned.returncode == 0, planned.stderr
