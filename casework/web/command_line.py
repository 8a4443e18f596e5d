"""What commands take and what they refuse, in one line and with one exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from casework.core.errors import CaseworkError
from casework.core.typed import is_writable


class Stop(click.ClickException):
    """Nothing was done, and why; the status is that of a command not given rightly."""

    exit_code = 2


class _Text(click.types.StringParamType):
    """A byte that is no UTF-8 reaches Python as half a pair of surrogates, which a database
    refuses at best, and at worst keeps for ever in a row that no page can show."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text: str = super().convert(value, param, ctx)
        if not is_writable(text):
            self.fail(
                _(
                    "It holds letters that are not UTF-8. Set the terminal to UTF-8, or type them"
                    " again."
                ),
                param,
                ctx,
            )
        return text


#: The type of every option and argument that takes text.
TEXT = _Text()


@contextmanager
def refusals() -> Iterator[None]:
    try:
        yield
    except CaseworkError as error:
        raise Stop(str(error)) from None
    except DataError as error:
        raise Stop(
            _(
                "The database does not take what was given: %(reason)s.",
                reason=str(error.orig).strip().splitlines()[0],
            )
        ) from None
    except (OperationalError, ProgrammingError) as error:
        raise Stop(
            _(
                "The database cannot be used: %(reason)s. Has it been prepared? flask db upgrade",
                reason=str(error.orig).strip().splitlines()[0],
            )
        ) from None
