"""Personal numbers open only for the household and the field they were sealed for."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from casework.core.crypto import Tampered, current_keyring
from casework.core.errors import Conflict
from casework.core.transaction import transaction
from casework.households.actions.status import set_status
from casework.households.models import Household
from casework.households.queries import numbers
from casework.households.queries.numbers import Number
from casework.households.rules import HouseholdStatus
from casework.households.scope import household_for_change
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.households import HouseholdFactory, group_with
from tests.factories.places import BITUNG

NIK, NO_KK = "9971015203850001", "9971011201100001"


@pytest.fixture
def household(db_session: Session) -> Household:
    with transaction():
        made: Household = HouseholdFactory(nik=NIK, no_kk=NO_KK, address="Jalan Raya 1")
    db_session.refresh(made)
    return made


def test_the_numbers_open_again(household: Household) -> None:
    def opened(what: Number) -> str:
        return numbers.read(household.area_id, household.id, what)

    assert opened(Number.NIK) == NIK
    assert opened(Number.NO_KK) == NO_KK
    assert opened(Number.ADDRESS) == "Jalan Raya 1"
    assert numbers.unseal(household.id, Number.ADDRESS, None) == ""


def test_a_number_moved_to_another_field_does_not_open(household: Household) -> None:
    with pytest.raises(Tampered):
        numbers.unseal(household.id, Number.NIK, household.no_kk_sealed)


def test_a_number_moved_to_another_household_does_not_open(household: Household) -> None:
    with transaction():
        other = HouseholdFactory()
    with pytest.raises(Tampered):
        numbers.unseal(other.id, Number.NIK, household.nik_sealed)


def test_a_number_is_found_without_being_stored(household: Household) -> None:
    keyring = current_keyring()
    assert household.nik_index == numbers.nik_index(keyring, NIK)
    assert household.no_kk_index == numbers.no_kk_index(keyring, NO_KK)
    assert numbers.nik_index(keyring, NIK) != numbers.no_kk_index(keyring, NIK)


def test_a_status_moves_only_along_the_programme(household: Household) -> None:
    with transaction():
        supervisor = UserFactory(supervisor=True)
        actor = actor_for(supervisor)
        row = household_for_change(actor, household.id)
        set_status(actor, row, HouseholdStatus.ACTIVE)
        set_status(actor, row, HouseholdStatus.APPROVED)
    with transaction():
        row = household_for_change(actor, household.id)
        set_status(actor, row, HouseholdStatus.ACTIVE)
        with pytest.raises(Conflict):
            set_status(actor, row, HouseholdStatus.GRADUATED)


def test_the_factories_make_a_caseload(db_session: Session) -> None:
    from casework.households.scope import households

    with transaction():
        siti = UserFactory()
        group_with(siti, households=3)
        group_with(None, households=2)
        elsewhere = UserFactory(region=BITUNG)
    assert len(db_session.execute(households(actor_for(siti)).select()).all()) == 3
    assert db_session.execute(households(actor_for(elsewhere)).select()).all() == []
