"""Whom a checked roster leaves out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    jsonb = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    column = sa.JSON(none_as_null=True).with_variant(jsonb, "postgresql")
    op.add_column("roster_import", sa.Column("missing", column, nullable=True))


def downgrade() -> None:
    op.drop_column("roster_import", "missing")
