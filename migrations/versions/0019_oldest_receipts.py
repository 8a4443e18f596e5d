"""Receipts that are old enough to go are found by their age."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OF_AN_OWNER = "ix_sync_receipt_area_id_owner_id_received_at"
_BY_AGE = "ix_sync_receipt_area_id_received_at"


def upgrade() -> None:
    op.drop_index(_OF_AN_OWNER, "sync_receipt")
    op.create_index(_BY_AGE, "sync_receipt", ["area_id", "received_at"])


def downgrade() -> None:
    op.drop_index(_BY_AGE, "sync_receipt")
    op.create_index(_OF_AN_OWNER, "sync_receipt", ["area_id", "owner_id", "received_at"])
