"""Targets keep their history, facilitators may have one, and what a person nominated is found."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TARGET = sa.table(
    "target",
    sa.column("region_code", sa.String()),
    sa.column("year", sa.SmallInteger()),
    sa.column("kind", sa.String()),
    sa.column("households", sa.Integer()),
    sa.column("set_by", sa.Uuid()),
    sa.column("set_by_name", sa.String()),
    sa.column("set_at", _MOMENT),
)
_BY_WHOM = ("set_by", "set_by_name", "set_at")
_OF_REGIONS = "ix_target_setting_region_code_year_set_at"
_OF_FACILITATORS = "ix_target_setting_facilitator_id_year_set_at"
_NOMINATED = "ix_nomination_nominated_by"


def upgrade() -> None:
    setting = op.create_table(
        "target_setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=True),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_by_name", sa.String(length=120), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "(region_code IS NULL) = (facilitator_id IS NOT NULL)",
            name=op.f("ck_target_setting_one_subject"),
        ),
        sa.CheckConstraint(
            "facilitator_id IS NULL OR kind = 'independent'",
            name=op.f("ck_target_setting_mandiri_only"),
        ),
        sa.CheckConstraint("households >= 0", name=op.f("ck_target_setting_not_negative")),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["user_account.id"],
            name=op.f("fk_target_setting_facilitator_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_setting")),
        info={"kind": "reference"},
    )
    op.create_index(_OF_REGIONS, "target_setting", ["region_code", "year", "set_at"])
    op.create_index(_OF_FACILITATORS, "target_setting", ["facilitator_id", "year", "set_at"])
    # What was set before the last time stands in the trail alone.
    known = op.get_bind().execute(sa.select(_TARGET)).mappings().all()
    op.bulk_insert(setting, [{"id": uuid.uuid4(), **row} for row in known])
    # Not as a batch, as below: plain columns, which either database drops by itself.
    for name in _BY_WHOM:
        op.drop_column("target", name)
    op.create_index(_NOMINATED, "nomination", ["nominated_by", "area_id"])


def downgrade() -> None:
    """The history of targets is lost, but for who set those of today; facilitators have theirs
    from the programme alone."""
    op.drop_index(_NOMINATED, "nomination")
    op.add_column("target", sa.Column("set_by", sa.Uuid(), nullable=True))
    op.add_column("target", sa.Column("set_by_name", sa.String(length=120), nullable=True))
    op.add_column("target", sa.Column("set_at", _MOMENT, nullable=True))
    for name in _BY_WHOM:
        last = (
            f"SELECT {name} FROM target_setting AS s WHERE s.region_code = target.region_code"  # noqa: S608 - names above
            " AND s.year = target.year AND s.kind = target.kind ORDER BY s.set_at DESC LIMIT 1"
        )
        op.execute(f"UPDATE target SET {name} = ({last})")  # noqa: S608 - names above
    # Nothing refers to targets, so that the table may be made anew.
    with op.batch_alter_table("target") as target:
        for name, of_type in (
            ("set_by", sa.Uuid()), ("set_by_name", sa.String(length=120)), ("set_at", _MOMENT),
        ):  # fmt: skip
            target.alter_column(name, existing_type=of_type, nullable=False)
    op.drop_table("target_setting")
