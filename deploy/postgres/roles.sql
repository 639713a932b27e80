-- The roles that ANIKA works with, so that its programs are no superuser. Run once, by a superuser, in ANIKA's
-- database; docker-compose.yml does it when it makes the database. By hand, also for a database that has been in use:
--   psql -d anika -v migrate_password=… -v app_password=… -f deploy/postgres/roles.sql
-- and then "migrate" with DATABASE_URL of anika_migrate, which gives anika_app its rights on the tables.

-- Owns the tables and changes them: the command "migrate", nothing else.
CREATE ROLE anika_migrate LOGIN PASSWORD :'migrate_password';
-- Reads and writes them: the api, the dispatcher and the other commands. The audit log it can only read and append to.
CREATE ROLE anika_app LOGIN PASSWORD :'app_password';
-- The server ends a statement that nobody waits for any more.
ALTER ROLE anika_app SET statement_timeout = '10s';

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO anika_migrate;
GRANT USAGE ON SCHEMA public TO anika_app;

-- And the tables of an installation that did without these roles.
DO $$
DECLARE
  name text;
BEGIN
  -- The first migration makes the schema where there is none.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO anika_migrate', current_database());
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE public.%I OWNER TO anika_migrate', name);
  END LOOP;
END
$$;
