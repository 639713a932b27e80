import type { IdMaker } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { OperatorStore } from '@anika/stores/postgres/operators';

export type EnsureOperatorNeeds = {
  readonly store: Pick<OperatorStore, 'ensure'>;
  readonly passwords: { hash(password: string): Promise<string> };
  readonly newId: IdMaker;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  readonly clock: { now(): number };
};

type Settings = {
  readonly ANIKA_OPERATOR_EMAIL?: string | undefined;
  readonly ANIKA_OPERATOR_PASSWORD?: string | undefined;
};

/** The first operator comes from the settings; one that exists stays as it is. */
export function createEnsureOperator({ store, passwords, newId, logger, clock }: EnsureOperatorNeeds) {
  return async (settings: Settings): Promise<void> => {
    const { ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: password } = settings;
    if (email === undefined || password === undefined) return;
    const operator = { id: newId('usr'), email, passwordHash: await passwords.hash(password) };
    const outcome = await store.ensure(operator, clock.now());
    if (outcome === 'created') logger.info('created the first operator');
    if (outcome === 'taken') {
      logger.error('no operator created: ANIKA_OPERATOR_EMAIL belongs to a user of a partner');
    }
  };
}
