"""What lies outside a person's families or region does not exist."""

from __future__ import annotations

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation.queries.case import load
from casework.graduation.states import NominationStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import FAMILY_SAYS, NOTE, REASON, cast, nominate, state_of
from tests.factories.households import group_with
from tests.factories.places import BITUNG, BUNAKEN, DENPASAR, NORTH_SULAWESI, TUMINTING

S = NominationStatus

GETS = (
    "", "/statement", "/evidence", "/note", "/withdraw",
    "/evidence/{file}", "/evidence/{file}/file",
)  # fmt: skip
POSTS = (
    "/statement", "/evidence", "/note", "/withdraw", "/submit", "/decide",
    "/evidence/{file}/open", "/evidence/{file}/remove",
)  # fmt: skip

STRANGERS = {
    "a facilitator of another district": {"region": TUMINTING},
    "a facilitator of the same district": {"region": BUNAKEN},
    "a supervisor of another district": {"supervisor": True, "region": TUMINTING},
    "a supervisor of another regency": {"supervisor": True, "region": BITUNG},
    "a supervisor of another province": {"supervisor": True, "region": DENPASAR},
    "an administrator of another regency": {"administrator": True, "region": BITUNG},
    "a viewer of the same regency": {"viewer": True},
}


def without_token(page: str) -> str:
    """The token of the forms changes by the second."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize("who", STRANGERS)
def test_for_strangers_a_nomination_answers_like_one_that_never_was(
    client: FlaskClient, db_session: Session, who: str
) -> None:
    people = cast()
    nomination_id = nominate(people)
    file = load(people.theirs, nomination_id).evidence[0].id
    household_id = people.household.id
    with transaction():
        stranger = UserFactory(**STRANGERS[who])
        if who.startswith("a facilitator"):
            group_with(stranger)
    sign_in(client, stranger)
    absent = new_id()
    data = {
        "step": "approve",
        "reason": REASON + FAMILY_SAYS,
        "version": "5",
        "note": NOTE,
        "on": "2026-01-01",
        "given": "signature",
        "asked_by": "Budi",
    }

    def body(target: uuid.UUID, rest: str, post: bool) -> str:
        address = f"/nominations/{target}{rest.format(file=file)}"
        answer = client.post(address, data=data) if post else client.get(address)
        assert answer.status_code == 404, address
        return without_token(answer.text)

    for rest in GETS:
        assert body(nomination_id, rest, post=False) == body(absent, rest, post=False)
    for rest in POSTS:
        assert body(nomination_id, rest, post=True) == body(absent, rest, post=True)
    here = client.post(f"/nominations/new/{household_id}")
    nowhere = client.post(f"/nominations/new/{absent}")
    assert here.status_code == nowhere.status_code == 404
    assert without_token(here.text) == without_token(nowhere.text)
    assert state_of(nomination_id) is S.SUBMITTED


def test_strangers_see_none_of_it_in_their_lists(client: FlaskClient, db_session: Session) -> None:
    people = cast(caretaker_name="Ibu Aminah")
    nominate(people)
    for who, traits in STRANGERS.items():
        if "viewer" in who:
            continue
        with transaction():
            stranger = UserFactory(**traits)
        sign_in(client, stranger)
        for address in ("/nominations/", "/nominations/?status=submitted"):
            assert "Ibu Aminah" not in client.get(address).text


@pytest.mark.parametrize("region", [BUNAKEN, NORTH_SULAWESI, None])
def test_supervisors_of_the_district_the_province_and_the_nation_see_it(
    client: FlaskClient, db_session: Session, region: str | None
) -> None:
    people = cast(caretaker_name="Ibu Aminah")
    nomination_id = nominate(people)
    with transaction():
        above = UserFactory(supervisor=True, region=region)
    sign_in(client, above)
    assert "Ibu Aminah" in client.get("/nominations/").text
    assert client.get(f"/nominations/{nomination_id}").status_code == 200


def test_nobody_gets_in_without_signing_in(client: FlaskClient, db_session: Session) -> None:
    nomination_id = nominate(cast())
    for address in ("/nominations/", f"/nominations/{nomination_id}"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/login" in answer.location
    answer = client.post(f"/nominations/{nomination_id}/decide")
    assert answer.status_code == 307
    assert answer.location.startswith("/login?")
