"""What everybody does with the own account."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext
from sqlalchemy import select, update

from casework.access.actor import Actor
from casework.accounts import known_browsers, passwords
from casework.accounts.actions.login_sessions import end_all
from casework.accounts.actions.slow_down import Brakes, tidy_when_due
from casework.accounts.models import Activation, User
from casework.accounts.queries import directory
from casework.accounts.queries.identity import actor_of, token_hash
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, NotFound
from casework.core.transaction import transaction


@dataclass(frozen=True, slots=True)
class Known:
    """By what this browser is known again when the person signs in (`known_browsers`)."""

    username: str
    mark: str


def activate(token: str, password: str, *, secret: str) -> Known:
    """Set the password of whom the link was made for; the link then never works again, and
    whoever was signed in to the account is signed out. The browser is known from now on: a link
    is the way in for whom others hold up by guessing.

    Opens its own transaction, for the password is computed before it.
    Raises: NotFound for a link that does not work; Invalid on `password`.
    """
    hashed_token = token_hash(token)
    invited = directory.invited(hashed_token)
    if invited is None:
        raise NotFound
    passwords.check_strength(password, username=invited.username)
    password_hash = passwords.hash_password(password)
    with transaction():
        now = clock.now()
        # The condition decides between two who use the link at the same moment.
        used = db.session.scalar(
            update(Activation)
            .where(
                Activation.token_hash == hashed_token,
                Activation.used_at.is_(None),
                Activation.expires_at > now,
            )
            .values(used_at=now)
            .returning(Activation.user_id)
        )
        actor = None if used is None else actor_of(invited.username)
        if actor is None:
            raise NotFound
        _set_password(actor, password_hash)
        record(
            actor,
            Tag.ACCOUNT_ACTIVATED,
            subject_type="account",
            subject_id=actor.user_id,
            area_id=actor.area_id,
        )
        end_all(actor, actor.user_id, actor.area_id)
    mark = known_browsers.new_mark(invited.username, password_hash, secret=secret)
    return Known(invited.username, mark)


def change_password(
    actor: Actor, *, current: str, password: str, keep_token: str, secret: str
) -> Known:
    """Set another password and sign out everywhere but in this browser (`keep_token`); every
    browser but this one is a stranger's again.

    Opens its own transactions as signing in does, and is slowed down like it, but apart from
    it: a phone left lying open must not be a place to guess the password at, and who guesses
    elsewhere must not keep the owner from changing it.
    Raises: TooMany; Invalid on `current` or `password`.
    """
    tidy_when_due()
    brakes = Brakes.of_login(token_hash(keep_token), secret=secret)
    brakes.check()
    stored = db.session.scalar(select(User.password_hash).where(User.id == actor.user_id))
    is_right = passwords.matches(stored, current)
    with transaction():
        brakes.check_and_hold()  # of many at once, as when signing in
        if is_right:
            brakes.release()
        else:
            brakes.count()
    if not is_right:
        raise Invalid.field("current", lazy_gettext("This is not your present password."))
    passwords.check_strength(password, username=actor.username)
    password_hash = passwords.hash_password(password)
    with transaction():
        _set_password(actor, password_hash)
        record(
            actor,
            Tag.ACCOUNT_PASSWORD_CHANGED,
            subject_type="account",
            subject_id=actor.user_id,
            area_id=actor.area_id,
        )
        end_all(actor, actor.user_id, actor.area_id, keep=token_hash(keep_token))
    mark = known_browsers.new_mark(actor.username, password_hash, secret=secret)
    return Known(actor.username, mark)


def choose_language(actor: Actor, locale: str) -> None:
    """The language that every browser of this person begins with."""
    db.session.execute(update(User).where(User.id == actor.user_id).values(locale=locale))


def _set_password(actor: Actor, password_hash: str) -> None:
    db.session.execute(
        update(User).where(User.id == actor.user_id).values(password_hash=password_hash)
    )
