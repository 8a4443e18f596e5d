"""Reads id/<feature>.po, merges them and writes what gettext loads.

One file per feature keeps the words beside those who know them; the screens need one
compiled file per language. English is the language of the source and needs none.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

FOLDER = Path(__file__).parent
LOCALES = ("id",)
#: Babel counts Indonesian among the languages with two forms; it has one, and a number above
#: one would come out in English.
PLURAL_FORMS = "nplurals=1; plural=0;"


class CatalogueError(ValueError):
    """Catalogues that must not be compiled, with every reason at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Merged:
    """All catalogues of one language in one, where each word came from, and what is wrong."""

    catalog: Catalog
    files: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def msgid_of(message: Message) -> str:
    """The msgid; of a plural, its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def texts_of(message: Message) -> list[str]:
    """The translation; of a plural, every form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def merge(locale: str, folder: Path = FOLDER) -> Merged:
    merged = Merged(Catalog(locale=locale, domain="messages"))
    merged.catalog.mime_headers = [("Plural-Forms", PLURAL_FORMS)]
    for path in sorted((folder / locale).glob("*.po")):
        try:
            with path.open("rb") as file:
                catalog = read_po(file, locale=locale, abort_invalid=True)
        except PoFileError as error:
            merged.problems.append(f"{path.name}: cannot be read: {error}")
            continue
        for message in catalog:
            if message.id:
                _add(merged, message, path.name)
    return merged


def _add(merged: Merged, message: Message, file: str) -> None:
    msgid = msgid_of(message)
    if message.fuzzy:
        merged.problems.append(f"{file}: {msgid!r} is fuzzy: check it and take the mark away")
    if not all(texts_of(message)):
        merged.problems.append(f"{file}: {msgid!r} has no translation")
        return
    known = merged.catalog.get(message.id, message.context)
    if known is not None and (known.id, known.string) != (message.id, message.string):
        merged.problems.append(
            f"{file}: {msgid!r} is {message.string!r} here and {known.string!r} in "
            f"{merged.files[msgid][0]}: agree on one"
        )
        return
    merged.files.setdefault(msgid, []).append(file)
    merged.catalog.add(message.id, message.string, flags=message.flags, context=message.context)


def compile_all(folder: Path = FOLDER) -> int:
    """Write LC_MESSAGES/messages.mo of every language; gives the number of translations.

    Raises: CatalogueError; nothing is written then.
    """
    everything = {locale: merge(locale, folder) for locale in LOCALES}
    problems = [problem for merged in everything.values() for problem in merged.problems]
    if problems:
        raise CatalogueError(problems)
    for locale, merged in everything.items():
        compiled = BytesIO()
        write_mo(compiled, merged.catalog)
        target = folder / locale / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(exist_ok=True)
        # In one step: a server that is starting must not read half a file.
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(compiled.getvalue())
        part.replace(target)
    return sum(len(merged.catalog) for merged in everything.values())
