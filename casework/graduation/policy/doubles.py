"""A file stands for one thing of a nomination: one picture is no statement, signing and house at
once (docs/decisions/0024)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import lazy_gettext as _

from casework.core.errors import Invalid, Message
from casework.core.files import Sought
from casework.graduation.labels import EVIDENCE_KINDS
from casework.graduation.queries.evidence import Known
from casework.graduation.states import EvidenceKind, WhyNot


def check_is_no_double(file: Known, others: Iterable[Known]) -> None:
    """Raises: Invalid at its kind, of code `WhyNot.FILE_DOUBLED` or `PHOTO_DOUBLED`, where one of
    the others is this file under another kind. Further pages and views of one kind may be alike."""
    elsewhere = [each for each in others if each.kind is not file.kind]
    for each in elsewhere:
        if _is_same(file, each):
            raise _refusal(
                file,
                _(
                    "This file stands for “%(kind)s” already. Each kind of evidence needs a file of"
                    " its own.",
                    kind=EVIDENCE_KINDS[each.kind],
                ),
                WhyNot.FILE_DOUBLED,
            )
    sought = Sought(file.likenesses)
    for each in elsewhere:
        if any(sought.is_like(likeness) for likeness in each.likenesses):
            raise _refusal(
                file,
                _(
                    "This photo is all but the same as that for “%(kind)s”. Take another one.",
                    kind=EVIDENCE_KINDS[each.kind],
                ),
                WhyNot.PHOTO_DOUBLED,
            )


def doubles_among(files: Sequence[Known]) -> Iterator[tuple[EvidenceKind, Invalid]]:
    """Of files that a nomination has already, in the order of its page: why each that stands for
    something before it cannot stand for its own kind too."""
    for position, file in enumerate(files):
        try:
            check_is_no_double(file, files[:position])
        except Invalid as double:
            yield file.kind, double


def _is_same(one: Known, other: Known) -> bool:
    came_alike = one.upload_sha256 is not None and one.upload_sha256 == other.upload_sha256
    return came_alike or one.sha256 == other.sha256


def _refusal(file: Known, why: Message, code: WhyNot) -> Invalid:
    return Invalid({file.kind.value: [why]}, code=code)
