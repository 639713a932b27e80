import type { CompanyLimits, OwnLimits } from '@anika/core/company-limits';
import type { PartnerId } from '@anika/core/ids';

export type ReadLimitsNeeds = {
  readonly findPartner: (id: PartnerId) => Promise<{ readonly limits: OwnLimits } | undefined>;
  readonly defaults: CompanyLimits;
};

/** What a company may have: its own limits before those of the settings, which operators see. */
export function createReadLimits({ findPartner, defaults }: ReadLimitsNeeds) {
  return async (partnerId: PartnerId | undefined): Promise<CompanyLimits> => {
    const own = partnerId === undefined ? undefined : (await findPartner(partnerId))?.limits;
    return { ...defaults, ...own };
  };
}
