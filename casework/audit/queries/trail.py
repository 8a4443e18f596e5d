"""The trail as an administrator reads it."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, tuple_

from casework.audit.models import AuditEntry
from casework.audit.queries.subjects import about_typed
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.paging import PAGE_SIZE, Cursor, Page


@dataclass(frozen=True, slots=True)
class Filters:
    actor_id: uuid.UUID | None = None
    tag: Tag | None = None
    #: An id, or the end of one.
    subject: str | None = None
    #: From this moment on, and before that one.
    since: datetime | None = None
    until: datetime | None = None


def entries(
    areas: Collection[int] | None, filters: Filters, *, older_than: Cursor | None = None
) -> Page[Row[Any]]:
    """A page of entries, newest first. `areas`: the regencies to read; None: everything, also
    what belongs to no regency."""
    query = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor_id,
            AuditEntry.actor_name,
            AuditEntry.actor_role,
            AuditEntry.tag,
            AuditEntry.subject_type,
            AuditEntry.subject_id,
            AuditEntry.data,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if areas is not None:
        # One value where the region is one regency: then the index gives the order as well.
        only = list(areas)
        query = query.where(
            AuditEntry.area_id == only[0] if len(only) == 1 else AuditEntry.area_id.in_(only)
        )
    if filters.actor_id is not None:
        query = query.where(AuditEntry.actor_id == filters.actor_id)
    if filters.tag is not None:
        query = query.where(AuditEntry.tag == filters.tag.value)
    if filters.subject is not None:
        query = query.where(about_typed(filters.subject))
    if filters.since is not None:
        query = query.where(AuditEntry.at >= filters.since)
    if filters.until is not None:
        query = query.where(AuditEntry.at < filters.until)
    if older_than is not None:
        query = query.where(
            tuple_(AuditEntry.at, AuditEntry.id) < tuple_(older_than.at, older_than.id)
        )
    return Page.of(db.session.execute(query).all())
