#!/bin/sh
# Run by the PostgreSQL image, once, when it makes the database.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v migrate_password="$POSTGRES_MIGRATE_PASSWORD" -v app_password="$POSTGRES_APP_PASSWORD" \
  -f /anika/roles.sql
