"""A word keeps that the meeting was sent with it before a backup was put back."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "register_claim",
        sa.Column("was_sent", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("register_claim") as claim:
        claim.drop_column("was_sent")
