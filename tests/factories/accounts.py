"""People of every role, and how a test signs them in."""

from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.alchemy import SQLAlchemyModelFactory
from flask.testing import FlaskClient

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts.actions.sign_in import begin_session
from casework.accounts.models import User
from casework.accounts.passwords import hash_password
from casework.accounts.queries.identity import actor_of
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from tests.factories.places import BUNAKEN, MANADO, ensure_region
from tests.scenes import scene

#: Of everybody whom `with_password` made.
PASSWORD = "perahu-biru-di-dermaga"

LONG_AGO = datetime(2025, 1, 6, tzinfo=UTC)


class UserFactory(SQLAlchemyModelFactory):
    """A facilitator of Bunaken unless told otherwise. Use within `with transaction():`, or
    commit afterwards."""

    class Meta:
        model = User
        sqlalchemy_session = db.session
        # At once, so that what refers to the person can follow.
        sqlalchemy_session_persistence = "flush"

    class Params:
        region = BUNAKEN
        with_password = factory.Trait(
            password_hash=factory.LazyFunction(lambda: hash_password(PASSWORD))
        )
        supervisor = factory.Trait(role=Role.SUPERVISOR, region=MANADO)
        administrator = factory.Trait(role=Role.ADMINISTRATOR, region=MANADO)
        viewer = factory.Trait(role=Role.VIEWER, region=MANADO)

    id = factory.LazyFunction(new_id)
    username = factory.Sequence(lambda n: f"orang{n}")
    name = factory.Faker("name", locale="id_ID")
    job_title = ""
    employee_number = ""
    role = Role.FACILITATOR
    role_since = LONG_AGO
    region_code = factory.LazyAttribute(lambda user: ensure_region(user.region))
    locale = "id"
    password_hash = None
    is_active = True
    created_at = LONG_AGO


def actor_for(user: User) -> Actor:
    """The person as actions know her; the user must be flushed or committed."""
    actor = actor_of(user.username)
    assert actor is not None, f"{user.username} is not active"
    return actor


@scene
def _begin_session(user: User) -> tuple[Actor, str]:
    with transaction():
        actor = actor_for(user)
        return actor, begin_session(actor, "a test")


def sign_in(client: FlaskClient, user: User) -> Actor:
    """Let this browser be signed in, as after the login page but without its password.

    Needs the application context of `db_session`; commit the user first.
    """
    actor, token = _begin_session(user)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
        cookie["seen"] = int(clock.now().timestamp())
    return actor
