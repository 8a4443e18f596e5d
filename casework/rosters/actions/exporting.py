"""A roster of households on its way out: what may leave, and the line of the trail for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import format_decimal, lazy_gettext
from flask_babel.speaklater import LazyString

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import Invalid, Refused
from casework.core.ids import new_id
from casework.core.own_words import OWN_WORDS, says_enough
from casework.core.tables.csv_out import write_csv
from casework.core.tables.xlsx_out import write_xlsx
from casework.regions.queries.lookup import RegionRow, region
from casework.regions.rules import lies_in
from casework.rosters.actions.importing import check_stage
from casework.rosters.policy import numbers_for
from casework.rosters.queries import named_groups
from casework.rosters.queries.exported import Filters, header, rows, widths
from casework.rosters.queries.named_groups import groups_named
from casework.rosters.rules import NamedGroup, NumbersShown, TableFormat

MOST_REASON = 300
_SHEET = "KPM"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. A village is a region, too."""

    region_code: str | None
    format: TableFormat
    numbers: NumbersShown
    filters: Filters = field(default_factory=Filters)
    #: Why full numbers have to leave.
    reason: str = ""


@dataclass(slots=True)
class Export:
    """An export that may take place: write the blocks, then record it, then hand it over.

    The file is complete before anybody gets a byte of it. So its number of rows is known when
    the trail is written, a fault midway never looks like a short roster, and the database does
    not wait for a slow telephone line with a transaction open.
    """

    wanted: Wanted
    #: The person, seeing no more than the region asked for.
    actor: Actor
    place: RegionRow | None
    count: int = 0

    def blocks(self, *, most: int | None = None) -> Iterator[bytes]:
        """The file as it grows; `count` goes with it.

        Raises: Invalid past `most` rows.
        """
        shown, lines = self.wanted.numbers, self._lines(most)
        if self.wanted.format is TableFormat.XLSX:
            return write_xlsx(lines, header(shown), _SHEET, widths=widths(shown))
        return write_csv(lines, header(shown), for_excel=True)

    def _lines(self, most: int | None) -> Iterator[tuple[object, ...]]:
        for line in rows(self.actor, self.wanted.filters, self.wanted.numbers):
            self.count += 1
            if most is not None and self.count > most:
                raise Invalid.field(
                    "region",
                    lazy_gettext(
                        "More than %(most)s families. Choose a smaller region.",
                        most=LazyString(format_decimal, most),
                    ),
                )
            yield line

    @property
    def file_name(self) -> str:
        """Region and day, nothing of anybody in it: kpm-71.71-2026-11-12.csv"""
        where = self.place.code if self.place else "indonesia"
        day = clock.today(self.actor.time_zone)
        return f"kpm-{where}-{day.isoformat()}.{self.wanted.format.value}"


class SharedName(Invalid):
    """Several groups have the name that was given; which is meant, only its giver knows."""

    def __init__(self, name: str, groups: Sequence[NamedGroup]) -> None:
        words = lazy_gettext(
            "%(count)s groups here are called %(name)s. Choose one of them.",
            count=len(groups),
            name=name,
        )
        super().__init__({"which_group": [words]})
        self.groups = groups


def begin(actor: Actor, wanted: Wanted) -> Export:
    """Raises: Invalid for a region that is not there (or not the actor's), a wrong stage, a
    missing reason, a name that several groups have; Refused for numbers this person never
    gets."""
    if wanted.numbers not in numbers_for(actor):
        raise Refused(lazy_gettext("You may not export NIK and No KK this way."))
    reason = wanted.reason.strip()
    if wanted.numbers is not NumbersShown.FULL:
        reason = ""
    elif not says_enough(reason):
        raise Invalid.field(
            "reason",
            lazy_gettext("Write a reason of at least %(least)s letters.", least=OWN_WORDS),
        )
    if wanted.filters.stage:
        check_stage(wanted.filters.stage)
    place, seeing = narrowed(actor, wanted.region_code)
    filters = _of_one_group(seeing, wanted.filters) if wanted.filters.group else wanted.filters
    return Export(replace(wanted, filters=filters, reason=reason[:MOST_REASON]), seeing, place)


def _of_one_group(actor: Actor, filters: Filters) -> Filters:
    """The group that is meant by its name, among several by what was chosen besides.

    Raises: Invalid; SharedName with those to choose from.
    """
    name = filters.group.strip()
    found = groups_named(actor, name)
    if len(found) < 2:
        return replace(filters, group_id=found[0].id if found else None)
    if filters.group_id in {each.id for each in found}:
        return filters
    if len(found) > named_groups.MOST:
        raise Invalid.field(
            "group",
            lazy_gettext(
                "More than %(most)s groups are called %(name)s. Choose a smaller region.",
                most=named_groups.MOST,
                name=name,
            ),
        )
    raise SharedName(name, found)


def narrowed(actor: Actor, region_code: str | None) -> tuple[RegionRow | None, Actor]:
    """The region and the actor as if it were hers; the own one for None.

    Raises: Invalid, in the same words for a region elsewhere and for one that never was.
    """
    own = actor.region_code
    wanted = region_code or own
    if wanted is None:
        return None, actor
    place = region(wanted)
    if place is None or not lies_in(place.code, own):
        raise Invalid.field(
            "region",
            lazy_gettext("There is no region %(code)s for you.", code=wanted),
        )
    return place, replace(
        actor, region_code=place.code, region_name=place.name, area_id=place.area_id
    )


def record_export(actor: Actor, export: Export) -> None:
    """Before anybody gets the file."""
    wanted = export.wanted
    filters = {
        "status": wanted.filters.status,
        "stage": wanted.filters.stage,
        "readiness": wanted.filters.verdict,
        "group": wanted.filters.group,
        "group_id": wanted.filters.group_id,
    }
    record(
        actor,
        Tag.ROSTER_EXPORTED,
        subject_type="roster",
        subject_id=new_id(),
        area_id=export.actor.area_id,
        region=export.place.code if export.place else "",
        format=wanted.format.value,
        rows=export.count,
        filters={name: str(value) for name, value in filters.items() if value},
        numbers=wanted.numbers.value,
        reason=wanted.reason,
    )
