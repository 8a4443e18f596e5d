"""What phones say of a meeting, and which version each mark is of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    op.add_column(
        "meeting", sa.Column("differing", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "meeting",
        sa.Column("is_head_differing", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    # Of two first saves at once, one could fail over the second unique index; the key says the
    # same, for the id is made of group and day.
    op.drop_index("uq_meeting_area_id_group_id_held_on", "meeting")
    op.create_index(
        "ix_meeting_area_id_group_id_held_on", "meeting", ["area_id", "group_id", "held_on"]
    )
    # No phone has seen a register from before this, so of which version its marks are matters
    # to nobody.
    op.add_column(
        "attendance", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.create_table(
        "register_claim",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", _JSON, nullable=True),
        sa.Column("marks", _JSON, nullable=False),
        sa.Column("said_by", sa.Uuid(), nullable=False),
        sa.Column("said_by_name", sa.String(length=120), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id", "meeting_id"],
            ["meeting.area_id", "meeting.id"],
            name=op.f("fk_register_claim_area_id_meeting_id"),
        ),
        sa.PrimaryKeyConstraint("area_id", "meeting_id", "id", name=op.f("pk_register_claim")),
        info={"kind": "distributed"},
    )


def downgrade() -> None:
    op.drop_table("register_claim")
    op.drop_column("attendance", "version")
    op.drop_index("ix_meeting_area_id_group_id_held_on", "meeting")
    op.create_index(
        "uq_meeting_area_id_group_id_held_on",
        "meeting",
        ["area_id", "group_id", "held_on"],
        unique=True,
    )
    op.drop_column("meeting", "is_head_differing")
    op.drop_column("meeting", "differing")
