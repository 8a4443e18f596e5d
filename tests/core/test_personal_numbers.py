"""A NIK or No KK in somebody's own words, told from what else has many digits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.personal_numbers import has_personal_number, without_personal_numbers

_EXACTLY_16 = re.compile(r"(?<!\d)\d{16}(?!\d)")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("7171012345678901", "••••••••••••8901"),
        ("Anak dirawat, NIK 7171012345678901", "Anak dirawat, NIK ••••••••••••8901"),
        ("nik7171012345678901.", "nik••••••••••••8901."),
        ("(7171012345678901)", "(••••••••••••8901)"),
        # In groups, with any of the signs and more than one of them.
        ("KK 7171 0123 4567 8901 ada", "KK •••• •••• •••• 8901 ada"),
        ("7171-0123-4567-8901", "••••-••••-••••-8901"),
        ("717101.234567.8901", "••••••.••••••.8901"),
        ("71.71.01.12.03.90.0001", "••.••.••.••.••.••.0001"),
        ("71 71 01 12 03 90 0001", "•• •• •• •• •• •• 0001"),
        ("717101 12.03.90 0001", "•••••• ••.••.•• 0001"),
        ("717101 120390 0001", "•••••• •••••• 0001"),
        ("7171 - 0123 - 4567.  8901", "•••• - •••• - ••••.  8901"),
        ("7 1 7 1 0 1 2 3 4 5 6 7 8 9 0 1", "• • • • • • • • • • • • 8 9 0 1"),
        ("71710123456\n78901", "•••••••••••\n•8901"),
        ("7171–0123—4567−8901", "••••–••••—••••−8901"),
        ("7171·0123\u00a04567\u20098901", "••••·••••\u00a0••••\u20098901"),
        # What nobody sees between them.
        ("71710123\u200b45678901", "••••••••\u200b••••8901"),
        ("7171\u00ad0123\u2060456789\u033201", "••••\u00ad••••\u2060••••89\u033201"),
        # Any script's digits.
        ("٧١٧١٠١٢٣٤٥٦٧٨٩٠١", "••••••••••••٨٩٠١"),
        ("７１７１０１２３４５６７８９０１", "••••••••••••８９０１"),
        ("𝟕𝟏𝟕𝟏𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎𝟏", "••••••••••••𝟖𝟗𝟎𝟏"),
        ("①①①①①①①①①①①①①①①①", "••••••••••••①①①①"),
        ("⁷¹⁷¹०१२३４５６７8901", "••••••••••••8901"),
        ("⑯⑯⑯⑯⑯⑯⑯⑯", "••••••⑯⑯"),
        # Beside other figures.
        ("1. 7171012345678901", "1. ••••••••••••8901"),
        ("1.7171012345678901", "1.••••••••••••8901"),
        ("7171012345678901-2", "••••••••••••8901-2"),
        ("7171 0123 4567 8901 2 anak", "•••• •••• •••• 8901 2 anak"),
        ("12-03-2026 7171 0123 4567 8901", "12-03-2026 •••• •••• •••• 8901"),
        ("2026 7171 0123 4567 8901", "2026 •••• •••• •••• 8901"),
        ("08.00 7171 0123 4567 8901 2026", "08.00 •••• •••• •••• 8901 2026"),
        ("1971 0123 4567 8901", "•••• •••• •••• 8901"),
        ("12.03.01 120390 0001", "••.••.•• •••••• 0001"),
        ("Rp 1.500.000 7171012345678901", "Rp 1.500.000 ••••••••••••8901"),
        ("7171012345678901 7171012345678902", "••••••••••••8901 ••••••••••••8902"),
        (
            "7171 0123 4567 8901 7171 0123 4567 8902",
            "•••• •••• •••• 8901 •••• •••• •••• 8902",
        ),
        # As money it were more than anybody has.
        ("7.171.012.345.678.901", "•.•••.•••.•••.••8.901"),
    ],
)
def test_sixteen_digits_are_a_number(text: str, kept: str) -> None:
    assert has_personal_number(text)
    assert without_personal_numbers(text) == kept
    assert not has_personal_number(kept)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Belum ada usaha",
        "717101234567890",
        "71710123456789012",
        "7171 0123 4567 890",
        "7171-0123-4567-8901-2345",
        "12345.7171.0123.4567.8901",
        "198503122010011002",  # NIP
        # Something else stands between.
        "7171012345/678901",
        "71710123 dan 45678901",
        "7171,0123,4567,8901",
        "••••••••••••8901",
        # Telephones and accounts.
        "081234567890, 081234567891",
        "0812-3456-7890 0813-4567-8901",
        "BRI 0341-01-012345-53-7",
        # Money.
        "Rp 10.500.000 - 12.500.000",
        "10.500.000-12.500.000",
        "1.000.000.000 500.000",
        "1.500.000 2.500.000 3.500.000",
        "1.500.000 1234567890123",
        "15.000.000 2025 2026",
        "1500000 2500000",
        # Dates and times.
        "12-03-2026 15-03-2026",
        "12.03.2026 - 15.03.2026",
        "12-03-2026-15-03-2026",
        "12.03.2026-15.03.2026",
        "12 03 2026 15 03 2026",
        "2026-03-12 2026-03-15",
        "12/03/2026 15/03/2026",
        "12-03-26 13-03-26 14-03-26",
        "03-2026 04-2026 05-2026",
        "2023 2024 2025 2026",
        "2023-2024 2025-2026",
        "08.00-10.00 12.00-14.00",
        "12.03.2026 08.00-10.00",
        "10.000.000 12.03.2026",
        "12-03-2026 081234567890",
    ],
)
def test_what_else_has_many_digits_is_left_as_it_is(text: str) -> None:
    assert not has_personal_number(text)
    assert without_personal_numbers(text) == text


_PIECES = st.one_of(
    st.text("0123456789", min_size=1, max_size=20),
    st.text("0123456789٠١٢７８ .-–•\u200b", max_size=40),
    st.sampled_from(["12.03.2026", "1.500.000", " NIK ", "7171012345678901", "7171 0123 "]),
    st.text(max_size=5),
)


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_no_number_outlives_it_and_only_digits_go(text: str) -> None:
    kept = without_personal_numbers(text)
    assert not has_personal_number(kept)
    assert not _EXACTLY_16.search(kept)
    assert has_personal_number(text) is (kept != text)
    assert len(kept) == len(text)
    assert all(after in {before, "•"} for before, after in zip(text, kept, strict=True))


@given(st.text())
def test_too_few_digits_are_left_as_they_are(text: str) -> None:
    few = re.sub(r"[^\W_]", "a", text)
    assert without_personal_numbers(f"{few} 171710123456789") == f"{few} 171710123456789"


@given(
    # 31 is the first of the provinces after those whose numbers begin like a year.
    number=st.from_regex(r"[3-9][1-9][0-9]{14}", fullmatch=True).filter(str.isascii),
    sizes=st.sampled_from([(16,), (4, 4, 4, 4), (6, 6, 4), (6, 10), (1,) * 16]),
    apart=st.sampled_from(["", " ", ".", "-", " - ", "  ", "\n", "\u00a0", "–"]),
    zero=st.sampled_from("0٠०０𝟎"),
    before=st.sampled_from(["", "NIK ", "NIK:", "anak ke-2, ", "12-03-2026 ", "(", "1.500.000 "]),
    after=st.sampled_from(["", ".", ", lalu", " 2 anak", ")", "\n"]),
)
def test_of_a_number_however_it_is_written_only_the_last_four_are_left(
    number: str, sizes: tuple[int, ...], apart: str, zero: str, before: str, after: str
) -> None:
    digits = iter(number)
    groups = ["".join(next(digits) for _ in range(size)) for size in sizes]
    typed = apart.join(groups).translate({ord(str(i)): chr(ord(zero) + i) for i in range(10)})
    kept = without_personal_numbers(f"{before}{typed}{after}")
    written = kept.removeprefix(before).removesuffix(after)
    assert [sign for sign in written if sign.isdecimal()] == [
        sign for sign in typed if sign.isdecimal()
    ][-4:]


@pytest.mark.parametrize("piece", ["1.1 ", "1.000", "1 ", "12.03.2026 ", "7171012345678901 ", "⑯"])
def test_a_text_as_long_as_a_request_takes_no_longer_for_each_letter(piece: str) -> None:
    """Also money with more digits than Python turns into a number."""
    text = piece * 20_000
    assert not has_personal_number(without_personal_numbers(text))
