"""The trail is searched by the end of an id, which is what its page shows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_audit_entry_area_id_subject_end",
        "audit_entry",
        ["area_id", sa.text("substr('________' || subject_id, length(subject_id) + 1)")],
    )
    # Whoever knows the whole id knows its end.
    op.drop_index("ix_audit_entry_area_id_subject_id", table_name="audit_entry")


def downgrade() -> None:
    op.create_index("ix_audit_entry_area_id_subject_id", "audit_entry", ["area_id", "subject_id"])
    op.drop_index("ix_audit_entry_area_id_subject_end", table_name="audit_entry")
