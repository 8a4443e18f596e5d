"""Everybody who had a hand in a nomination."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Of nominations from before there was the table: from the columns, the steps, the files, the
#: family's records up to the submission, and the trail for what was overwritten since.
_KNOWN = """
    SELECT area_id, id AS nomination_id, nominated_by AS user_id, 'made' AS hand_in,
        nominated_at AS since
    FROM nomination
    UNION ALL
    SELECT area_id, id, submitted_by, 'sent', submitted_at FROM nomination
    UNION ALL
    SELECT area_id, id, consent_recorded_by, 'statement', updated_at FROM nomination
    UNION ALL
    SELECT area_id, id, noted_by, 'note', updated_at FROM nomination
    UNION ALL
    SELECT area_id, nomination_id, actor_id, 'sent', at FROM nomination_event
    WHERE to_status = 'submitted'
    UNION ALL
    SELECT area_id, nomination_id, added_by, 'evidence', added_at FROM evidence
    UNION ALL
    SELECT n.area_id, n.id, r.recorded_by, 'readiness', n.submitted_at
    FROM nomination n
    JOIN observation r ON r.area_id = n.area_id AND r.household_id = n.household_id
    WHERE r.recorded_at <= n.submitted_at
    UNION ALL
    SELECT n.area_id, n.id, r.recorded_by, 'readiness', n.submitted_at
    FROM nomination n
    JOIN enterprise r ON r.area_id = n.area_id AND r.household_id = n.household_id
    WHERE r.recorded_at <= n.submitted_at
    UNION ALL
    SELECT n.area_id, n.id, r.answered_by, 'readiness', n.submitted_at
    FROM nomination n
    JOIN readiness_check r ON r.area_id = n.area_id AND r.household_id = n.household_id
    WHERE r.recorded_at <= n.submitted_at
    UNION ALL
    SELECT a.area_id, n.id, a.actor_id,
        CASE a.tag WHEN 'nomination:note' THEN 'note' ELSE 'statement' END, a.at
    FROM audit_entry a
    JOIN nomination n ON n.area_id = a.area_id AND n.id = {subject}
    WHERE a.subject_type = 'nomination'
        AND a.tag IN ('nomination:note', 'nomination:record-consent')
    UNION ALL
    SELECT a.area_id, e.nomination_id, a.actor_id, 'evidence', a.at
    FROM audit_entry a
    JOIN evidence e ON e.area_id = a.area_id AND e.id = {subject}
    WHERE a.subject_type = 'evidence' AND a.tag = 'evidence:remove'
    UNION ALL
    SELECT n.area_id, n.id, a.actor_id, 'readiness', n.submitted_at
    FROM audit_entry a
    JOIN enterprise r ON r.area_id = a.area_id AND r.id = {subject}
    JOIN nomination n ON n.area_id = r.area_id AND n.household_id = r.household_id
    WHERE a.subject_type = 'enterprise' AND a.tag = 'enterprise:change'
        AND a.at <= n.submitted_at
"""

#: The id in the trail's text, as the database keeps ids.
_SUBJECT = {"postgresql": "CAST(a.subject_id AS uuid)", "sqlite": "REPLACE(a.subject_id, '-', '')"}


def upgrade() -> None:
    op.create_table(
        "nomination_hand",
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hand_in", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id", "nomination_id"],
            ["nomination.area_id", "nomination.id"],
            name=op.f("fk_nomination_hand_area_id_nomination_id"),
        ),
        sa.PrimaryKeyConstraint(
            "area_id", "nomination_id", "user_id", "hand_in", name=op.f("pk_nomination_hand")
        ),
        info={"kind": "distributed"},
    )
    known = _KNOWN.format(subject=_SUBJECT[op.get_bind().dialect.name])
    op.execute(
        "INSERT INTO nomination_hand (area_id, nomination_id, user_id, hand_in, since)"
        " SELECT area_id, nomination_id, user_id, hand_in, MIN(since)"
        f" FROM ({known}) AS known WHERE user_id IS NOT NULL"  # noqa: S608 - all of it stands above
        " GROUP BY area_id, nomination_id, user_id, hand_in"
    )
    # One by one and not in a batch: SQLite would copy the table, to which others refer.
    op.drop_column("nomination", "consent_recorded_by")
    op.drop_column("nomination", "noted_by")


def downgrade() -> None:
    op.add_column("nomination", sa.Column("consent_recorded_by", sa.Uuid(), nullable=True))
    op.add_column("nomination", sa.Column("noted_by", sa.Uuid(), nullable=True))
    for column, hand_in in (("consent_recorded_by", "statement"), ("noted_by", "note")):
        op.execute(
            f"UPDATE nomination SET {column} = (SELECT h.user_id FROM nomination_hand h"  # noqa: S608
            " WHERE h.area_id = nomination.area_id AND h.nomination_id = nomination.id"
            f" AND h.hand_in = '{hand_in}' ORDER BY h.since DESC LIMIT 1)"
        )
    op.drop_table("nomination_hand")
