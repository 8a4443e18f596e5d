"""Saving what a form says, the same way on every page that records one thing."""

from __future__ import annotations

from collections.abc import Callable

from casework.core.transaction import transaction
from casework.web.flashes import Kind, flash
from casework.web.forms import CaseworkForm, refusals_on


def save_sent(form: CaseworkForm, save: Callable[[], str]) -> bool:
    """Save what was sent, in a transaction of its own; what `save` says of it is told on the next
    page. False where nothing was sent, or it cannot be saved, which the form then says."""
    if not form.validate_on_submit():
        return False
    done = ""
    with refusals_on(form), transaction():
        done = save()
    if form.has_problems:
        return False
    flash(Kind.DONE, done)
    return True
