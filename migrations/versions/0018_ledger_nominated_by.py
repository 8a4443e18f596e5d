"""The ledger says whose work a graduation is, and what is behind a figure is read from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_NOMINATED = "ck_ledger_entry_nominated"
_OF_A_PLACE = "ix_ledger_entry_area_id_year_kind_state"
_BEHIND = "ix_ledger_entry_behind"
_OF_A_PERSON = "ix_ledger_entry_nominated_by_year_state"
_PUT_FORWARD = "ix_nomination_nominated_by"


def upgrade() -> None:
    op.add_column("ledger_entry", sa.Column("nominated_by", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE ledger_entry SET nominated_by = (SELECT nomination.nominated_by FROM nomination"
        " WHERE nomination.area_id = ledger_entry.area_id"
        " AND nomination.id = ledger_entry.nomination_id) WHERE nomination_id IS NOT NULL"
    )
    # Nothing refers to the ledger's rows, so that its table may be made anew.
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.create_check_constraint(
            op.f(_NOMINATED), "(nomination_id IS NULL) = (nominated_by IS NULL)"
        )
    op.drop_index(_OF_A_PLACE, "ledger_entry")
    op.create_index(
        _BEHIND,
        "ledger_entry",
        ["area_id", "year", "kind", "state", "entered_at", "id"],
        postgresql_include=["village_code", "nominated_by", "amount"],
    )
    op.create_index(
        _OF_A_PERSON,
        "ledger_entry",
        ["nominated_by", "year", "state"],
        postgresql_include=["amount"],
    )
    op.drop_index(_PUT_FORWARD, "nomination")


def downgrade() -> None:
    op.create_index(_PUT_FORWARD, "nomination", ["nominated_by", "area_id"])
    op.drop_index(_OF_A_PERSON, "ledger_entry")
    op.drop_index(_BEHIND, "ledger_entry")
    op.create_index(_OF_A_PLACE, "ledger_entry", ["area_id", "year", "kind", "state"])
    with op.batch_alter_table("ledger_entry") as ledger:
        ledger.drop_constraint(op.f(_NOMINATED), type_="check")
        ledger.drop_column("nominated_by")
