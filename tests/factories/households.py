"""Households with sealed numbers, groups, and who belongs where since when.

Use within `with transaction():`, or commit afterwards.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.alchemy import SQLAlchemyModelFactory

from casework.accounts.models import User
from casework.core.db import db
from casework.core.ids import new_id
from casework.households.models import Assignment, Group, Household, Membership, RegisteredNik
from casework.households.queries import numbers
from casework.households.rules import HouseholdStatus
from tests.factories.places import MOLAS, area_of, ensure_region

#: Since when memberships and assignments of the factories hold.
SINCE = date(2025, 1, 6)
MADE_AT = datetime(2025, 1, 6, 2, tzinfo=UTC)


class _Case(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session = db.session
        # At once, so that rows that refer to it can follow.
        sqlalchemy_session_persistence = "flush"


def synthetic_nik(n: int) -> str:
    """A number that no office ever gives out: region 99 does not exist. Born in March, a
    woman (day + 40)."""
    return f"9971015203{(60 + n // 10000) % 100:02d}{n % 10000:04d}"


def synthetic_no_kk(n: int) -> str:
    return f"9971011201{(10 + n // 10000) % 100:02d}{n % 10000:04d}"


class HouseholdFactory(_Case):
    """`village`, `nik`, `no_kk` and `address` are given in clear and stored as the product
    stores them; the caller keeps the clear ones."""

    class Meta:
        model = Household

    class Params:
        village = MOLAS
        # Not the first ones: tests write those themselves, and each is one family's.
        nik = factory.Sequence(lambda n: synthetic_nik(n + 5000))
        no_kk = factory.Sequence(synthetic_no_kk)
        address = "Lingkungan III RT 02"
        sealed = factory.LazyAttribute(
            lambda h: numbers.seal(h.id, nik=h.nik, no_kk=h.no_kk, address=h.address)
        )

    id = factory.LazyFunction(new_id)
    village_code = factory.LazyAttribute(lambda h: ensure_region(h.village))
    area_id = factory.LazyAttribute(lambda h: area_of(h.village_code))
    status = HouseholdStatus.ACTIVE
    caretaker_name = factory.Faker("name_female", locale="id_ID")
    caretaker_born_on = date(1985, 3, 12)
    nik_sealed = factory.LazyAttribute(lambda h: h.sealed.nik_sealed)
    nik_index = factory.LazyAttribute(lambda h: h.sealed.nik_index)
    no_kk_sealed = factory.LazyAttribute(lambda h: h.sealed.no_kk_sealed)
    no_kk_index = factory.LazyAttribute(lambda h: h.sealed.no_kk_index)
    address_sealed = factory.LazyAttribute(lambda h: h.sealed.address_sealed)
    primary_school = 1
    first_stage = "2025-1"
    last_stage = "2026-1"
    member_since_year = 2021
    created_at = MADE_AT
    updated_at = MADE_AT

    @classmethod
    def _create(cls, model_class: type[Household], *args: object, **kwargs: object) -> Household:
        """Registered, as every household is that no move has closed."""
        made: Household = super()._create(model_class, *args, **kwargs)
        if made.status is not HouseholdStatus.MOVED:
            registered = RegisteredNik(
                nik_index=made.nik_index, area_id=made.area_id, household_id=made.id
            )
            db.session.add(registered)
            db.session.flush()
        return made


class GroupFactory(_Case):
    class Meta:
        model = Group

    class Params:
        village = MOLAS

    id = factory.LazyFunction(new_id)
    village_code = factory.LazyAttribute(lambda g: ensure_region(g.village))
    area_id = factory.LazyAttribute(lambda g: area_of(g.village_code))
    name = factory.Sequence(lambda n: f"Melati {n + 1}")
    meeting_place = "Rumah Ibu Sarah"
    leader_id = None
    created_at = MADE_AT
    closed_on = None


class MembershipFactory(_Case):
    """`MembershipFactory(household=..., group=...)`; makes both where they are not given."""

    class Meta:
        model = Membership
        exclude = ("household", "group")

    group = factory.SubFactory(GroupFactory)
    household = factory.SubFactory(
        HouseholdFactory, village=factory.SelfAttribute("..group.village_code")
    )
    area_id = factory.LazyAttribute(lambda m: m.group.area_id)
    household_id = factory.LazyAttribute(lambda m: m.household.id)
    group_id = factory.LazyAttribute(lambda m: m.group.id)
    from_on = SINCE
    to_on = None


class AssignmentFactory(_Case):
    """`AssignmentFactory(group=..., facilitator=...)`."""

    class Meta:
        model = Assignment
        exclude = ("group", "facilitator")

    group = factory.SubFactory(GroupFactory)
    facilitator: User
    area_id = factory.LazyAttribute(lambda a: a.group.area_id)
    group_id = factory.LazyAttribute(lambda a: a.group.id)
    facilitator_id = factory.LazyAttribute(lambda a: a.facilitator.id)
    from_on = SINCE
    to_on = None


def group_with(facilitator: User | None, households: int = 3, **group: object) -> Group:
    """A group in that facilitator's care (nobody's for None), with so many households."""
    made: Group = GroupFactory(**group)
    if facilitator is not None:
        AssignmentFactory(group=made, facilitator=facilitator)
    MembershipFactory.create_batch(households, group=made)
    return made
