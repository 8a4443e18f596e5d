"""Batches to the ministry, what it answers, and families that graduate."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = ("draft", "submitted", "returned", "approved")
_ONE_OPEN = "uq_nomination_area_id_household_id_open"
_ONE_PRESENT = "uq_membership_area_id_household_id_open"


def _open_index(statuses: tuple[str, ...]) -> None:
    where = sa.text("status IN (" + ", ".join(f"'{status}'" for status in statuses) + ")")
    op.create_index(
        _ONE_OPEN,
        "nomination",
        ["area_id", "household_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def _present_index(condition: str) -> None:
    where = sa.text(condition)
    op.create_index(
        _ONE_PRESENT,
        "membership",
        ["area_id", "household_id"],
        unique=True,
        postgresql_where=where,
        sqlite_where=where,
    )


def upgrade() -> None:
    op.drop_index(_ONE_OPEN, "nomination")
    _open_index((*_OPEN, "forwarded"))
    op.add_column(
        "membership",
        sa.Column("by_graduation", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.drop_index(_ONE_PRESENT, "membership")
    _present_index("to_on IS NULL OR by_graduation")
    op.create_table(
        "ministry_batch",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("letter_number", sa.String(length=80), nullable=False),
        sa.Column("letter_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_by_name", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area_id", "id", name=op.f("pk_ministry_batch")),
        info={"kind": "distributed"},
    )
    op.create_index(
        "uq_ministry_batch_area_id_year_number",
        "ministry_batch",
        ["area_id", "year", "number"],
        unique=True,
    )
    op.create_table(
        "batch_entry",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("stage", sa.String(length=6), nullable=True),
        sa.Column("refusal", sa.String(length=1000), nullable=True),
        sa.Column("outcome_by", sa.Uuid(), nullable=True),
        sa.Column("outcome_by_name", sa.String(length=120), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.Column("reversed_by_name", sa.String(length=120), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversal_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(outcome_at IS NULL) = (outcome_by IS NULL)"
            " AND (outcome_at IS NULL) = (outcome_by_name IS NULL)"
            " AND (outcome_at IS NULL) = (stage IS NULL AND refusal IS NULL)"
            " AND (stage IS NULL OR refusal IS NULL)",
            name=op.f("ck_batch_entry_outcome_whole"),
        ),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)"
            " AND (reversed_at IS NULL) = (reversal_reason IS NULL)"
            " AND (reversed_at IS NULL OR stage IS NOT NULL)",
            name=op.f("ck_batch_entry_reversal_whole"),
        ),
        sa.CheckConstraint(
            "reversed_by IS NULL OR reversed_by <> outcome_by",
            name=op.f("ck_batch_entry_not_by_the_recorder"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id", "nomination_id"],
            ["nomination.area_id", "nomination.id"],
            name=op.f("fk_batch_entry_area_id_nomination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["area_id", "batch_id"],
            ["ministry_batch.area_id", "ministry_batch.id"],
            name=op.f("fk_batch_entry_area_id_batch_id"),
        ),
        sa.PrimaryKeyConstraint("area_id", "nomination_id", name=op.f("pk_batch_entry")),
        info={"kind": "distributed"},
    )
    op.create_index(
        "uq_batch_entry_area_id_batch_id_position",
        "batch_entry",
        ["area_id", "batch_id", "position"],
        unique=True,
    )
    op.create_table(
        "outcome_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_file")),
        info={"kind": "local"},
    )
    op.create_index(
        "ix_outcome_file_uploaded_by_uploaded_at", "outcome_file", ["uploaded_by", "uploaded_at"]
    )


def downgrade() -> None:
    """What the ministry answered is lost. What it has or may still establish counts as approved,
    as it does here; what it refused or what was reversed counts in nothing, as if withdrawn."""
    op.drop_table("outcome_file")
    op.drop_table("batch_entry")
    op.drop_table("ministry_batch")
    op.drop_index(_ONE_OPEN, "nomination")
    for table, column in (
        ("nomination", "status"),
        ("nomination_event", "from_status"),
        ("nomination_event", "to_status"),
    ):
        op.execute(
            f"UPDATE {table} SET {column} = 'approved'"  # noqa: S608 - both stand above
            f" WHERE {column} IN ('forwarded', 'established')"
        )
        op.execute(
            f"UPDATE {table} SET {column} = 'withdrawn'"  # noqa: S608
            f" WHERE {column} IN ('refused', 'reversed')"
        )
    _open_index(_OPEN)
    op.drop_index(_ONE_PRESENT, "membership")
    op.drop_column("membership", "by_graduation")
    _present_index("to_on IS NULL")
