-- The roles of a PostgreSQL installation (docs/operations.md). Run it in the database, as
-- somebody who may create roles, after the first `flask db upgrade` and after every later one:
--
--     sudo -u postgres psql -v ON_ERROR_STOP=1 -d casework -f deploy/postgresql.sql
--
-- casework_serving is what the application may do: read and write rows, change no table. What
-- is only ever added (the trail, the ledger, the steps of a nomination and the hands in it,
-- corrections of marks, what phones said and were answered, targets as they were set) it may
-- neither change nor delete, whatever a fault or an intruder makes it try. `flask outbox tidy`
-- lets old answers to phones go, as the owner.
-- It is a role to be granted to the login of the application:
--
--     CREATE ROLE casework_app LOGIN PASSWORD '...' IN ROLE casework_serving;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'casework_serving') THEN
        CREATE ROLE casework_serving NOLOGIN;
    END IF;
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO casework_serving;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO casework_serving;

-- Only ever added. A test holds this list to the models.
REVOKE UPDATE, DELETE, TRUNCATE ON
    attendance_change,
    audit_entry,
    ledger_entry,
    meeting_called_off,
    nomination_event,
    nomination_hand,
    register_claim,
    sync_receipt,
    target_setting
FROM casework_serving;

-- Which migration the tables are at is the owner's business.
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM casework_serving;
