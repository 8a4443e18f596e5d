"""Files stay small enough to be read in one go, and are named for what they hold."""

from __future__ import annotations

from tests.architecture.sources import ROOT, repository_files

MOST_LINES = 300
#: A name that says nothing takes in everything.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
CODE = {".py", ".js", ".html", ".css"}


def test_no_source_file_is_longer_than_300_lines() -> None:
    long = []
    for path in repository_files():
        if (path.parts[0], path.suffix) == ("casework", ".py") or (
            path.parts[:2] == ("static", "js") and path.suffix == ".js"
        ):
            lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
            if lines > MOST_LINES:
                long.append(f"{path}: {lines} lines")
    assert not long, "split by noun (views.py -> views/ by page, queries.py -> queries/):\n" + (
        "\n".join(long)
    )


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    empty = [
        str(path)
        for path in repository_files()
        if path.suffix in CODE
        and EMPTY_NAMES & {part.removesuffix(path.suffix) for part in path.parts}
    ]
    assert not empty, "name them after the noun they hold:\n" + "\n".join(empty)
