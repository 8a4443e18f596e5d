"""What commands refuse, in one line and with one exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, ProgrammingError

from casework.core.errors import CaseworkError


class Stop(click.ClickException):
    """Nothing was done, and why; the status is that of a command not given rightly."""

    exit_code = 2


@contextmanager
def refusals() -> Iterator[None]:
    try:
        yield
    except CaseworkError as error:
        raise Stop(str(error)) from None
    except (OperationalError, ProgrammingError) as error:
        raise Stop(
            _(
                "The database cannot be used: %(reason)s. Has it been prepared? flask db upgrade",
                reason=str(error.orig).strip().splitlines()[0],
            )
        ) from None
