"""`flask files`: what lies in DATA_DIR, held to what the rows speak of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import format_decimal
from flask_babel import gettext as _

from casework.core import clock
from casework.core.errors import Message
from casework.core.files.faults import Fault
from casework.core.files.labels import FAULTS
from casework.core.kept_files import FilesOfRows, Kept
from casework.web.command_line import TEXT, Stop, refusals

_EXTENSION = "casework_kept_files"
#: Exit status: a file that a row speaks of is missing or damaged.
WRONG = 1
#: What is younger may belong to an act that is still under way.
#: Source: none official; product default, far beyond the longest request.
UNDER_WAY = timedelta(hours=1)
#: Files between two strokes of the bar.
_STEPS = 20

files = AppGroup("files", help="Evidence, photos and waiting files: are they all there?")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the features keep, and how regencies are called."""

    kept: tuple[Kept, ...]
    #: Number -> code of every regency.
    codes: Callable[[], Mapping[int, str]]

    @property
    def stores(self) -> list[FilesOfRows]:
        return [each for each in self.kept if isinstance(each, FilesOfRows)]


@dataclass(slots=True)
class Tally:
    title: Message
    seen: int = 0
    wrong: int = 0


def init_app(app: Flask, kept: Sequence[Kept], codes: Callable[[], Mapping[int, str]]) -> None:
    app.extensions[_EXTENSION] = Shelf(tuple(kept), codes)


@files.command("check")
@click.option("--area", "code", type=TEXT, help="Code of a regency, e.g. 71.71; all unless given.")
def check(code: str | None) -> None:
    """Open every file that a row speaks of, and name those that are missing or damaged.

    Run it after a restore, before serving again. Counts besides what no row knows and what was
    left unfinished; neither is a fault. Changes nothing, may be stopped, and may run while people
    work. Files that wait to be applied belong to no regency: with --area they are left out.

    Exit status 1 when anything is missing or damaged.

    \b
    Example:
        flask files check --area 71.71
    """
    shelf: Shelf = current_app.extensions[_EXTENSION]
    with _refusals():
        codes = shelf.codes()
        wanted = _wanted(codes, code)
        wrong = _look_through(shelf, codes, wanted)
        _count_the_rest(shelf, wanted)
    if wrong:
        raise SystemExit(WRONG)


@files.command("tidy")
def tidy() -> None:
    """Delete what killed processes left half written, once it is an hour old.

    A command of its own, so that `check` deletes nothing whatever it is given. No row can name an
    unfinished file. Whole files that no row knows stay: after a restore a later backup may. So
    does what is no file, a folder or a link: it is counted.

    \b
    Example:
        flask files tidy
    """
    shelf: Shelf = current_app.extensions[_EXTENSION]
    with _refusals():
        before = clock.now() - UNDER_WAY
        removed = sum(
            each.store().remove_unfinished(written_before=before) for each in shelf.stores
        )
        click.echo(_("Unfinished files removed: %(files)s.", files=format_decimal(removed)))
        for each in shelf.stores:
            if left := each.store().strange():
                click.echo(
                    _(
                        "%(title)s: %(number)s left among the unfinished that are no files.",
                        title=each.title,
                        number=format_decimal(left),
                    )
                )


def _wanted(codes: Mapping[int, str], code: str | None) -> int | None:
    """The number of that regency. Raises: BadParameter where there is none."""
    if code is None:
        return None
    for number, each in codes.items():
        if each == code:
            return number
    raise click.BadParameter(_("%(code)s is no regency or city.", code=code), param_hint="--area")


def _look_through(shelf: Shelf, codes: Mapping[int, str], wanted: int | None) -> int:
    """Gives how many are missing or damaged."""
    asked = shelf.kept if wanted is None else shelf.stores
    amounts = [_of(wanted, each.amounts()) for each in asked]
    tallies = []
    with click.progressbar(
        length=sum(sum(each.values()) for each in amounts),
        label=_("Files"),
        file=sys.stderr,
        update_min_steps=_STEPS,
    ) as bar:
        for kept, by_area in zip(asked, amounts, strict=True):
            tally = Tally(kept.title)
            for area in sorted(by_area, key=lambda each: each or 0):
                for looked in kept.look_through(area):
                    bar.update(1)
                    tally.seen += 1
                    if looked.fault:
                        tally.wrong += 1
                        click.echo(_in_words(looked.what, looked.fault, codes.get(area or 0)))
            tallies.append(tally)
    for tally in tallies:
        click.echo(
            _(
                "%(title)s: %(files)s files, %(wrong)s missing or damaged.",
                title=tally.title,
                files=format_decimal(tally.seen),
                wrong=format_decimal(tally.wrong),
            )
        )
    return sum(each.wrong for each in tallies)


def _of(wanted: int | None, amounts: Mapping[int | None, int]) -> Mapping[int | None, int]:
    return {k: v for k, v in amounts.items() if wanted is None or k == wanted}


def _in_words(what: Message, fault: Fault, code: str | None) -> str:
    words = _("%(what)s: %(fault)s.", what=what, fault=FAULTS[fault])
    return words if code is None else _("Regency %(code)s, ", code=code) + words


def _count_the_rest(shelf: Shelf, wanted: int | None) -> None:
    before = clock.now() - UNDER_WAY
    for kept in shelf.stores:
        store = kept.store()
        areas = store.areas() if wanted is None else [wanted]
        orphans = 0
        with click.progressbar(areas, label=str(kept.title), file=sys.stderr) as shown:
            for area in shown:
                orphans += kept.orphans(area, written_before=before)
        unfinished = sum(1 for _each in store.unfinished(written_before=before))
        click.echo(
            _(
                "%(title)s: %(orphans)s files that no row knows, %(unfinished)s unfinished.",
                title=kept.title,
                orphans=format_decimal(orphans),
                unfinished=format_decimal(unfinished),
            )
        )


@contextmanager
def _refusals() -> Iterator[None]:
    with refusals():
        try:
            yield
        except OSError as error:
            # Of a folder; what is wrong with single files is told of each.
            raise Stop(
                _(
                    "%(path)s cannot be read: %(reason)s.",
                    path=str(error.filename),
                    reason=error.strerror,
                )
            ) from None


COMMANDS = (files,)
