"""The wisuda, from the list of who graduated to a sheet of paper for each family."""

from __future__ import annotations

import io

import pytest
from pikepdf import Pdf
from playwright.sync_api import expect

from tests.browser.album import keep, photograph
from tests.browser.visitor import LAPTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: How far the middle of the letters is from the middle of the sheet; a range of letters takes in
#: the space behind the last one, as wide as the one before the first.
OFF_CENTRE = """title => {
  const letters = document.createRange();
  letters.selectNodeContents(title);
  const middle = box => (box.left + box.right) / 2;
  const spacing = parseFloat(getComputedStyle(title).letterSpacing);
  const of = letters.getBoundingClientRect();
  return Math.abs(middle({ left: of.left, right: of.right - spacing }) -
    middle(title.parentElement.getBoundingClientRect()));
}"""


@pytest.mark.parametrize("username", ["supervisor1", "administrator"])
def test_certificates_are_made_for_all_who_graduated(visitor: Visitor, username: str) -> None:
    visitor.sign_in(username)
    page = visitor.page
    visitor.open("/")
    visitor.follow(page.get_by_role("link", name="Wisuda graduasi: daftar dan piagam"))
    families = page.locator("table tbody tr").count()
    assert families > 0
    visitor.check("ceremony")
    page.set_viewport_size(LAPTOP)
    visitor.check("ceremony-laptop")
    visitor.follow(page.get_by_role("link", name="Buat piagam"))
    visitor.follow(page.get_by_role("button", name="Tampilkan piagam"))
    expect(page.get_by_role("alert")).to_contain_text("Tulis tempatnya.")
    visitor.check("certificates-refused")
    page.get_by_label("Tempat wisuda").fill("Manado")
    page.get_by_label("Jabatan yang menandatangani").fill(
        "Kepala Dinas Sosial dan Pemberdayaan Masyarakat Kota Manado"
    )
    page.get_by_label("Nama yang menandatangani").fill("Dra. Meity Rumengan-Tumanduk, M.Si.")
    page.get_by_label("NIP").fill("197001011995032001")
    visitor.follow(page.get_by_role("button", name="Tampilkan piagam"))
    visitor.check("certificates")
    page.emulate_media(media="print")
    page.set_viewport_size(LAPTOP)
    photograph(page, "certificates-print")
    assert page.locator(".certificate h1").first.evaluate(OFF_CENTRE) < 1
    paper = page.pdf(prefer_css_page_size=True)
    keep("certificates.pdf", paper)
    with Pdf.open(io.BytesIO(paper)) as sheets:
        sides = [tuple(float(side) for side in each.mediabox[2:]) for each in sheets.pages]
    assert len(sides) == families
    assert all(width > height for width, height in sides), "laid across"
