"""An exact count reaches the public through one gate (docs/decisions/0020)."""

from __future__ import annotations

import ast

from tests.architecture.packages import imports_of, module_name
from tests.architecture.sources import ROOT, python_files

EXACT_SUMS = "casework.counts.queries.public_sums"
#: It shows what it reads only as `rules.releases` and `rules.small_counts` let it.
GATE = "casework.counts.queries.public"

EXACT_COUNTS = "casework.counts.queries.figures"
#: What of it is no count.
WORDS = {"INDONESIA", "Place", "What"}
#: What the public reads is made here, and nothing else than the public's.
PUBLIC = {
    GATE,
    EXACT_SUMS,
    *(f"casework.counts.queries.{name}" for name in ("kinds", "overview", "rows")),
    "casework.counts.views.api",
}


def test_only_the_gate_reads_the_exact_sums_behind_public_figures() -> None:
    files = python_files()
    modules = {module_name(path) for path in files}
    users = {
        module_name(path)
        for path in files
        for one in imports_of(path, (ROOT / path).read_text(encoding="utf-8"), modules)
        if one.imported == EXACT_SUMS
    }
    assert users == {GATE}, f"{EXACT_SUMS} is read by {sorted(users)}: let all ask {GATE}"


def test_what_the_public_reads_never_asks_for_exact_counts() -> None:
    taken = {
        (module_name(path), alias.name)
        for path in python_files()
        if module_name(path) in PUBLIC
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if EXACT_COUNTS in (node.module, f"{node.module}.{alias.name}")
    }
    counts = {(module, name) for module, name in taken if name not in WORDS}
    assert taken, "the modules have moved"
    assert not counts, f"exact counts are for people at work, not for {sorted(counts)}"
