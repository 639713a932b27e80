import { Freshness } from '../../src/ui/freshness.tsx';
import { AT, nothing } from '../facts.ts';

const look = { updatedAtMs: Date.parse(AT), isFetching: false, failed: false, refresh: nothing };

export const Fresh = () => <Freshness {...look} />;
export const Asking = () => <Freshness {...look} isFetching />;
export const Failed = () => <Freshness {...look} failed />;
export const Never = () => <Freshness {...look} updatedAtMs={0} />;
