"""Who graduated, for the wisuda: a list to print, and a certificate for each family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.transaction import transaction
from casework.graduation.rules import nomination_number
from casework.households.rules import is_stage
from casework.regions.queries import lookup
from casework.regions.scope import asked_part
from casework.reports.actions import record_certificates
from casework.reports.forms import CertificateForm
from casework.reports.queries import ceremony as queries
from casework.reports.queries.ceremony import MOST_INVITED, Wanted
from casework.reports.rules import certificate_text
from casework.reports.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/reports/ceremony")
@require(Permission.CEREMONY_PREPARE)
def ceremony() -> ResponseReturnValue:
    """The graduates of a place and some payment stages, by district and village."""
    actor = current_actor()
    stages = queries.stages(actor)
    wanted = _wanted(actor, stages)
    found = queries.graduates(actor, wanted) if wanted else []
    return render_template(
        "reports/ceremony.html",
        stages=stages,
        wanted=wanted,
        families=found,
        most=MOST_INVITED,
        number=_number,
        places=lookup.offered(wanted.region if wanted else None, actor.region_code),
        to_certificates=_address("reports.certificates", wanted) if wanted else "",
    )


@blueprint.route("/reports/ceremony/certificates", methods=["GET", "POST"])
@require(Permission.CEREMONY_PREPARE)
def certificates() -> ResponseReturnValue:
    """One page for each family, ready to be printed. Who made them for whom is written down, so
    it is the answer to a form."""
    actor = current_actor()
    wanted = _wanted(actor, queries.stages(actor))
    if wanted is None:
        raise NotFound
    found = queries.graduates(actor, wanted)
    form = CertificateForm(data={"on": clock.today(actor.time_zone)})
    is_printed = 0 < len(found) <= MOST_INVITED
    if form.validate_on_submit() and is_printed:
        with transaction():
            record_certificates(actor, wanted, found)
        with force_locale("id"):
            return render_template(
                "reports/certificates.html",
                form=form,
                families=_with_words(found),
                text=certificate_text(),
                back=_address("reports.certificates", wanted),
            )
    return render_template(
        "reports/certificates_ask.html",
        form=form,
        families=found,
        most=MOST_INVITED,
        is_printed=is_printed,
        back=_address("reports.ceremony", wanted),
    ), form.status


def _with_words(found: Sequence[Any]) -> list[tuple[Any, str, str]]:
    """Each family with what its certificate says, and with its number."""
    text = certificate_text()
    return [
        (
            each,
            text.says(
                village=each.village_name,
                district=each.district_name,
                regency=each.regency_name,
                stage=each.stage,
            ),
            _number(each),
        )
        for each in found
    ]


def _number(row: Any) -> str:
    return nomination_number(row.number, row.year, row.position)


def _wanted(actor: Actor, stages: Sequence[str]) -> Wanted | None:
    """From the address; without stages there, those of the latest year in which somebody graduated.
    None where nobody did. Raises: NotFound for what no page offers."""
    region = asked_part(actor, request.args.get("region"))
    asked = [request.args.get("first") or "", request.args.get("last") or ""]
    if any(each and not is_stage(each) for each in asked):
        raise NotFound
    if not stages:
        return None
    latest = stages[0]
    of_year = [each for each in stages if each[:4] == latest[:4]]
    first, last = asked[0] or of_year[-1], asked[1] or latest
    return Wanted(min(first, last), max(first, last), region)


def _address(endpoint: str, wanted: Wanted) -> str:
    return url_for(endpoint, first=wanted.first, last=wanted.last, region=wanted.region)
