"""`flask roster export`."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from casework.audit.models import NO_AREA
from casework.audit.tags import Tag
from casework.core.transaction import transaction
from casework.rosters.actions import exporting
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import GroupFactory, HouseholdFactory, MembershipFactory
from tests.factories.places import BITUNG, MAASING, MANADO, MOLAS, PAUDEAN, area_of
from tests.rosters.exported import csv_rows, xlsx_rows
from tests.rosters.files import trail

pytestmark = pytest.mark.usefixtures("families")

REASON = "Pemadanan dengan Dukcapil, surat 12/2026"
NIK = "9971015203600001"


@pytest.fixture
def families(villages: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    with transaction():
        HouseholdFactory(caretaker_name="Aminah", nik=NIK, village=MOLAS)
        HouseholdFactory(caretaker_name="Berta", village=MAASING, last_stage="2025-4")
        HouseholdFactory(caretaker_name="Clara", village=PAUDEAN)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def export(run_command: Callable[..., Result], out: Path) -> Callable[..., Result]:
    """`export("--region", "71.71")`: as CSV to `out`, unless told otherwise."""
    return lambda *options: run_command(
        "roster", "export", "--format", "csv", "--out", out, *options
    )


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """Signed in as an administrator, who reads the trail."""
    with transaction():
        rina = UserFactory(administrator=True)
    sign_in(client, rina)
    return client


Export = Callable[..., Result]


def names(out: Path) -> list[str]:
    rows = csv_rows(out.read_bytes())
    out.unlink()
    return [row["NAMA PENERIMA"] for row in rows]


def test_a_region_is_written_to_a_file_for_its_owner_only(export: Export, out: Path) -> None:
    result = export("--region", MANADO)
    assert result.exit_code == 0
    assert f"2 keluarga: {out}" in result.output
    assert out.stat().st_mode & 0o077 == 0
    assert [row["NIK"] for row in csv_rows(out.read_bytes())][0] == "9971********0001"
    assert not list(out.parent.glob("*.part"))


def test_a_workbook_is_written(export: Export, out: Path) -> None:
    assert export("--region", BITUNG, "--format", "xlsx").exit_code == 0
    assert [row["NAMA PENERIMA"] for row in xlsx_rows(out.read_bytes())] == ["Clara"]


def test_filters_narrow_the_rows(export: Export, out: Path) -> None:
    export("--region", MANADO, "--village", MOLAS)
    assert names(out) == ["Aminah"]
    export("--region", MANADO, "--stage", "2025-4")
    assert names(out) == ["Berta"]
    export("--region", "71", "--status", "active")
    assert len(names(out)) == 3
    export("--region", "indonesia", "--readiness", "ready")
    assert names(out) == []
    export("--region", MANADO, "--group", "Melati")
    assert names(out) == []


def test_of_groups_that_are_named_alike_one_is_chosen_by_its_id(export: Export, out: Path) -> None:
    groups = {}
    with transaction():
        for name, village in (("Dewi", MOLAS), ("Erna", MAASING)):
            groups[name] = GroupFactory(name="Melati", village=village)
            family = HouseholdFactory(caretaker_name=name, village=village)
            MembershipFactory(household=family, group=groups[name])
    refused = export("--region", MANADO, "--group", "Melati")
    assert refused.exit_code == 2
    assert "2 kelompok di sini bernama Melati." in refused.output
    assert "Sebutkan id kelompok yang dimaksud: --group " in refused.output
    assert f"{groups['Erna'].id}  Melati – Maasing, Tuminting (1 keluarga)" in refused.output
    assert not out.exists()
    export("--region", MANADO, "--group", str(groups["Erna"].id))
    assert names(out) == ["Erna"]
    export("--region", MANADO, "--village", MOLAS, "--group", "Melati")
    assert names(out) == ["Dewi"]


def test_full_numbers_need_a_reason(export: Export, out: Path) -> None:
    refused = export("--region", MANADO, "--village", MOLAS, "--numbers", "full")
    assert refused.exit_code == 2
    assert "Tulis alasan, paling sedikit 20 huruf." in refused.output
    assert not out.exists()
    export("--region", MANADO, "--village", MOLAS, "--numbers", "full", "--reason", REASON)
    assert csv_rows(out.read_bytes())[0]["NIK"] == NIK
    (line,) = trail(Tag.ROSTER_EXPORTED)
    assert (line.area_id, line.data["rows"], line.data["reason"]) == (area_of(MANADO), 1, REASON)


def test_a_national_export_belongs_to_no_regency(export: Export, out: Path) -> None:
    export("--region", "indonesia")
    assert len(names(out)) == 3
    assert trail(Tag.ROSTER_EXPORTED)[0].area_id == NO_AREA


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--region", "99.99"], "Tidak ada wilayah 99.99 untuk Anda."),
        (["--region", MANADO, "--village", PAUDEAN], f"Tidak ada wilayah {PAUDEAN} untuk Anda."),
        (["--region", MANADO, "--stage", "2026"], "Tulis tahap sebagai tahun dan triwulan"),
        (["--region", MANADO, "--out", "/nonexistent/x.csv"], "tidak dapat ditulis"),
        ([], "--region"),
    ],
)
def test_what_cannot_be_meant_ends_with_status_2(
    export: Export, out: Path, options: list[str], words: str
) -> None:
    result = export(*options)
    assert result.exit_code == 2
    assert words in result.output
    assert not out.exists()
    assert not trail(Tag.ROSTER_EXPORTED)


def test_a_file_that_is_there_is_not_overwritten(export: Export, out: Path) -> None:
    out.write_text("mine")
    result = export("--region", MANADO)
    assert result.exit_code == 2
    assert "sudah ada. Pilih nama lain." in result.output
    assert out.read_text() == "mine"


def test_without_a_line_in_the_trail_there_is_no_file(
    export: Export, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_data: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("casework.rosters.actions.exporting.record", fail)
    assert isinstance(export("--region", MANADO).exception, RuntimeError)
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    "options",
    [
        ["--region", MANADO, "--numbers", "full", "--reason", f"{REASON} \udce9"],
        ["--region", MANADO, "--group", "\udce9"],
        ["--region", MANADO, "--village", "\udce9"],
        ["--region", MANADO, "--stage", "\udce9"],
        ["--region", "\udce9"],
    ],
)
def test_a_byte_that_is_no_letter_is_refused_and_the_trail_stays_readable(
    export: Export, out: Path, office: FlaskClient, options: list[str]
) -> None:
    result = export(*options)
    assert result.exit_code == 2
    assert f"Invalid value for '{options[-2]}'" in result.output
    assert "UTF-8" in result.output
    assert not out.exists()
    assert not trail(Tag.ROSTER_EXPORTED)
    assert office.get("/audit/").status_code == 200


def test_a_file_may_have_any_name(export: Export, out: Path) -> None:
    odd = out.with_name(os.fsdecode(b"caf\xe9 \xc2\x9b\n.csv"))
    result = export("--region", MANADO, "--out", odd)
    assert result.exit_code == 0
    assert "2 keluarga: " in result.output
    assert "caf\ufffd \ufffd\ufffd.csv" in result.output
    assert odd.exists()


def test_a_name_that_is_too_long_is_refused_before_anything_is_read(
    export: Export, out: Path
) -> None:
    result = export("--region", MANADO, "--out", out.with_name("a" * 300))
    assert result.exit_code == 2
    assert "tidak dapat ditulis" in result.output
    assert "Menulis" not in result.output
    assert not trail(Tag.ROSTER_EXPORTED)


@pytest.mark.parametrize("name", ["a" * 251 + ".csv", "é" * 127])
def test_the_longest_name_a_file_can_have_is_written(export: Export, out: Path, name: str) -> None:
    assert export("--region", MANADO, "--out", out.with_name(name)).exit_code == 0
    assert [path.name for path in out.parent.iterdir()] == [name]


def test_a_link_to_nowhere_is_not_overwritten(export: Export, out: Path) -> None:
    out.symlink_to("nowhere")
    result = export("--region", MANADO)
    assert result.exit_code == 2
    assert "sudah ada. Pilih nama lain." in result.output
    assert out.is_symlink()


def no_hard_links(*_names: object) -> None:
    """As a memory card says it."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_came_to_be_there_meanwhile_stays(
    export: Export, out: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def and_then(*given: Any) -> None:
        record_export(*given)
        out.write_text("mine")

    record_export = exporting.record_export
    monkeypatch.setattr(exporting, "record_export", and_then)
    if not links:
        monkeypatch.setattr(os, "link", no_hard_links)
    result = export("--region", MANADO)
    assert result.exit_code == 2
    assert "sudah ada. Pilih nama lain." in result.output
    assert [(path, path.read_text()) for path in out.parent.iterdir()] == [(out, "mine")]


def test_without_hard_links_a_file_gets_its_name_too(
    export: Export, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", no_hard_links)
    assert export("--region", MANADO).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    assert list(out.parent.iterdir()) == [out]
    assert names(out) == ["Aminah", "Berta"]


def test_a_directory_that_is_gone_meanwhile_is_said(
    export: Export, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_then(*given: Any) -> None:
        record_export(*given)
        shutil.rmtree(folder)

    folder = out.with_name("folder")
    folder.mkdir()
    record_export = exporting.record_export
    monkeypatch.setattr(exporting, "record_export", and_then)
    result = export("--region", MANADO, "--out", folder / "out.csv")
    assert result.exit_code == 2
    assert "tidak dapat ditulis" in result.output


def test_nothing_that_a_group_is_called_steers_the_terminal(export: Export) -> None:
    with transaction():
        for village in (MOLAS, MAASING):
            group = GroupFactory(name="Mel\x1b[2J\x9bati", village=village)
            MembershipFactory(household=HouseholdFactory(village=village), group=group)
    refused = export("--region", MANADO, "--group", "Mel\x1b[2J\x9bati")
    assert refused.exit_code == 2
    assert refused.output.count("Mel [2J ati – ") == 2
    assert not set("\x1b\x9b") & set(refused.output)
