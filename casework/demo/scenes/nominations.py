"""Families put forward, with consent and evidence, and what the supervisors and the ministry made
of it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from casework.access.actor import Actor
from casework.core import clock
from casework.core.files import Purpose, check_and_clean
from casework.demo import pictures
from casework.demo.cast import DEPUTY, FACILITATORS, SUPERVISOR
from casework.demo.scenes import ministry
from casework.demo.scenes.cases import Case, cases
from casework.demo.world import Scene, World
from casework.graduation import actions
from casework.graduation.evidence_files import current_store
from casework.graduation.queries.case import load
from casework.graduation.queries.warning_signs import warnings_today
from casework.graduation.states import ConsentGiven, EvidenceKind, NominationStatus, Step

_S = NominationStatus
_K = EvidenceKind

_DRAWN: dict[EvidenceKind, tuple[Callable[[int], bytes], Purpose]] = {
    _K.SIGNED_STATEMENT: (pictures.statement, Purpose.DOCUMENT),
    _K.SIGNING_PHOTO: (pictures.signing, Purpose.PHOTO),
    _K.HOUSE_OR_BUSINESS_PHOTO: (pictures.house, Purpose.PHOTO),
}

_WHY = (
    "Usaha berjalan baik lebih dari setahun dan keluarga menyatakan siap mandiri.",
    "Penghasilan dari usaha sudah di atas garis kemiskinan, tabungan cukup untuk tiga bulan.",
    "Anak tetap sekolah, usaha bertambah besar, keluarga ingin memberi tempat bagi yang lain.",
)
_APPROVED = (
    "Bukti lengkap dan jelas, usaha berjalan, keluarga menyatakan sendiri kesediaannya.",
    "Surat pernyataan sah, foto usaha sesuai, penghasilan di atas garis kemiskinan.",
    "Sudah saya periksa bersama pendamping. Keluarga siap dan tetap memenuhi komitmen.",
)
_IN_SPITE = "Keluarga sudah punya rencana, kerabat membantu, dan puskesmas ikut memantau."
_RETURNED = "Foto usaha tidak jelas. Mohon difoto ulang dari depan dengan barang dagangan."
_REJECTED = "Penghasilan baru naik sebulan terakhir. Dampingi dulu, usulkan lagi tahun depan."
_WITHDRAWN = "Keluarga memilih tetap menjadi peserta dulu karena ada anak yang sakit."


def scenes(world: World) -> Iterator[Scene]:
    ids: dict[int, uuid.UUID] = {}
    for case in cases(world):
        yield from _Play(world, case, ids).scenes()
    yield from ministry.scenes(world, ids)


@dataclass(frozen=True)
class _Play:
    """One nomination from the first line to the last."""

    world: World
    case: Case
    #: Family -> nomination, known once it is drafted.
    ids: dict[int, uuid.UUID]

    @property
    def number(self) -> int:
        return self.case.family.number

    def scenes(self) -> Iterator[Scene]:
        case = self.case
        yield self._by_facilitator(case.drafted_on, 15, self._draft)
        if case.submitted_on is None:
            kinds = [_K.HOUSE_OR_BUSINESS_PHOTO]
            yield self._by_facilitator(case.drafted_on, 16, partial(self._add_evidence, kinds))
            return
        yield self._by_facilitator(case.submitted_on, 15, partial(self._add_evidence, list(_DRAWN)))
        yield self._by_facilitator(case.submitted_on, 16, self._submit)
        if case.was_returned:
            back = case.submitted_on + timedelta(days=3)
            yield self._by_supervisor(back, partial(self._decide, Step.RETURN, _RETURNED))
            yield self._by_facilitator(back + timedelta(days=2), 15, self._mend)
            yield self._by_facilitator(back + timedelta(days=2), 16, self._submit)
        if case.ended_on is not None:
            yield from self._ending(case.ended_on)

    def _ending(self, day: date) -> Iterator[Scene]:
        approved = _APPROVED[self.number % len(_APPROVED)]
        match self.case.outcome:
            case _S.APPROVED:
                yield self._by_supervisor(day, partial(self._decide, Step.APPROVE, approved))
            case _S.RETURNED:
                yield self._by_supervisor(day, partial(self._decide, Step.RETURN, _RETURNED))
            case _S.REJECTED:
                yield self._by_supervisor(day, partial(self._decide, Step.REJECT, _REJECTED))
            case _S.WITHDRAWN:
                if self.case.was_approved:
                    yield self._by_supervisor(day, partial(self._decide, Step.APPROVE, approved))
                    day += timedelta(days=12)
                yield self._by_facilitator(day, 17, self._withdraw)

    def _by_facilitator(self, day: date, hour: int, act: Callable[[Actor], object]) -> Scene:
        person = FACILITATORS[self.case.family.group.facilitator]
        return Scene(self.world.at(day, hour, self.number % 60), person.username, act)

    def _by_supervisor(self, day: date, act: Callable[[Actor], object]) -> Scene:
        person = DEPUTY if self.number % 5 == 0 else SUPERVISOR
        return Scene(self.world.at(day, 9, self.number % 60), person.username, act)

    # What is done in a scene

    def _draft(self, actor: Actor) -> None:
        household_id = self.world.household_ids[self.number]
        nomination_id = self.ids[self.number] = actions.draft(actor, household_id)
        given = ConsentGiven.THUMBPRINT if self.number % 9 == 0 else ConsentGiven.SIGNATURE
        today = clock.today(actor.time_zone)
        actions.record_consent(actor, nomination_id, on=today, given=given, asked_by=actor.name)
        actions.write_note(actor, nomination_id, _WHY[self.number % len(_WHY)])

    def _add_evidence(self, kinds: list[EvidenceKind], actor: Actor, *, take: int = 1) -> None:
        store = current_store()
        for kind in kinds:
            draw, purpose = _DRAWN[kind]
            actions.add_evidence(
                actor,
                self.ids[self.number],
                kind=kind,
                file=check_and_clean(io.BytesIO(draw(take * 10_000 + self.number)), purpose),
                store=store,
            )

    def _mend(self, actor: Actor) -> None:
        """A better photo in place of the one that was not clear."""
        nomination_id = self.ids[self.number]
        for each in load(actor, nomination_id).evidence:
            if each.kind is _K.HOUSE_OR_BUSINESS_PHOTO:
                actions.remove_evidence(actor, nomination_id, each.id)
        self._add_evidence([_K.HOUSE_OR_BUSINESS_PHOTO], actor, take=2)

    def _submit(self, actor: Actor) -> None:
        actions.submit(actor, self.ids[self.number])

    def _decide(self, step: Step, reason: str, actor: Actor) -> None:
        nomination_id = self.ids[self.number]
        for each in load(actor, nomination_id).evidence:
            actions.open_evidence(actor, nomination_id, each.id)
        case = load(actor, nomination_id)
        actions.decide(
            actor,
            nomination_id,
            actions.Decision(
                step=step,
                reason=reason,
                version=case.nomination.version,
                weighed=actions.Weighed(warnings_today(case), _IN_SPITE),
            ),
        )

    def _withdraw(self, actor: Actor) -> None:
        actions.withdraw(actor, self.ids[self.number], reason=_WITHDRAWN)
