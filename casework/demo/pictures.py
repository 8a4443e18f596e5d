"""Drawn photos. Nobody is in the pictures, and CONTOH ("example") is written across each."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFont

_SIZE = (1000, 750)
_PAPER, _INK, _WOOD, _PEN = "#fbfaf5", "#30343b", "#b98b5e", "#1f4e8c"
_WALLS = ("#e8d9b5", "#cfe0d8", "#e5cfc8", "#d5d9ea")


def statement(number: int) -> bytes:
    """A sheet of paper with lines of writing and a signature."""

    def draw(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
        canvas.rectangle((0, 0, *_SIZE), fill="#8b8f94")
        _sheet(canvas, chance, (230, 40, 770, 720))

    return _picture(number, draw)


def signing(number: int) -> bytes:
    """The sheet on a table, with a pen beside it."""

    def draw(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
        canvas.rectangle((0, 0, *_SIZE), fill=_WOOD)
        for top in range(0, _SIZE[1], 94):
            canvas.line((0, top, _SIZE[0], top), fill="#a3774d", width=3)
        _sheet(canvas, chance, (300, 90, 720, 640))
        x = chance.randint(740, 800)
        canvas.line((x, 300, x - 90, 560), fill=_PEN, width=16)
        canvas.polygon([(x - 96, 556), (x - 82, 562), (x - 97, 592)], fill=_INK)

    return _picture(number, draw)


def house(number: int) -> bytes:
    """A house with a small shop at the side."""

    def draw(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
        canvas.rectangle((0, 0, _SIZE[0], 520), fill="#b9dcf2")
        canvas.rectangle((0, 520, *_SIZE), fill="#8fae6b")
        left = chance.randint(120, 260)
        wall = chance.choice(_WALLS)
        canvas.rectangle((left, 300, left + 420, 600), fill=wall, outline=_INK, width=3)
        canvas.polygon([(left - 40, 300), (left + 210, 160), (left + 460, 300)], fill="#9a4f3c")
        canvas.rectangle((left + 160, 420, left + 240, 600), fill="#6d4c33")
        for window in (left + 40, left + 290):
            canvas.rectangle((window, 380, window + 85, 460), fill="#eaf6ff", outline=_INK, width=3)
        stall = left + 450
        canvas.rectangle((stall, 430, stall + 210, 600), fill="#f3e7c4", outline=_INK, width=3)
        for stripe in range(6):
            fill = "#c8473a" if stripe % 2 else "#ffffff"
            canvas.rectangle((stall + stripe * 35, 400, stall + stripe * 35 + 35, 440), fill=fill)
        for jar in range(5):
            canvas.ellipse((stall + 15 + jar * 38, 500, stall + 45 + jar * 38, 540), fill="#d9a441")

    return _picture(number, draw)


def meeting(number: int) -> bytes:
    """Chairs in a half circle before a flipchart."""

    def draw(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
        canvas.rectangle((0, 0, _SIZE[0], 430), fill=chance.choice(_WALLS))
        canvas.rectangle((0, 430, *_SIZE), fill="#c9b592")
        canvas.rectangle((390, 90, 610, 380), fill=_PAPER, outline=_INK, width=4)
        for line in range(130, 350, 36):
            canvas.rectangle((415, line, 585 - chance.randint(0, 90), line + 9), fill=_PEN)
        for leg in (410, 590):
            canvas.line((leg, 380, leg + (leg - 500) // 4, 470), fill=_WOOD, width=10)
        colour = chance.choice(("#c8473a", "#1f4e8c", "#2f7d4f"))
        for row, top in enumerate((470, 570)):
            for left in range(90 - row * 40, 900 + row * 40, 130):
                canvas.rectangle((left, top, left + 80, top + 60), fill=colour, outline=_INK)
                canvas.rectangle((left, top + 60, left + 80, top + 78), fill=_WOOD)

    return _picture(number, draw)


def _sheet(canvas: ImageDraw.ImageDraw, chance: Random, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    canvas.rectangle(box, fill=_PAPER, outline="#c9c6bc", width=2)
    canvas.rectangle((left + 110, top + 40, right - 110, top + 56), fill=_INK)
    for line in range(top + 90, bottom - 190, 28):
        canvas.rectangle(
            (left + 40, line, right - 40 - chance.randint(0, 140), line + 8), "#9aa0a8"
        )
    x, y = right - 190, bottom - 90
    points = [(x + step * 12, y - chance.randint(-18, 28)) for step in range(12)]
    canvas.line(points, fill=_PEN, width=4, joint="curve")
    canvas.line((x - 10, y + 30, right - 40, y + 30), fill=_INK, width=2)


def _light(image: Image.Image, chance: Random) -> None:
    """Sun through leaves, as no two photos have it: the product takes drawings that differ in a
    roof's colour for one photo."""
    columns, rows = 9, 7
    spots = bytes(chance.randint(160, 255) for _ in range(columns * rows))
    light = Image.frombytes("L", (columns, rows), spots).resize(_SIZE, Image.Resampling.BICUBIC)
    image.paste(ImageChops.multiply(image, light.convert("RGB")))


def _picture(number: int, draw: Callable[[ImageDraw.ImageDraw, Random], None]) -> bytes:
    image = Image.new("RGB", _SIZE)
    chance = Random(number)
    draw(ImageDraw.Draw(image), chance)
    _light(image, chance)
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(150)
    canvas.text(
        (_SIZE[0] / 2, _SIZE[1] / 2),
        "CONTOH",
        font=font,
        anchor="mm",
        fill="#ffffff",
        stroke_width=6,
        stroke_fill="#5a2d82",
    )
    # Every family's own picture differs in its bytes, as real ones would.
    canvas.text((20, _SIZE[1] - 40), f"{number:05d}", font=ImageFont.load_default(24), fill=_INK)
    sink = io.BytesIO()
    image.save(sink, "JPEG", quality=80)
    return sink.getvalue()
