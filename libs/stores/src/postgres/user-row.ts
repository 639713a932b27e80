import { ROLES } from '@anika/core/access';
import type { PartnerId, UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import type { User as Row } from './generated/client.ts';
import { wordColumn } from './word-column.ts';

/** Of a row, whatever is asked of it beside the credentials. */
export type UserRow = Omit<Row, 'passwordHash' | 'credentialsVersion'>;

export const readRole = wordColumn('users.role', ROLES);

export function toUser(row: UserRow): User {
  return {
    id: row.id as UserId,
    partnerId: (row.partnerId as PartnerId | null) ?? undefined,
    email: row.email,
    name: row.name ?? undefined,
    role: readRole(row.role),
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}
