import type { PartnerId, UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import type { User as UserRow } from './generated/client.ts';

export function toUser(row: UserRow): User {
  return {
    id: row.id as UserId,
    partnerId: (row.partnerId as PartnerId | null) ?? undefined,
    email: row.email,
    role: row.role as User['role'],
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}
