"""A register that was called off: when, by whom, why, and to which day it was moved."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_MEETING = sa.table("meeting", sa.column("status", sa.String()))


def upgrade() -> None:
    op.create_table(
        "meeting_called_off",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("called_off_by", sa.Uuid(), nullable=False),
        sa.Column("called_off_by_name", sa.String(length=120), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id", "meeting_id"],
            ["meeting.area_id", "meeting.id"],
            name=op.f("fk_meeting_called_off_area_id_meeting_id"),
        ),
        sa.PrimaryKeyConstraint(
            "area_id", "meeting_id", "version", name=op.f("pk_meeting_called_off")
        ),
        info={"kind": "distributed"},
    )


def downgrade() -> None:
    """Why registers were called off is lost. They become drafts: the release before knows no
    state but that one which does not count."""
    op.execute(
        sa.update(_MEETING).where(_MEETING.c.status == "called_off").values(status="draft")
    )
    op.drop_table("meeting_called_off")
