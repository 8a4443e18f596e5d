"""Words for files that are not accepted, and why, and for those that are kept and not whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import lazy_gettext as _

from casework.core.errors import Message
from casework.core.files.faults import Fault

FAULTS: Mapping[Fault, Message] = {
    Fault.MISSING: _("the file is missing"),
    Fault.UNREADABLE: _("the file cannot be read (rights, a broken disk, or it is no file)"),
    Fault.NO_KEY: _("the key that it was sealed with is not in the key file"),
    Fault.CHANGED: _("the file does not open: cut short, changed, or that of another row"),
    Fault.ANOTHER: _("the file opens, and is not the one that was recorded"),
}


def refusal(reason: str, **params: int) -> Message:
    return _WORDS[reason](**params)


_WORDS: Mapping[str, Callable[..., Message]] = {
    "empty": lambda: _("The file is empty. Choose it again."),
    "too_large": lambda limit: _(
        "The file is larger than %(limit)d MB. Take a smaller photo or send fewer pages.",
        limit=limit,
    ),
    "unknown_kind": lambda: _("Only photos (JPEG, PNG, WebP) and PDF files can be accepted."),
    "no_image": lambda: _("Only photos (JPEG, PNG, WebP) can be accepted here."),
    "heic": lambda: _(
        "HEIC photos cannot be opened everywhere. Set the camera to JPEG"
        " (iPhone: Settings, Camera, Formats, Most Compatible) and take the photo again,"
        " or send a screenshot of it."
    ),
    "damaged_image": lambda: _(
        "The photo is damaged or incomplete. Take it again, or copy the file again."
    ),
    "too_many_pixels": lambda limit: _(
        "The photo has more than %(limit)d megapixels. Choose a lower resolution in the camera.",
        limit=limit,
    ),
    "too_long": lambda limit: _(
        "A side of the photo has more than %(limit)d pixels. Cut a part off and choose it again.",
        limit=limit,
    ),
    "damaged_pdf": lambda: _(
        "The PDF is damaged or incomplete. Make it again, or take photos of the pages."
    ),
    "locked_pdf": lambda: _(
        "The PDF is locked with a password. Save it without one, or take photos of the pages."
    ),
    "too_many_pages": lambda pages, limit: _(
        "The PDF has %(pages)d pages, at most %(limit)d are accepted. Send only the pages needed.",
        pages=pages,
        limit=limit,
    ),
    "too_complex": lambda: _(
        "The PDF takes too long to check. Make a simpler one, or take photos of the pages."
    ),
}
