"""The national registry of NIK, and where a family has moved from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nik_registry",
        sa.Column("nik_index", sa.LargeBinary(length=16), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("nik_index", name=op.f("pk_nik_registry")),
        info={"kind": "national"},
    )
    # One by one and not in a batch: SQLite would copy the table, to which others refer.
    op.add_column("household", sa.Column("moved_from_area_id", sa.Integer(), nullable=True))
    op.add_column("household", sa.Column("moved_from_id", sa.Uuid(), nullable=True))
    # Of doubles from before there was a registry, the one of the latest roster;
    # `flask roster numbers --check` names the others.
    op.execute(
        """
        INSERT INTO nik_registry (nik_index, area_id, household_id)
        SELECT nik_index, area_id, id
        FROM (
            SELECT
                nik_index,
                area_id,
                id,
                row_number() OVER (PARTITION BY nik_index ORDER BY last_stage DESC, id) AS place
            FROM household
        ) AS ranked
        WHERE place = 1
        """
    )


def downgrade() -> None:
    op.drop_column("household", "moved_from_id")
    op.drop_column("household", "moved_from_area_id")
    op.drop_table("nik_registry")
