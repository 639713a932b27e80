import type { UserId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';

type SecretBox = {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
};

export type FactorBox = {
  seal(plain: string, userId: UserId): string;
  open(sealed: string, userId: UserId): string;
};

/** Seals the secret of a second factor for its user: in the row of another it does not open. */
export function createFactorBox({ seal, open }: SecretBox): FactorBox {
  return {
    seal: (plain, userId) => seal(plain, secretContext.secondFactor(userId)),
    open: (sealed, userId) => open(sealed, secretContext.secondFactor(userId)),
  };
}
