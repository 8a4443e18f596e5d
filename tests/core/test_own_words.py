"""What counts as a reason in a person's own words, and what only fills the box."""

from __future__ import annotations

import pytest

from casework.core.own_words import Lack, lack_in, says_enough

ENOUGH = None
LETTERS, WORDS = Lack.LETTERS, Lack.WORDS


@pytest.mark.parametrize(
    ("text", "lack"),
    [
        ("", LETTERS),
        (" " * 40, LETTERS),
        ("Sudah cukup", LETTERS),
        # 19 and 20 letters, blanks counted once.
        ("Usaha jalan, lunas.", LETTERS),
        ("Usaha jalan,     lunas.", LETTERS),
        ("Usaha jalan, lunas 2", ENOUGH),
        # One character, however it is set.
        ("a" * 40, WORDS),
        ("." * 40, WORDS),
        ("x x x x x x x x x x x x x x", WORDS),
        ("aaaa bbbb cccc dddd eeee ffff", WORDS),
        ("1234567890 1234567890 1234567890", WORDS),
        # A short answer made long.
        ("Oke sip ya..................", WORDS),
        ("Okeeeeeeeeeeee siiiiiiiiiip yaaaaaaaaa", WORDS),
        # Fewer than three different words.
        ("asdfghjklasdfghjklasdfghjkl", WORDS),
        ("setuju setuju setuju setuju", WORDS),
        ("Setuju SETUJU, setuju! setuju", WORDS),
        ("anak-anak anak-anak anak-anak", WORDS),
        ("lengkap setuju lengkap setuju", WORDS),
        ("lengkap setuju lengkap 2026", WORDS),
        ("lengkap, setuju, terima kasih", ENOUGH),
        # As people write.
        ("Usaha stabil, keluarga sendiri yang meminta.", ENOUGH),
        ("omzet 2jt/bln, tabungan 1.000.000, sudah siap", ENOUGH),
        ("Penghasilan\nRp 2.000.000\nper bulan", ENOUGH),
        ("Bagusss sekali usahanya, lanjutkan!!!", ENOUGH),
        ("Foto rumah belum ada", ENOUGH),
    ],
)
def test_a_reason_is_words(text: str, lack: Lack | None) -> None:
    assert lack_in(text) is lack
    assert says_enough(text) is (lack is None)
