import type { User } from '@anika/core/user';
import type { Db } from './client.ts';
import type { Prisma } from './generated/client.ts';
import { toUser, type UserRow } from './user-row.ts';

/** Somebody who may sign in; an operator belongs to no partner that could be suspended. */
export type Account = { readonly user: User; readonly partnerActive: boolean };

/** What a password is compared with; the version is that of what was compared. */
export type Credentials = Account & {
  readonly passwordHash: string;
  readonly credentialsVersion: number;
  /** The password is not all that a login asks for. */
  readonly hasSecondFactor: boolean;
  /** The company demands one, and there is none. */
  readonly mustSetUpFactor: boolean;
};

type Row = UserRow & Omit<Credentials, 'user'>;

/** One query, whether there is such a user or not: its time tells nobody which. */
export async function findCredentials(db: Db, where: Prisma.Sql): Promise<Credentials | undefined> {
  const [row] = await db.$queryRaw<Row[]>`
    SELECT u.id, u.partner_id AS "partnerId", u.email, u.name, u.role,
           u.created_at AS "createdAt", u.updated_at AS "updatedAt",
           u.password_hash AS "passwordHash", u.credentials_version AS "credentialsVersion",
           (p.id IS NULL OR p.status = 'active') AS "partnerActive",
           (f.confirmed_at IS NOT NULL) AS "hasSecondFactor",
           (p.second_factor_required IS TRUE AND f.confirmed_at IS NULL) AS "mustSetUpFactor"
    FROM users u LEFT JOIN partners p ON p.id = u.partner_id LEFT JOIN second_factors f ON f.user_id = u.id
    WHERE ${where}`;
  if (row === undefined) return undefined;
  const { passwordHash, credentialsVersion, partnerActive, hasSecondFactor, mustSetUpFactor } = row;
  return {
    user: toUser(row),
    partnerActive,
    passwordHash,
    credentialsVersion,
    hasSecondFactor,
    mustSetUpFactor,
  };
}
