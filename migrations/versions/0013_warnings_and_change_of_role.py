"""What was weighed in a decision, and since when a person is no facilitator any more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_USER = sa.table(
    "user_account",
    sa.column("role", sa.String()),
    *(
        sa.column(name, sa.DateTime(timezone=True))
        for name in ("role_since", "created_at", "facilitated_until")
    ),
)


def upgrade() -> None:
    op.add_column(
        "user_account", sa.Column("facilitated_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("nomination_event", sa.Column("warnings", _JSON, nullable=True))
    op.add_column("nomination_event", sa.Column("answer", sa.String(length=1000), nullable=True))
    # What somebody was before was not kept: whoever has had another role is taken for a former
    # facilitator, so that nobody decides too early.
    op.execute(
        sa.update(_USER)
        .where(_USER.c.role != "facilitator", _USER.c.role_since > _USER.c.created_at)
        .values(facilitated_until=_USER.c.role_since)
    )


def downgrade() -> None:
    # Not as a batch: that would make the table anew, and others refer to its rows.
    op.drop_column("nomination_event", "answer")
    op.drop_column("nomination_event", "warnings")
    op.drop_column("user_account", "facilitated_until")
