"""The tally by month, beside the one by year."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INDEX = "ix_tally_month_year_month_kind_state"
_ENTRY = sa.table(
    "ledger_entry",
    *(sa.column(name) for name in ("area_id", "year", "kind", "state", "amount", "entered_at")),
    sa.column("counted_on", sa.Date()),
)


def upgrade() -> None:
    tally = op.create_table(
        "tally_month",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "area_id", "year", "month", "kind", "state", name=op.f("pk_tally_month")
        ),
        info={"kind": "distributed"},
    )
    op.create_index(_INDEX, "tally_month", ["year", "month", "kind", "state"])
    # What was counted before there were months is all in the ledger.
    month = sa.cast(sa.extract("month", _ENTRY.c.counted_on), sa.SmallInteger())
    key = [_ENTRY.c.area_id, _ENTRY.c.year, month, _ENTRY.c.kind, _ENTRY.c.state]
    sums = sa.select(*key, sa.func.sum(_ENTRY.c.amount), sa.func.max(_ENTRY.c.entered_at))
    op.execute(
        sa.insert(tally).from_select(
            ["area_id", "year", "month", "kind", "state", "counted", "updated_at"],
            sums.group_by(*key),
        )
    )


def downgrade() -> None:
    op.drop_index(_INDEX, "tally_month")
    op.drop_table("tally_month")
