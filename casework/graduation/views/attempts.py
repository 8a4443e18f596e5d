"""What somebody tried with a nomination or an exit and was refused stays in the trail.

Whoever tries to approve their own nomination, a decision twice, or the same photo for two
families is seen by the administrator, also when it did not work.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from flask import Response, request

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.audit import actions as audit
from casework.audit.queries.counting import is_told_today
from casework.audit.tags import Tag
from casework.core.errors import CaseworkError, NotFound
from casework.core.transaction import transaction
from casework.graduation import policy
from casework.graduation.queries.case import load
from casework.graduation.states import DECISIONS, OUTCOMES, Step, WhyNot
from casework.graduation.views import blueprint
from casework.web.guard import declared
from casework.web.login import actor_or_none

#: Beside the steps.
ADD_EVIDENCE = "add_evidence"
REMOVE_EVIDENCE = "remove_evidence"

_NOTED = {each.value for each in WhyNot}


@contextmanager
def attempt(actor: Actor, nomination_id: uuid.UUID, tried: str) -> Iterator[None]:
    """A `transaction()` whose refusal, if it is one of `WhyNot`, leaves a line of its own.

    `tried`: a `Step`, or one of the acts above.
    """
    with refusal_noted(actor, nomination_id, tried), transaction():
        yield


@contextmanager
def refusal_noted(actor: Actor, nomination_id: uuid.UUID, tried: str) -> Iterator[None]:
    """As `attempt`, around what only asks whether it could be done."""
    try:
        yield
    except CaseworkError as refused:
        if refused.code in _NOTED:
            _note(actor, nomination_id, tried, refused.code)
        raise


@contextmanager
def reversal_attempt(actor: Actor, left: Any) -> Iterator[None]:
    """As `attempt`, to take back an exit. `left`: of a household that the caller has got through
    its scope."""
    said = {"kind": left.kind.value, "stage": left.stage}
    area_id, subject = left.area_id, str(left.household_id)
    try:
        with transaction():
            yield
    except CaseworkError as refused:
        if refused.code in _NOTED:
            said["why"] = str(refused.code)
            _once_a_day(actor, Tag.EXIT_TRIED, area_id, ("household", subject), said)
        raise


@blueprint.after_request
def _own_behind_a_closed_door(response: Response) -> Response:
    """Whoever has no role that decides or records an outcome gets the answer of the guard, for
    their own nomination as for any address; that they tried it with their own is in the trail."""
    tried = _tried_by_post()
    if tried is None or response.status_code != NotFound.status:
        return response
    actor = actor_or_none()
    if actor is None:
        return response
    wanted = declared(request.endpoint or "")
    if not isinstance(wanted, Permission) or actor.may(wanted):
        return response  # The view has answered.
    with suppress(NotFound):
        nomination_id = (request.view_args or {})["nomination_id"]
        why = policy.whose_own(actor, load(actor, nomination_id))
        if why is not None:
            _note(actor, nomination_id, tried, why)
    return response


def _tried_by_post() -> Step | None:
    if request.method != "POST":
        return None
    match request.endpoint:
        case "graduation.decide":
            return _sent("step", DECISIONS)
        case "graduation.outcome":
            return _sent("outcome", OUTCOMES)
        case "graduation.reverse":
            return Step.REVERSE
    return None


def _sent(field: str, steps: Collection[Step]) -> Step | None:
    return next((each for each in steps if each.value == request.form.get(field)), None)


def _note(actor: Actor, nomination_id: uuid.UUID, tried: str, why: str) -> None:
    nomination = load(actor, nomination_id).nomination
    said = {"household": str(nomination.household_id), "tried": str(tried), "why": str(why)}
    subject = ("nomination", str(nomination.id))
    _once_a_day(actor, Tag.NOMINATION_TRIED, nomination.area_id, subject, said)


def _once_a_day(
    actor: Actor, tag: Tag, area_id: int, subject: tuple[str, str], said: Mapping[str, str]
) -> None:
    """Of two at once both may: what is looked at first costs no lock."""
    subject_type, subject_id = subject
    if is_told_today(actor, tag, area_id, subject_id, said):
        return
    with transaction():
        audit.record(
            actor, tag, subject_type=subject_type, subject_id=subject_id, area_id=area_id, **said
        )
