"""Since when phones differ over a meeting: the supervisor may settle it after a while."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_UNSETTLED = sa.text("differs_since IS NOT NULL")
_INDEXES = {
    "ix_meeting_area_id_group_id_unsettled": ["area_id", "group_id", "held_on"],
    "ix_meeting_area_id_differs_since": ["area_id", "differs_since", "id"],
}


def upgrade() -> None:
    op.add_column("meeting", sa.Column("differs_since", sa.DateTime(timezone=True), nullable=True))
    # Never earlier than it was, so that no facilitator has less time than the rule gives her;
    # `flask meetings recount --repair` sets it to the claim itself.
    op.execute(
        "UPDATE meeting SET differs_since = coalesce("
        "(SELECT max(received_at) FROM register_claim"
        " WHERE register_claim.area_id = meeting.area_id"
        " AND register_claim.meeting_id = meeting.id), recorded_at)"
        " WHERE differing > 0 OR is_head_differing"
    )
    for name, columns in _INDEXES.items():
        op.create_index(
            name, "meeting", columns, sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED
        )


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "meeting")
    op.drop_column("meeting", "differs_since")
