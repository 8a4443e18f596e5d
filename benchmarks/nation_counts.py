"""The counts of a nation of ten million families with 1.2 million graduations in each of five
years, on PostgreSQL, beside those of one with a tenth of its regencies: the public pages and the
ways down from a figure to the nominations behind it, time in the server; an approval; and the proof
that tally, ledger and nominations say the same.

Public sums are kept an hour (docs/decisions/0028), so each public page is measured twice: as
most visitors get it, and for the first of an hour, when nothing is kept.

A tenth of it unless told otherwise, in some minutes; `--households 10000000` is the whole, and
takes half an hour and 25 GB of disk.
"""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from functools import partial
from statistics import median

from flask.testing import FlaskClient

from benchmarks._nation import Nation, nation
from benchmarks._office import line, milliseconds
from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core import kept_a_while
from casework.core.db import db
from casework.core.transaction import transaction
from casework.counts import paces
from casework.counts.views.asked import cut_off
from casework.graduation import actions
from casework.graduation.queries.case import load
from casework.graduation.states import NominationStatus, Step
from casework.web.pace import Pace
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import REASON, Cast, cast, nominate, open_all

HOUSEHOLDS = 1_000_000
#: The smaller nation has one regency in so many.
SMALLER = 10
TIMES = 51
#: Ends the name of a page that is asked for when nothing is kept.
FIRST = ", nothing kept"
APPROVAL = "an approval"
GOAL_MILLISECONDS, GOAL_GROWTH, GOAL_VERIFY_SECONDS = 50, 1.2, 60


def main(option: str = "--households", households: str = str(HOUSEHOLDS)) -> bool:
    if option != "--households":
        raise SystemExit("The one option is --households NUMBER")
    paces.ASKING = Pace("counts", most=1e9, a_second=1e9)
    with nation(int(households), of_regencies=SMALLER) as small, nation(int(households)) as whole:
        found = _measured(small, whole)
        agrees, seconds = _verified(whole)
    reached = [agrees, line("counts verify", seconds, GOAL_VERIFY_SECONDS, " s")]
    for what, pairs in found.items():
        taken = median(after for _, after in pairs)
        if what == APPROVAL:
            print(f"{what}: {taken:.2f} ms (no goal)")
        else:
            reached.append(line(what, taken, GOAL_MILLISECONDS, " ms"))
        growth = median(after / before for before, after in pairs)
        if what.endswith(FIRST):
            print(f"{what}: beside the smaller nation: {growth:.2f} (no goal)")
        else:
            reached.append(line(f"{what}: beside the smaller nation", growth, GOAL_GROWTH))
    return all(reached)


def _pages(made: Nation) -> dict[str, tuple[bool, str]]:
    """Name, whether somebody is signed in, address."""
    public = {
        "the nation": "/national",
        "its largest province": f"/national?region={made.regency[:2]}",
        "its largest regency": f"/national?region={made.regency}",
    }
    year = cut_off().year - 1
    behind = f"/national/nominations?year={year}&kind=independent&state=approved&region="
    return {
        **{what: (False, address) for what, address in public.items()},
        **{what + FIRST: (False, address) for what, address in public.items()},
        "behind the figure of the regency": (True, behind + made.regency),
        "behind that of a district": (True, behind + made.district),
        "behind that of a facilitator": (
            True,
            f"{behind}{made.regency}&facilitator={made.facilitator}",
        ),
        "targets of the facilitators": (
            True,
            f"/targets/facilitators?region={made.regency}&year={year}",
        ),
    }


def _measured(small: Nation, whole: Nation) -> dict[str, list[tuple[float, float]]]:
    """Each page in both nations, asked for in turn: a machine that slows down for a while slows
    both."""
    of_small, of_whole = (_asking(each) | {APPROVAL: _approving(each)} for each in (small, whole))
    return {
        what: [(milliseconds(of_small[what]), milliseconds(of_whole[what])) for _ in range(TIMES)]
        for what in of_small
    }


def _asking(made: Nation) -> dict[str, Callable[[], None]]:
    print(f"{made.households:,} families; regency {made.regency}", file=sys.stderr)
    stranger, supervisor = made.app.test_client(), made.app.test_client()
    with made.app.app_context():
        with transaction():
            user: User = UserFactory(supervisor=True, region=made.regency)
            db.session.flush()
        sign_in(supervisor, user)

    def ask(client: FlaskClient, address: str, *, is_first: bool) -> None:
        if is_first:
            made.app.extensions.pop(kept_a_while.STORE, None)
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status}"

    return {
        what: partial(
            ask,
            supervisor if is_signed_in else stranger,
            address,
            is_first=what.endswith(FIRST),
        )
        for what, (is_signed_in, address) in _pages(made).items()
    }


def _approving(made: Nation) -> Callable[[], None]:
    """Approves the next of some families of one regency; everything else is done already."""
    with made.app.app_context():
        waiting = [_submitted(cast()) for _ in range(TIMES)]

    def approve() -> None:
        actor, nomination_id, version = waiting.pop()
        with made.app.app_context(), transaction():
            actions.decide(actor, nomination_id, actions.Decision(Step.APPROVE, REASON, version))

    return approve


def _submitted(people: Cast) -> tuple[Actor, uuid.UUID, int]:
    """Who may decide, on what, and the version that was read."""
    nomination_id = nominate(people, NominationStatus.SUBMITTED)
    open_all(people.theirs, nomination_id)
    return people.theirs, nomination_id, load(people.theirs, nomination_id).nomination.version


def _verified(made: Nation) -> tuple[bool, float]:
    began = time.perf_counter()
    done = made.app.test_cli_runner().invoke(args=["counts", "verify"])
    print(done.stdout.strip().splitlines()[-1])
    return done.exit_code == 0, time.perf_counter() - began
