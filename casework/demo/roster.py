"""The invented families as a Final Closing file, the way the ministry sends it (domain 6.1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from casework.demo.families import Family

_HEADER = (
    "NAMA PENERIMA", "NIK", "NO KK", "TGL LAHIR", "HAMIL", "AUD", "SD", "SMP", "SMA", "DISABIL",
    "LANSIA", "STATUS", "ALAMAT", "RT", "RW", "KELURAHAN", "KECAMATAN", "KABUPATEN", "PROVINSI",
)  # fmt: skip


def final_closing(families: Iterable[Family]) -> bytes:
    """Semicolons and a byte order mark, as Excel saves it in Indonesia."""
    return _written(_rows(families))


def with_mistakes(families: Iterable[Family]) -> bytes:
    """The same with what goes wrong in offices: a NIK that a spreadsheet has rounded, and the
    name of a village misspelt."""
    rows = list(_rows(families))
    rows[1]["NIK"] = "9,97101E+15"
    rows[3]["KELURAHAN"] = f"{rows[3]['KELURAHAN']}S"
    return _written(rows)


def _written(rows: Iterable[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _HEADER, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _rows(families: Iterable[Family]) -> Iterator[dict[str, object]]:
    for family in families:
        village = family.group.village
        yield {
            "NAMA PENERIMA": family.name,
            "NIK": family.nik,
            "NO KK": family.no_kk,
            "TGL LAHIR": f"{family.born_on:%d/%m/%Y}",
            **family.components,
            "STATUS": "AKTIF",
            "ALAMAT": f"Lingkungan {_ROMAN[family.hamlet]}",
            "RT": f"{family.rt:03d}",
            "RW": "001",
            "KELURAHAN": village.name,
            "KECAMATAN": village.district,
            "KABUPATEN": "KOTA MANADO",
            "PROVINSI": "SULAWESI UTARA",
        }


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI")
