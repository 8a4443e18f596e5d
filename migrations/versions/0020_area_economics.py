"""How many families of a regency have a business, as it was counted last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
_FIGURES = ("households", "business", "licence", "channel", "loan", "dear")


def upgrade() -> None:
    op.create_table(
        "area_economics",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _FIGURES),
        sa.Column("support", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_area_economics")),
        info={"kind": "distributed"},
    )


def downgrade() -> None:
    op.drop_table("area_economics")
