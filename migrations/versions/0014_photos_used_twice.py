"""What a file is known by when it comes again for another family."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence", sa.Column("upload_sha256", sa.LargeBinary(32), nullable=True))
    op.add_column("evidence", sa.Column("likeness", sa.LargeBinary(64), nullable=True))
    op.create_index("ix_evidence_upload_sha256", "evidence", ["upload_sha256"])


def downgrade() -> None:
    op.drop_index("ix_evidence_upload_sha256", "evidence")
    op.drop_column("evidence", "likeness")
    op.drop_column("evidence", "upload_sha256")
