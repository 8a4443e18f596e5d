"""What was taken back since a day is found: public figures stand as they did at the month's end."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TAKEN_BACK = "ix_ledger_entry_taken_back"
_WHERE = sa.text("amount < 0")


def upgrade() -> None:
    op.create_index(
        _TAKEN_BACK,
        "ledger_entry",
        ["entered_at"],
        postgresql_where=_WHERE,
        sqlite_where=_WHERE,
    )


def downgrade() -> None:
    op.drop_index(_TAKEN_BACK, "ledger_entry")
