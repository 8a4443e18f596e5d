from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from casework.access.roles import Role
from casework.core.db import Base, TableKind, table


class User(Base):
    __tablename__ = "user_account"
    __table_args__ = table(TableKind.REFERENCE)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Lower case; what the person types.
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    #: Official title ("Penata Layanan Operasional") and NIP as printed under reports: they are
    #: renamed every few years, so they are text.
    job_title: Mapped[str] = mapped_column(String(120), default="")
    employee_number: Mapped[str] = mapped_column(String(32), default="")
    role: Mapped[Role]
    role_since: Mapped[datetime]
    #: When the person stopped being a facilitator, the last time; null for who never was one.
    facilitated_until: Mapped[datetime | None]
    #: Null for the whole nation.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    locale: Mapped[str] = mapped_column(String(2), default="id")
    #: argon2id; null until the person has set a password by the activation link.
    password_hash: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class LoginSession(Base):
    """One browser where somebody is signed in; ending it here ends it there."""

    __tablename__ = "login_session"
    __table_args__ = table(
        TableKind.LOCAL, Index("ix_login_session_user_id_created_at", "user_id", "created_at")
    )

    #: SHA-256 of the token in the cookie: a stolen table opens no door.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class Activation(Base):
    """A link with which one person sets the own password, once, within a day."""

    __tablename__ = "activation"
    __table_args__ = table(TableKind.LOCAL)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginThrottle(Base):
    """Failed sign-ins that still weigh: slows down, never locks out."""

    __tablename__ = "login_throttle"
    __table_args__ = table(TableKind.LOCAL)

    #: Keyed hash of whose tries these are: account and network, each alone, a browser, a login.
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    failures: Mapped[int]
    #: Where one after the other is forgotten (`throttle.Leaking`): up to when that is reckoned.
    last_failed_at: Mapped[datetime]
