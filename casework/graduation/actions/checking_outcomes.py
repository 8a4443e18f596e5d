"""A file of outcomes beside the batch that it answers: what it would change, and what in it cannot
be taken."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.access.actor import Actor
from casework.core.crypto import current_keyring
from casework.graduation import policy
from casework.graduation.actions.outcomes import Answer
from casework.graduation.models import MinistryBatch
from casework.graduation.queries import batches
from casework.graduation.queries.hands import had_hand_in
from casework.graduation.reading.faults import OutcomeFault, OutcomeProblem
from casework.graduation.reading.outcomes import (
    ALIASES,
    Column,
    OutcomeRow,
    OutcomeTable,
    masked,
    twice,
)
from casework.graduation.rules import batch_name, nomination_number
from casework.graduation.states import NominationStatus, Step
from casework.households.queries import numbers
from casework.households.queries.registry import registered
from casework.households.rules import HouseholdStatus
from casework.regions.queries import areas


@dataclass(slots=True)
class Checked:
    """What applying a file would do; nothing is written yet."""

    rows: int
    #: What it says anew.
    answers: list[Answer] = field(default_factory=list)
    #: What is recorded already just so, and families on which it says nothing yet.
    unchanged: int = 0
    unanswered: int = 0
    problems: list[OutcomeProblem] = field(default_factory=list)

    @property
    def established(self) -> int:
        return sum(each.step is Step.ESTABLISH for each in self.answers)

    @property
    def refused(self) -> int:
        return sum(each.step is Step.REFUSE for each in self.answers)

    @property
    def bad_rows(self) -> int:
        return len({each.row for each in self.problems})


def check(actor: Actor, batch: MinistryBatch, table: OutcomeTable) -> Checked:
    """Compare a file with the batch; row by row, everything that is wrong."""
    policy.check_can_record_outcome(actor)
    return _Check(actor, batch, table).run()


class _Check:
    def __init__(self, actor: Actor, batch: MinistryBatch, table: OutcomeTable) -> None:
        self._batch, self._table = batch, table
        entries = batches.all_entries(actor, batch)
        self._entries = {row.BatchEntry.nomination_id: row for row in entries}
        self._by_number = {
            nomination_number(batch.number, batch.year, row.BatchEntry.position): (
                row.BatchEntry.nomination_id
            )
            for row in entries
        }
        self._own = had_hand_in(actor.user_id, batch.area_id, self._entries)
        self._by_household = {row.household_id: row.BatchEntry.nomination_id for row in entries}
        keyring = current_keyring()
        self._niks = {row.nik: numbers.nik_index(keyring, row.nik) for row in table.rows if row.nik}
        self._no_kks = {
            row.no_kk: numbers.no_kk_index(keyring, row.no_kk) for row in table.rows if row.no_kk
        }
        self._borne = numbers.borne(batch.area_id, [*self._niks.values(), *self._no_kks.values()])
        unborne = [index for index in self._niks.values() if index not in self._borne]
        self._elsewhere = registered(unborne)
        self._zone: str = areas.regency(batch.area_id).time_zone
        self._result = Checked(
            rows=len(table.rows) + len({each.row for each in table.problems}),
            problems=list(table.problems),
        )

    def run(self) -> Checked:
        named: dict[uuid.UUID, list[OutcomeRow]] = {}
        for row in self._table.rows:
            nomination_id = self._whom(row)
            if nomination_id is not None:
                named.setdefault(nomination_id, []).append(row)
        for nomination_id, rows in named.items():
            if len(rows) == 1:
                self._answer(nomination_id, rows[0])
                continue
            places = [each.row for each in rows]
            for row in rows:
                column, value = self._naming(row)
                self._fault(row, column, value, OutcomeFault.TWICE, rows=twice(places, row.row))
        self._result.problems.sort(key=lambda each: each.row)
        return self._result

    def _fault(
        self, row: OutcomeRow, column: Column, value: str, code: OutcomeFault, **params: object
    ) -> None:
        label = self._table.labels.get(column, ALIASES[column][0])
        self._result.problems.append(OutcomeProblem(row.row, label, value, code, params))

    def _naming(self, row: OutcomeRow) -> tuple[Column, str]:
        """The first column by which a row names its family, and what may be shown of it."""
        if row.number:
            return Column.NUMBER, row.number
        return (Column.NIK, masked(row.nik)) if row.nik else (Column.NO_KK, masked(row.no_kk))

    def _whom(self, row: OutcomeRow) -> uuid.UUID | None:
        """The nomination that every number of the row names; None when it names none or two."""
        found: set[uuid.UUID] = set()
        before = len(self._result.problems)
        if row.number:
            found |= self._of_number(row)
        for column, value, index in (
            (Column.NIK, row.nik, self._niks.get(row.nik)),
            (Column.NO_KK, row.no_kk, self._no_kks.get(row.no_kk)),
        ):
            if index is not None:
                found |= self._of_index(row, column, value, index)
        if len(self._result.problems) > before:
            return None
        if len(found) != 1:
            column, value = self._naming(row)
            self._fault(row, column, value, OutcomeFault.TWO_FAMILIES)
            return None
        return found.pop()

    def _of_number(self, row: OutcomeRow) -> set[uuid.UUID]:
        if row.number in self._by_number:
            return {self._by_number[row.number]}
        is_ours = re.fullmatch(r"B\d{1,5}-20\d\d-\d{3,}", row.number)
        code = OutcomeFault.NOT_IN_BATCH if is_ours else OutcomeFault.UNKNOWN
        self._fault(row, Column.NUMBER, row.number[:40], code, batch=self._name)
        return set()

    def _of_index(
        self, row: OutcomeRow, column: Column, value: str, index: bytes
    ) -> set[uuid.UUID]:
        households = self._borne.get(index, set())
        ours = {self._by_household[each] for each in households if each in self._by_household}
        if ours:
            return ours
        if households:
            code = OutcomeFault.NOT_IN_BATCH
        elif index in self._elsewhere:
            code = OutcomeFault.ELSEWHERE
        else:
            code = OutcomeFault.UNKNOWN
        self._fault(row, column, masked(value), code, batch=self._name)
        return set()

    @property
    def _name(self) -> str:
        return batch_name(self._batch.number, self._batch.year)

    def _answer(self, nomination_id: uuid.UUID, row: OutcomeRow) -> None:
        if row.step is None:
            self._result.unanswered += 1
            return
        line = self._entries[nomination_id]
        answer = (
            Answer(nomination_id, row.stage)
            if row.step is Step.ESTABLISH
            else Answer(nomination_id, refusal=row.reason)
        )
        if answer.is_of(line.BatchEntry):
            self._result.unchanged += 1
            return
        fault = self._fault_of(line, answer)
        if fault is None:
            self._result.answers.append(answer)
        else:
            column, code, params = fault
            value = row.stage if column is Column.STAGE else self._naming(row)[1]
            self._fault(row, column, value, code, **params)

    def _fault_of(
        self, line: Any, answer: Answer
    ) -> tuple[Column, OutcomeFault, Mapping[str, object]] | None:
        entry = line.BatchEntry
        name = {"name": line.caretaker_name}
        if entry.outcome_at is not None:
            return Column.OUTCOME, OutcomeFault.ANSWERED, name | {"by": entry.outcome_by_name}
        if line.status is NominationStatus.WITHDRAWN:
            return Column.OUTCOME, OutcomeFault.WITHDRAWN, name
        if entry.nomination_id in self._own:
            return Column.OUTCOME, OutcomeFault.OWN, name
        if answer.stage is None:
            return None
        if line.household_status is not HouseholdStatus.APPROVED:
            return Column.OUTCOME, OutcomeFault.LEFT, name
        possible = policy.stages_of(line.decided_at, self._zone)
        if answer.stage not in possible:
            ends = {"first": possible[0], "last": possible[-1]}
            return Column.STAGE, OutcomeFault.IMPOSSIBLE_STAGE, ends
        return None
