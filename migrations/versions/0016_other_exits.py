"""Exits that are no graduasi mandiri, counted in the ledger as their own kinds."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ONE_PRESENT = "uq_membership_area_id_household_id_open"
_BY_EXIT = "uq_ledger_entry_area_id_exit_id_state_amount"
_CAUSE = "ck_ledger_entry_kind_by_cause"
_KIND_BY_CAUSE = (
    "(kind = 'independent') = (nomination_id IS NOT NULL)"
    " AND (kind = 'independent') = (exit_id IS NULL)"
    " AND (kind = 'independent') = (state <> 'recorded')"
)


def _present_index(condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        _ONE_PRESENT,
        "membership",
        ["area_id", "household_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def upgrade() -> None:
    op.drop_index(_ONE_PRESENT, "membership")
    op.alter_column("membership", "by_graduation", new_column_name="by_exit")
    _present_index("to_on IS NULL OR by_exit")
    # Nothing refers to the ledger's rows, so that its table may be made anew.
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.alter_column("nomination_id", existing_type=sa.Uuid(), nullable=True)
        ledger.add_column(sa.Column("exit_id", sa.Uuid(), nullable=True))
        ledger.create_check_constraint(op.f(_CAUSE), _KIND_BY_CAUSE)
    op.create_index(
        _BY_EXIT, "ledger_entry", ["area_id", "exit_id", "state", "amount"], unique=True
    )
    op.create_table(
        "household_exit",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("stage", sa.String(length=6), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.Column("reversed_by_name", sa.String(length=120), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "kind <> 'independent'", name=op.f("ck_household_exit_not_by_nomination")
        ),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)"
            " AND (reversed_at IS NULL) = (reversed_by_name IS NULL)"
            " AND (reversed_at IS NULL) = (reversal_reason IS NULL)",
            name=op.f("ck_household_exit_reversal_whole"),
        ),
        sa.CheckConstraint(
            "reversed_by IS NULL OR reversed_by <> recorded_by",
            name=op.f("ck_household_exit_not_by_the_recorder"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id", "household_id"],
            ["household.area_id", "household.id"],
            name=op.f("fk_household_exit_area_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("area_id", "id", name=op.f("pk_household_exit")),
        info={"kind": "distributed"},
    )
    stands = sa.text("reversed_at IS NULL")
    op.create_index(
        "uq_household_exit_area_id_household_id_stage",
        "household_exit",
        ["area_id", "household_id", "stage"],
        unique=True,
        postgresql_where=stands,
        sqlite_where=stands,
    )
    op.create_index(
        "ix_household_exit_area_id_household_id", "household_exit", ["area_id", "household_id"]
    )


def downgrade() -> None:
    """Why and how families left is lost, and their counts with it; that they left stays."""
    for table in ("ledger_entry", "tally", "tally_month"):
        op.execute(f"DELETE FROM {table} WHERE kind <> 'independent'")  # noqa: S608 - stands above
    op.drop_table("household_exit")
    op.drop_index(_BY_EXIT, "ledger_entry")
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.drop_constraint(op.f(_CAUSE), type_="check")
        ledger.drop_column("exit_id")
        ledger.alter_column("nomination_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index(_ONE_PRESENT, "membership")
    op.alter_column("membership", "by_exit", new_column_name="by_graduation")
    _present_index("to_on IS NULL OR by_graduation")
