"""The buttons are written by hand; what they offer is what the table of steps yields."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.graduation.states import DECISIONS, NominationStatus, Step, steps_from
from tests.factories.accounts import sign_in
from tests.factories.graduation import cast, nominate, open_all

S = NominationStatus

#: Words on the button of the nomination's page.
WORDS = {
    "Kirim usulan": Step.SUBMIT,
    "Setujui usulan": Step.APPROVE,
    "Kembalikan untuk dilengkapi": Step.RETURN,
    "Tolak usulan": Step.REJECT,
    "Batalkan usulan": Step.WITHDRAW,
    # Behind it the page asks whether the ministry established or refused it.
    "Catat hasil": Step.ESTABLISH,
    "Batalkan penetapan": Step.REVERSE,
}
#: Whose steps they are. A nomination is forwarded on the page of a batch, with others.
OF_ROLE = {
    "facilitator": {Step.SUBMIT, Step.WITHDRAW},
    "supervisor": set(DECISIONS),
    "colleague": {Step.ESTABLISH, Step.REVERSE},
}


def test_every_step_has_a_button_somewhere() -> None:
    elsewhere = {Step.FORWARD, Step.REFUSE}
    assert set().union(*OF_ROLE.values()) | elsewhere == set(Step)


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("who", OF_ROLE)
def test_each_is_offered_the_own_steps_of_this_state_and_no_other_in_the_order_of_the_table(
    client: FlaskClient, db_session: Session, status: S, who: str
) -> None:
    people = cast()
    nomination_id = nominate(people, status)
    open_all(people.theirs, nomination_id)
    sign_in(client, getattr(people, who))
    page = client.get(f"/nominations/{nomination_id}").text
    offered = re.findall(r"<span>([^<]+)</span></(?:a|button)>", page)
    steps = [WORDS[words] for words in offered if words in WORDS]
    assert steps == [step for step in steps_from(status) if step in OF_ROLE[who]]


@pytest.mark.parametrize("status", [S.DRAFT, S.SUBMITTED, S.RETURNED, S.APPROVED, S.FORWARDED])
def test_to_withdraw_weighs_as_much_as_to_send(
    client: FlaskClient, db_session: Session, status: S
) -> None:
    """Both filled; an outlined one would ask to be overlooked."""
    people = cast()
    nomination_id = nominate(people, status)
    sign_in(client, people.facilitator)
    page = client.get(f"/nominations/{nomination_id}").text
    looks = re.findall(
        r'<(?:a|button) class="(button[^"]*)"[^>]*>(?:(?!</a>|</button>).)*?'
        r"<span>(Kirim|Batalkan) usulan</span>",
        page,
        re.DOTALL,
    )
    filled = {"Kirim": "button", "Batalkan": "button button-danger"}
    assert "Batalkan" in {word for _, word in looks}
    assert all(look == filled[word] for look, word in looks)
