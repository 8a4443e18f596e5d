"""Photos and papers of a nomination: added, taken out again, and opened."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, update

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, Message, NotFound, Refused
from casework.core.files import CleanFile, FileStore
from casework.core.ids import new_id
from casework.core.upsert import insert_into
from casework.graduation import policy
from casework.graduation.actions.hands import note_hand
from casework.graduation.actions.steps import change
from casework.graduation.models import Evidence, EvidenceOpening
from casework.graduation.queries.case import Case, load
from casework.graduation.queries.evidence import EvidenceFile, Known
from casework.graduation.queries.used_files import Use, use_elsewhere
from casework.graduation.rules import MOST_FILES, MOST_FILES_EVER
from casework.graduation.states import EvidenceKind, HandIn, WhyNot
from casework.households import scope as households


def add_evidence(
    actor: Actor,
    nomination_id: uuid.UUID,
    *,
    kind: EvidenceKind,
    file: CleanFile,
    store: FileStore,
) -> uuid.UUID:
    """Keep a checked file; gives its id, the same one when the file was sent twice.

    The file is on disk before the row is: if the transaction does not end well, it is an
    orphan that no page reaches. Raises: NotFound, Refused, Conflict; Invalid at the kind, of a code
    of `WhyNot` where it stands for another family, or for another kind.
    """
    case = load(actor, nomination_id)
    policy.check_can_change_evidence(actor, case)
    digest = bytes.fromhex(file.sha256)
    for each in case.evidence:
        if each.kind is kind and each.sha256 == digest:
            return each.id
    _check_room(case, kind)
    upload = bytes.fromhex(file.upload_sha256)
    known = Known(kind, upload, digest, file.likenesses)
    policy.check_is_no_double(known, [each.known for each in case.evidence])
    refuse_used(actor, case, known)
    evidence_id = new_id()
    change(case)
    store.put(case.nomination.area_id, nomination_id, evidence_id, file.content)
    db.session.execute(
        insert(Evidence),
        {
            "area_id": case.nomination.area_id,
            "nomination_id": nomination_id,
            "id": evidence_id,
            "kind": kind,
            "media_type": file.media_type,
            "size": len(file.content),
            "pages": file.pages,
            "sha256": digest,
            "upload_sha256": upload,
            "likeness": next(iter(file.likenesses), None),
            "added_by": actor.user_id,
            "added_by_name": actor.name,
            "added_at": clock.now(),
        },
    )
    note_hand(case.nomination, HandIn.EVIDENCE, actor.user_id)
    _trail(actor, Tag.EVIDENCE_ADDED, case, evidence_id, kind, sha256=file.sha256)
    return evidence_id


def _check_room(case: Case, kind: EvidenceKind) -> None:
    if len(case.all_evidence) >= MOST_FILES_EVER:
        raise Invalid.field(
            kind.value,
            _(
                "This nomination has been given %(most)s files, with those that were removed; no"
                " more can be added.",
                most=MOST_FILES_EVER,
            ),
        )
    if len(case.evidence) >= MOST_FILES:
        raise Invalid.field(
            kind.value,
            _("There are %(most)s files already. Remove one first.", most=MOST_FILES),
        )


def refuse_used(actor: Actor, case: Case, file: Known) -> None:
    """Raises: Invalid at its kind where the file stands for another family, which is named to whom
    the slip is her own."""
    use = use_elsewhere(case.nomination.area_id, case.nomination.household_id, file)
    if use is None:
        return
    raise Invalid(
        {file.kind.value: [_why_not(actor, use)]},
        code=WhyNot.FILE_USED if use.is_same else WhyNot.PHOTO_ALIKE,
    )


def _why_not(actor: Actor, use: Use) -> Message:
    if not use.is_same:
        return _("This photo is all but the same as one of another family. Take another one.")
    if use.added_by == actor.user_id:
        with suppress(NotFound):  # not hers any more: then not hers to see
            name = households.household(actor, use.household_id).caretaker_name
            return _("You used this file for %(name)s. Take a new one of this family.", name=name)
    return _("This file is used for another family. Take a new one of this family.")


def remove_evidence(actor: Actor, nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> None:
    """Take a file out before submission; the row stays and says that it was there.

    Raises: NotFound, Refused, Conflict.
    """
    case = load(actor, nomination_id)
    policy.check_can_change_evidence(actor, case)
    file = case.evidence_file(evidence_id)
    change(case)
    db.session.execute(
        update(Evidence)
        .where(
            Evidence.area_id == case.nomination.area_id,
            Evidence.nomination_id == nomination_id,
            Evidence.id == evidence_id,
        )
        .values(removed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    note_hand(case.nomination, HandIn.EVIDENCE, actor.user_id)
    _trail(actor, Tag.EVIDENCE_REMOVED, case, evidence_id, file.kind, sha256=file.sha256.hex())


def open_evidence(actor: Actor, nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> EvidenceFile:
    """Note who looks at which file, the first time; a decision asks for it.

    Raises: NotFound, Refused.
    """
    case = load(actor, nomination_id)
    if not actor.may(Permission.EVIDENCE_OPEN):
        raise Refused(_("Your role does not open evidence."))
    file = case.evidence_file(evidence_id)
    opening = insert_into(EvidenceOpening).values(
        area_id=case.nomination.area_id,
        nomination_id=nomination_id,
        evidence_id=evidence_id,
        opened_by=actor.user_id,
        opened_at=clock.now(),
    )
    fresh = opening.on_conflict_do_nothing().returning(EvidenceOpening.evidence_id)
    if db.session.execute(fresh).first() is not None:
        _trail(actor, Tag.EVIDENCE_OPENED, case, evidence_id, file.kind)
    return file


def _trail(
    actor: Actor,
    tag: Tag,
    case: Case,
    evidence_id: uuid.UUID,
    kind: EvidenceKind,
    **data: str,
) -> None:
    audit.record(
        actor,
        tag,
        subject_type="evidence",
        subject_id=evidence_id,
        area_id=case.nomination.area_id,
        nomination=str(case.nomination.id),
        kind=kind.value,
        **data,
    )
