"""Photos of meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meeting_photo",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("height", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("upload_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_by_name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_id", "meeting_id"],
            ["meeting.area_id", "meeting.id"],
            name=op.f("fk_meeting_photo_area_id_meeting_id"),
        ),
        sa.PrimaryKeyConstraint("area_id", "meeting_id", "id", name=op.f("pk_meeting_photo")),
        info={"kind": "distributed"},
    )
    op.create_index(
        "ix_meeting_photo_area_id_upload_sha256", "meeting_photo", ["area_id", "upload_sha256"]
    )


def downgrade() -> None:
    op.drop_table("meeting_photo")
