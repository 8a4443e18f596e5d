"""What the README promises can be typed."""

from __future__ import annotations

import configparser
import re
import subprocess

import click
import pytest
from click.testing import Result
from flask import Flask

import config
from tests.architecture.packages import LEVEL
from tests.architecture.sources import ROOT

PAPERS = ("README.md", "docs/operations.md")
TEXT = {name: (ROOT / name).read_text(encoding="utf-8") for name in PAPERS}
HANDBOOKS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
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


def paths(text: str) -> set[str]:
    """What stands in backticks and looks like a file or folder of the project: with a stroke in
    it, and beginning neither with one nor with a variable."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    words = {word for span in spans for word in span.split()}
    return {word for word in words if re.fullmatch(r"[a-z][\w.-]*(/[\w.-]*)+", word)}


@pytest.mark.parametrize("name", HANDBOOKS)
def test_every_path_that_is_named_is_there(name: str) -> None:
    tops = [ROOT, *(ROOT / top for top in ("casework", "static", "templates"))]
    named = paths((ROOT / name).read_text(encoding="utf-8"))
    assert not [path for path in named if not any((top / path).exists() for top in tops)]


def test_a_path_is_told_from_an_address_and_a_place_of_an_installation() -> None:
    text = "`core/db.py` `templates/ static/` `/api/v1` `DATA_DIR/secret.key` `make demo` `sqlite:///x`"
    assert paths(text) == {"core/db.py", "templates/", "static/"}
    assert {"casework/", "households/scope/", "js/outbox"} <= paths(TEXT["README.md"])


def test_every_package_is_named() -> None:
    lists = "\n".join(line for line in TEXT["README.md"].splitlines() if "| `casework/` |" in line)
    assert set(LEVEL) - {"translations", "wiring"} <= set(re.findall(r"\w+", lists))


def unit() -> configparser.ConfigParser:
    """The unit of systemd that the operations name."""
    (text,) = re.findall(r"```ini\n(.*?)```", TEXT["docs/operations.md"], re.DOTALL)
    read = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(text)
    return read


def test_the_service_runs_as_a_user_of_its_own_that_writes_its_data_and_nothing_else() -> None:
    service, operations = unit()["Service"], TEXT["docs/operations.md"]
    user = service["User"]
    assert user not in {"root", ""}
    assert re.search(rf"^useradd --system .*nologin {user}$", operations, re.MULTILINE)
    assert f'chown -R {user}:{service["Group"]} "$DATA_DIR"' in operations
    settings = dict(pair.split("=", 1) for pair in service["Environment"].split())
    assert service["ReadWritePaths"] == settings["DATA_DIR"]
    assert f"DATA_DIR={settings['DATA_DIR']}\n" in operations, "the same as is set up"
    assert service["ProtectSystem"] == "strict"


def test_neither_the_service_nor_its_setting_up_leaves_a_key_that_others_read() -> None:
    operations = TEXT["docs/operations.md"]
    assert unit()["Service"]["UMask"] == "0077"
    setting_up = operations[: operations.index("chown -R")]
    closed = setting_up.index("umask 077")
    assert closed < setting_up.index("secret.key")
    assert closed < setting_up.index("flask keys init")
    assert setting_up.index("casework.translations") < closed, "the service has to read it"


def test_the_service_starts_what_is_there_with_settings_that_are_read() -> None:
    service = unit()["Service"]
    started = service["ExecStart"].removeprefix(f"{service['WorkingDirectory']}/").split()
    assert started[0] == ".venv/bin/gunicorn"
    assert (ROOT / started[started.index("-c") + 1]).is_file()
    assert started[-1] == "wsgi:app"
    given = dict(pair.split("=", 1) for pair in service["Environment"].split())
    assert config.from_environment(given)["PORT"] == int(given["PORT"])
    assert all(f"`{name}`" in TEXT["README.md"] or name == "PORT" for name in given)


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
