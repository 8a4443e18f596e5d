"""Epochs of a server that was put back to a backup, and files rescued from phones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "epoch",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_epoch")),
        info={"kind": "reference"},
    )
    op.add_column("register_claim", sa.Column("versions_before", _JSON, nullable=True))
    op.create_table(
        "rescue_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("brought_by", sa.Uuid(), nullable=False),
        sa.Column("brought_by_name", sa.String(length=120), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_file")),
        info={"kind": "local"},
    )
    op.create_index(
        "ix_rescue_file_owner_id_brought_at", "rescue_file", ["owner_id", "brought_at"]
    )


def downgrade() -> None:
    op.drop_table("rescue_file")
    op.drop_column("register_claim", "versions_before")
    op.drop_table("epoch")
