"""Follow-up visits after graduation, and observations that such a visit takes back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_STANDING = sa.text("is_slipping AND is_current")
_OBSERVATION = sa.table(
    "observation", sa.column("taken_back_at", sa.DateTime(timezone=True))
)


def upgrade() -> None:
    op.add_column(
        "observation", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "follow_up_visit",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("unable", sa.String(length=32), nullable=True),
        sa.Column("livelihood", sa.String(length=32), nullable=True),
        sa.Column("shocks", _JSON, nullable=False),
        sa.Column("observation_id", sa.Uuid(), nullable=True),
        sa.Column("next_step", sa.String(length=32), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("signs", _JSON, nullable=False),
        sa.Column("is_slipping", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_by_name", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(unable IS NULL) = (livelihood IS NOT NULL)"
            " AND (unable IS NULL) = (next_step IS NOT NULL)",
            name=op.f("ck_follow_up_visit_met_or_unable"),
        ),
        *(
            sa.ForeignKeyConstraint(
                ["area_id", f"{table}_id"],
                [f"{table}.area_id", f"{table}.id"],
                name=op.f(f"fk_follow_up_visit_area_id_{table}_id"),
            )
            for table in ("household", "nomination", "observation")
        ),
        sa.PrimaryKeyConstraint("area_id", "id", name=op.f("pk_follow_up_visit")),
        info={"kind": "distributed"},
    )
    op.create_index(
        "ix_follow_up_visit_area_id_nomination_id_visited_on",
        "follow_up_visit",
        ["area_id", "nomination_id", "visited_on"],
    )
    op.create_index(
        "uq_follow_up_visit_area_id_corrects_id",
        "follow_up_visit",
        ["area_id", "corrects_id"],
        unique=True,
    )
    op.create_index(
        "ix_follow_up_visit_area_id_slipping",
        "follow_up_visit",
        ["area_id", "visited_on", "id"],
        postgresql_where=_STANDING,
        sqlite_where=_STANDING,
    )
    op.create_index(
        "ix_nomination_area_id_household_id", "nomination", ["area_id", "household_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_nomination_area_id_household_id", "nomination")
    op.drop_table("follow_up_visit")
    # What a correction took back was wrong: it must not count again once nobody can tell.
    op.execute(sa.delete(_OBSERVATION).where(_OBSERVATION.c.taken_back_at.is_not(None)))
    # Not as a batch: that would make the table anew, and others refer to its rows.
    op.drop_column("observation", "taken_back_at")
