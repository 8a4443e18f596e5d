"""No number that could be a living person's is in the repository, and no key.

A NIK is PPRRDD DDMMYY SSSS: province, regency, district, date of birth (day + 40 for women),
serial number; a No KK has the same form. Invented ones start with 99: no province has that
code; the highest in use is 96 (Papua Barat Daya, 2022).
"""

from __future__ import annotations

import base64
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, repository_files
from tests.sealing import new_keyring

#: Not inside a longer run of digits, a fraction or a hexadecimal number.
SIXTEEN_DIGITS = re.compile(r"(?<![0-9A-Fa-f.])\d{16}(?![0-9A-Fa-f])")
WORKBOOK = {".xlsx", ".docx", ".zip"}


def could_be_real(number: str) -> bool:
    """Whether somebody may have been given this NIK or No KK."""
    province, day, month = int(number[:2]), int(number[6:8]), int(number[8:10])
    return 11 <= province <= 98 and 1 <= day % 40 <= 31 and day <= 71 and 1 <= month <= 12


def texts(path: Path) -> Iterator[str]:
    """What can be read in a file; of a workbook, its parts."""
    if path.suffix in WORKBOOK:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                yield parts.read(name).decode("utf-8", "replace")
    else:
        yield path.read_bytes().decode("utf-8", "replace")


def test_no_number_could_belong_to_a_person() -> None:
    found = [
        f"{path}: {number[:6]}..."
        for path in repository_files()
        for text in texts(ROOT / path)
        for number in SIXTEEN_DIGITS.findall(text)
        if could_be_real(number)
    ]
    assert not found, (
        "invented NIK and No KK start with 99, a province that does not exist "
        "(9971010101900001):\n" + "\n".join(found)
    )


@pytest.mark.parametrize(
    ("number", "real"),
    [
        ("71710" + "10101900001", True),  # in two parts, so that this file itself passes
        ("71710" + "14101900001", True),  # a woman: day + 40
        ("9971010101900001", False),  # a province that does not exist
        ("7171013201900001", False),  # day 32
        ("7171017201900001", False),  # day 72
        ("7171010113900001", False),  # month 13
        ("1011010101900001", False),  # province 10 does not exist
    ],
)
def test_real_numbers_are_told_from_invented_ones(number: str, real: bool) -> None:
    assert could_be_real(number) is real


#: PEM; the beginning of an RSA key in PKCS #8, in base64; the fields of a key file.
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|MII[A-Za-z0-9+/]{2,4}IBADANBgkqhkiG9w0BAQEFAASC"
    r'|"index_key": *"[0-9a-f]{64}"'
)


def test_no_private_key_is_in_the_repository() -> None:
    found = [
        str(path)
        for path in repository_files()
        if path.suffix in {".key", ".pem"}
        or any(PRIVATE_KEY.search(text) for text in texts(ROOT / path))
    ]
    assert not found, f"tests make keys when they run (tests/sealing.py): {found}"


def test_private_keys_are_seen() -> None:
    ring = new_keyring()
    assert ring.phone_keys is not None
    der = ring.phone_keys.private_keys[ring.phone_keys.active]
    for text in (
        ring.to_json(),
        base64.b64encode(der).decode(),
        "-----BEGIN RSA " + "PRIVATE KEY-----",
    ):
        assert PRIVATE_KEY.search(text), text[:20]
