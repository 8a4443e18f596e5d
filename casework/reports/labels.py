from __future__ import annotations

from flask_babel import lazy_gettext as _

from casework.reports.rules import StatementReason

STATEMENT_REASONS = {
    StatementReason.BETTER_OFF: _("The family is better off than before"),
    StatementReason.FIVE_YEARS: _("More than five years on PKH, and ready"),
    StatementReason.ABOVE_MINIMUM_WAGE: _("Its income is above the minimum wage"),
    StatementReason.PUBLIC_POST: _("A member works for the state or a state company"),
}
