"""How much the server keeps of what phones say, for a facilitator: claims and receipts, as long as
`flask outbox tidy` leaves them (docs/decisions/0018). Rows as they come through /sync, on
PostgreSQL, with their indexes.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from benchmarks._office import in_process, line, office
from casework.core import clock
from casework.core.db import db
from casework.core.ids import short_id
from casework.offline import paces
from casework.offline.actions.tidying import CLAIMS_KEPT, RECEIPTS_KEPT
from casework.web.pace import Pace

GROUPS = 15
YEAR = timedelta(days=365)
#: Of each group that are recorded here, to have enough rows to measure.
DAYS = 20
#: Of a facilitator with the largest caseload: each of 15 groups every month, every third register
#: corrected once; each of 450 families observed twice and checked once.
CLAIMS = 15 * 12 * 4 // 3
VISITS = 450 * 3
GOAL_MEGABYTES = 1


def main() -> bool:
    paces.SENDING = Pace("sending", most=1e9, a_second=1e9)
    with office(groups=GROUPS) as made:
        device, seq = str(uuid.uuid4()), iter(range(1, 10**6))
        today = clock.today(made.actor.time_zone)
        for back in range(DAYS):
            held_on = today - timedelta(days=back)
            commands = [
                _register(str(made.actor.user_id), device, next(seq), group, members, held_on)
                for group, members in made.groups.items()
            ]
            _send(in_process(made), commands)
        claim, of_register = _bytes("register_claim"), _bytes("sync_receipt")
        registers = _count("sync_receipt")
        for members in made.groups.values():
            checks = [_check(str(made.actor.user_id), device, next(seq), each) for each in members]
            _send(in_process(made), checks)
        count = _count("sync_receipt")
        of_visit = (_bytes("sync_receipt") * count - of_register * registers) / (count - registers)
    print(f"a claim of 30 families: {claim:.0f} bytes")
    print(f"a receipt: {of_register:.0f} bytes of a register, {of_visit:.0f} of a visit")
    claims = CLAIMS * claim * CLAIMS_KEPT / YEAR
    receipts = (CLAIMS * of_register + VISITS * of_visit) * RECEIPTS_KEPT / YEAR
    kept = (claims + receipts) / 1e6
    print(f"{CLAIMS} claims and {CLAIMS + VISITS} receipts a facilitator and year")
    print(f"40,000 facilitators: {kept * 40_000 / 1e3:.0f} GB, and no more with the years")
    return line("kept for a facilitator", kept, GOAL_MEGABYTES, " MB")


def _register(
    owner: str, device: str, seq: int, group: uuid.UUID, members: list[uuid.UUID], held_on: Any
) -> dict[str, Any]:
    marks = {
        short_id(each): ["sick", None, "", "rawat jalan"]
        if (number + seq) % 10 == 0
        else ["present", "good", "f", ""]
        for number, each in enumerate(members)
    }
    return {
        "id": str(uuid.uuid4()),
        "owner": owner,
        "kind": "attendance",
        "device": device,
        "seq": seq,
        "made_at": datetime.combine(held_on, time(3), UTC).isoformat(),
        "body": {
            "group": str(group),
            "held_on": held_on.isoformat(),
            "base_version": 0,
            "head": {
                "lessons": [5],
                "topic": "",
                "starts_at": "09:00",
                "ends_at": "11:00",
                "place": "Balai desa",
            },
            "marks": marks,
        },
    }


def _check(owner: str, device: str, seq: int, household: uuid.UUID) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "owner": owner,
        "kind": "readiness",
        "device": device,
        "seq": seq,
        "made_at": clock.now().isoformat(),
        "body": {
            "household": str(household),
            "answered_on": clock.now().date().isoformat(),
            "answers": {"family_is_ready": True},
        },
    }


def _count(table: str) -> int:
    return int(db.session.scalar(db.text(f"SELECT count(*) FROM {table}")))


def _send(client: Any, commands: list[dict[str, Any]]) -> None:
    answer = client.post(
        "/sync",
        json={"commands": commands},
        headers={"X-Outbox": "1", "Sec-Fetch-Site": "same-origin"},
    )
    assert {each["outcome"] for each in answer.json["answers"]} == {"applied"}, answer.text


def _bytes(table: str) -> float:
    """Of a row, with its share of the indexes."""
    size = db.text(f"SELECT pg_total_relation_size('{table}')::float / count(*) FROM {table}")
    return float(db.session.scalar(size))
