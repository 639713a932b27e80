import { lockAudit } from './audit.ts';
import type { Postgres } from './client.ts';

/** The role of `deploy/postgres/roles.sql` that the programs work with. */
const PROGRAMS = 'anika_app';

/**
 * Gives the programs' role, where there is one, its rights on the tables as they are after a migration: all rows may
 * be read and written, but the audit log can only be read and appended to, and the list of migrations only be read.
 */
export async function grantRights(postgres: Postgres): Promise<void> {
  await postgres.transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ exists: boolean }[]>`
      SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ${PROGRAMS} AND rolname <> current_user) AS exists`;
    if (found?.exists !== true) return;
    // One at a time: PostgreSQL lets two that change the rights of a table at once fail.
    await lockAudit(tx);
    await tx.$executeRaw`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO anika_app`;
    await tx.$executeRaw`REVOKE UPDATE, DELETE ON audit_entries, audit_links FROM anika_app`;
    await tx.$executeRaw`REVOKE INSERT, UPDATE, DELETE ON _prisma_migrations FROM anika_app`;
  });
}
