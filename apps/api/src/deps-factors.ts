import { createSecondFactorStore } from '@anika/stores/postgres/second-factors';
import { type CheckFactorNeeds, createCheckFactor } from './auth/check-factor.ts';
import { createFactorBox } from './auth/factor-box.ts';
import { createSecondFactors, type SecondFactorNeeds } from './auth/second-factor.ts';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

type Needs = Omit<CheckFactorNeeds & SecondFactorNeeds, 'store' | 'box' | 'checkFactor' | 'publicUrl'>;

/** The second factor: checked at a login, set up and ended by its user. */
export function composeFactors(config: ApiConfig, { postgres, secretBox }: Infrastructure, needs: Needs) {
  const own = { ...needs, store: createSecondFactorStore(postgres), box: createFactorBox(secretBox) };
  const checkFactor = createCheckFactor(own);
  return {
    checkFactor,
    factors: createSecondFactors({ ...own, checkFactor, publicUrl: config.ANIKA_PUBLIC_URL }),
  };
}
