import { Outage } from '../../src/connection/outage.tsx';
import { AT } from '../facts.ts';

const sinceMs = Date.parse(AT);

export const Fine = () => <Outage connection={{ kind: 'fine' }} />;
export const Back = () => <Outage connection={{ kind: 'back' }} />;
export const ApiAway = () => <Outage connection={{ kind: 'away', sinceMs }} />;
export const NoDispatcher = () => <Outage connection={{ kind: 'no-dispatcher', sinceMs }} />;
export const StoresAway = () => (
  <Outage connection={{ kind: 'stores', missing: ['postgres', 'mongodb', 'redis', 'unknown'], sinceMs }} />
);
