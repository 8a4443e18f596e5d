"""Why a file is not accepted."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from casework.core.errors import CaseworkError
from casework.core.files import labels


class Refusal(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    NO_IMAGE = "no_image"
    HEIC = "heic"
    DAMAGED_IMAGE = "damaged_image"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG = "too_long"
    DAMAGED_PDF = "damaged_pdf"
    LOCKED_PDF = "locked_pdf"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_COMPLEX = "too_complex"


class RefusedFile(CaseworkError):
    """An upload that is not kept; `message` tells the person what to do about it."""

    status: ClassVar[int] = 422

    def __init__(self, refusal: Refusal, **params: int) -> None:
        super().__init__(labels.refusal(refusal.value, **params), code=refusal.value)
        self.refusal = refusal
        self.params = params
