"""What an administrator does with accounts; whose region lies elsewhere does not exist."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext
from sqlalchemy import delete, insert, select

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.accounts import rules
from casework.accounts.actions.login_sessions import end_all
from casework.accounts.models import Activation, User
from casework.accounts.policy import check_not_own, check_place
from casework.accounts.queries.identity import token_hash
from casework.accounts.scope import person_for_change
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, Refused
from casework.core.ids import new_id
from casework.core.upsert import insert_into
from casework.regions.queries import lookup

#: Source: safety row 6.4.1: an initial link works once, for a day.
LINK_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an account says of a person."""

    name: str
    role: Role
    region_code: str | None
    job_title: str = ""
    employee_number: str = ""


class SecondAccount(Invalid):
    """What is to be written has the NIP of another account, `first`, in the regency `area_id`."""

    def __init__(self, username: str, *, first: uuid.UUID, area_id: int | None) -> None:
        message = lazy_gettext(
            "Another account has this NIP. Each person has one account: change the role or the"
            " region there."
        )
        super().__init__({"employee_number": [message]})
        self.username, self.first, self.area_id = username, first, area_id


def add_person(
    actor: Actor, username: str, particulars: Particulars, *, password_hash: str | None = None
) -> uuid.UUID:
    """Raises: Invalid on `username`, `region` or `employee_number`."""
    username = username.strip().lower()
    if not rules.is_username(username):
        raise Invalid.field(
            "username",
            lazy_gettext(
                "Use 3 to 64 small letters, digits, dots, dashes or underscores, beginning with"
                " a letter."
            ),
        )
    area_id = _check_place(actor, particulars)
    _check_only_account(username, particulars.employee_number)
    user_id = new_id()
    now = clock.now()
    added = db.session.scalar(
        insert_into(User)
        .values(
            id=user_id,
            username=username,
            name=particulars.name,
            job_title=particulars.job_title,
            employee_number=particulars.employee_number,
            role=particulars.role,
            role_since=now,
            region_code=particulars.region_code,
            locale="id",
            password_hash=password_hash,
            is_active=True,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[User.username])
        .returning(User.id)
    )
    if added is None:
        raise Invalid.field(
            "username", lazy_gettext("Somebody has this user name already. Choose another one.")
        )
    record(
        actor,
        Tag.ACCOUNT_ADDED,
        subject_type="account",
        subject_id=user_id,
        area_id=area_id,
        username=username,
        role=particulars.role.value,
        region=particulars.region_code,
    )
    return user_id


def change_person(actor: Actor, user_id: uuid.UUID, particulars: Particulars) -> None:
    """A new role or region ends every login session of the person at once.

    Raises: NotFound, Invalid on `region` or `employee_number`, Refused for the own role and region.
    """
    user = person_for_change(actor, user_id)
    area_before = _area_of(user.region_code)
    area_id = _check_place(actor, particulars)
    moved = (user.role, user.region_code) != (particulars.role, particulars.region_code)
    if moved:
        check_not_own(actor, user_id)
    changes = {}
    for field in ("name", "job_title", "employee_number", "role", "region_code"):
        before, after = getattr(user, field), getattr(particulars, field)
        if before != after:
            changes[field] = [before, after]
            setattr(user, field, after)
    if not changes:
        return
    if "employee_number" in changes:
        _check_only_account(user.username, particulars.employee_number)
    if "role" in changes:
        user.role_since = clock.now()
        if changes["role"][0] is Role.FACILITATOR:
            user.facilitated_until = user.role_since
    db.session.flush()
    record(
        actor,
        Tag.ACCOUNT_CHANGED,
        subject_type="account",
        subject_id=user_id,
        area_id=area_id if area_id is not None else area_before,
        changes=changes,
    )
    if moved:
        end_all(actor, user_id, area_id)


def disable(actor: Actor, user_id: uuid.UUID) -> None:
    """Shut a person out, at once and everywhere; nothing of what she did is touched."""
    user = person_for_change(actor, user_id)
    check_not_own(actor, user_id)
    if not user.is_active:
        return
    user.is_active = False
    area_id = _area_of(user.region_code)
    _forget_links(user_id)
    record(
        actor,
        Tag.ACCOUNT_DISABLED,
        subject_type="account",
        subject_id=user_id,
        area_id=area_id,
    )
    end_all(actor, user_id, area_id)


def enable(actor: Actor, user_id: uuid.UUID) -> None:
    user = person_for_change(actor, user_id)
    if user.is_active:
        return
    user.is_active = True
    record(
        actor,
        Tag.ACCOUNT_ENABLED,
        subject_type="account",
        subject_id=user_id,
        area_id=_area_of(user.region_code),
    )


def make_link(actor: Actor, user_id: uuid.UUID) -> str:
    """A token with which the person sets the own password, once, within a day. It is stored
    nowhere but in the link; a link made before stops working."""
    user = person_for_change(actor, user_id)
    if not user.is_active:
        raise Refused(lazy_gettext("This account is disabled. Enable it first."), code="disabled")
    token = secrets.token_urlsafe(32)
    now = clock.now()
    _forget_links(user_id)
    db.session.execute(
        insert(Activation),
        {
            "token_hash": token_hash(token),
            "user_id": user_id,
            "created_at": now,
            "expires_at": now + LINK_LASTS,
        },
    )
    record(
        actor,
        Tag.ACCOUNT_LINK_MADE,
        subject_type="account",
        subject_id=user_id,
        area_id=_area_of(user.region_code),
    )
    return token


def end_sessions(actor: Actor, user_id: uuid.UUID) -> int:
    """Sign a person out everywhere, as after a lost phone; gives in how many browsers."""
    user = person_for_change(actor, user_id)
    return end_all(actor, user_id, _area_of(user.region_code))


def _check_place(actor: Actor, particulars: Particulars) -> int | None:
    """The area the region lies in. Raises: Invalid on `region`."""
    code = particulars.region_code
    check_place(actor, particulars.role, code)
    if code is None:
        return None
    found = lookup.region(code)
    if found is None or found.valid_to is not None:
        raise Invalid.field("region", lazy_gettext("There is no such region."))
    return found.area_id


def _check_only_account(username: str, employee_number: str) -> None:
    """Nobody has two accounts, also not where one is disabled: with the second one she could decide
    on what she made with the first. Accounts are never joined either (docs/decisions/0030).

    Raises: SecondAccount.
    """
    number = rules.bare_number(employee_number)
    if not number:
        return
    others = db.session.execute(
        select(User.id, User.employee_number, User.region_code).where(
            User.employee_number != "", User.username != username
        )
    )
    for first, theirs, region_code in others:
        if number == rules.bare_number(theirs):
            raise SecondAccount(username, first=first, area_id=_area_of(region_code))


def _area_of(region_code: str | None) -> int | None:
    """Number of the regency; None for a province and the nation."""
    found = None if region_code is None else lookup.region(region_code)
    return None if found is None else found.area_id


def _forget_links(user_id: uuid.UUID) -> None:
    db.session.execute(
        delete(Activation).where(Activation.user_id == user_id, Activation.used_at.is_(None))
    )
