"""Every table can be spread over machines by regency (docs/decisions/0003)."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import Column, Index, MetaData, Table, UniqueConstraint

from casework import wiring
from casework.core.db import Base, TableKind

wiring.register_models()

TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
DISTRIBUTED = [table for table in TABLES if table.info.get("kind") == TableKind.DISTRIBUTED.value]

#: Indexes that answer a question of the whole nation, and why.
WITHOUT_AREA = {
    "ix_evidence_upload_sha256": "a file used for another family, wherever in the country",
    "ix_ledger_entry_taken_back": "what public figures still count, wherever it was taken back",
    "ix_ledger_entry_nominated_by_year_state": "what a person reached, wherever she worked",
    "ix_nomination_waiting": "the national queue, oldest first",
    "ix_tally_year_kind_state": "the national page sums all regencies of a year",
    "ix_tally_month_year_month_kind_state": "the same, of the months of a year",
}


def breaches(table: Table) -> list[str]:
    """What in a distributed table would keep it from being spread by area."""
    found = []
    first = next(iter(table.primary_key.columns), None)
    if first is None or first.name != "area_id":
        found.append(f"{table.name}: the primary key must begin with area_id")
    for key in [*table.indexes, *table.constraints]:
        if not isinstance(key, Index | UniqueConstraint) or key.name in WITHOUT_AREA:
            continue
        columns = [column.name for column in key.columns]
        if columns and columns[0] != "area_id":
            found.append(f"{table.name}.{key.name}: must begin with area_id")
    for key in table.foreign_key_constraints:
        target = key.referred_table
        if target.info.get("kind") == TableKind.REFERENCE.value:
            continue
        pairs = {(e.parent.name, e.column.name) for e in key.elements}
        if target.info.get("kind") == TableKind.LOCAL.value or ("area_id", "area_id") not in pairs:
            found.append(
                f"{table.name} -> {target.name}: a foreign key goes to a reference table, or "
                "carries area_id on both sides"
            )
    for column in table.columns:
        if column.autoincrement is True:
            found.append(f"{table.name}.{column.name}: no autoincrement; ids are made by ids.py")
    return found


def test_every_table_says_its_kind() -> None:
    kinds = {kind.value for kind in TableKind}
    without = [table.name for table in TABLES if table.info.get("kind") not in kinds]
    assert not without, f"write __table_args__ = table(TableKind.…) for {without}"


def test_case_rows_are_keyed_by_area() -> None:
    found = [line for table in DISTRIBUTED for line in breaches(table)]
    assert not found, "\n".join(found)


#: Keyed by something else than the area, and why that cannot be helped. Not one more without a
#: decision: each is a table that every regency writes to.
NATIONAL = {
    "nik_registry": "says in which regency a NIK is known: who asks does not know the area yet",
}


def test_few_tables_are_keyed_by_what_is_looked_for_in_the_nation() -> None:
    national = {table for table in TABLES if table.info.get("kind") == TableKind.NATIONAL.value}
    assert {table.name for table in national} == set(NATIONAL), "docs/decisions/0010"
    for table in national:
        assert "area_id" in table.columns, f"{table.name}: must lead to the regency"
        assert not table.foreign_key_constraints, f"{table.name}: is spread by its own key"
        assert not table.indexes, f"{table.name}: is read by its key only"


def test_reference_and_local_tables_do_not_point_at_case_rows() -> None:
    wrong = [
        f"{table.name} -> {key.referred_table.name}"
        for table in TABLES
        if table.info.get("kind") != TableKind.DISTRIBUTED.value
        for key in table.foreign_key_constraints
        if key.referred_table.info.get("kind") == TableKind.DISTRIBUTED.value
    ]
    assert not wrong, f"drop these foreign keys (docs/decisions/0003): {wrong}"


def test_every_constraint_has_a_name() -> None:
    unnamed = [
        f"{table.name}: {constraint}"
        for table in TABLES
        for constraint in table.constraints
        if constraint.name is None
    ]
    assert not unnamed, "SQLite can only drop named constraints: " + "; ".join(unnamed)


def test_no_model_is_a_dataclass() -> None:
    models = [mapper.class_ for mapper in Base.registry.mappers]
    assert not [model.__name__ for model in models if dataclasses.is_dataclass(model)]


@pytest.mark.parametrize(
    ("columns", "index", "expected"),
    [
        ([Column("id", primary_key=True)], None, "primary key"),
        (
            [Column("area_id", primary_key=True), Column("id", primary_key=True), Column("name")],
            ["name", "area_id"],
            "must begin with area_id",
        ),
    ],
)
def test_a_breach_is_seen(columns: list[Column], index: list[str] | None, expected: str) -> None:
    table = Table("sample", MetaData(), *columns, info={"kind": "distributed"})
    if index:
        Index("ix_sample", *[table.c[name] for name in index])
    assert any(expected in line for line in breaches(table))
