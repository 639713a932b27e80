import { Badge } from '../../src/ui/badge.tsx';
import { HOSTILE, LONG } from '../facts.ts';

export const Good = () => <Badge tone="good" icon="disc" word="delivered" />;
export const Busy = () => <Badge tone="busy" icon="ring" word="pending" />;
export const Wait = () => <Badge tone="wait" icon="half" word="retrying" title="503" />;
export const Bad = () => <Badge tone="bad" icon="cross" word="dead" />;
export const Off = () => <Badge tone="off" icon="slash" word="cancelled" />;
export const Plain = () => <Badge tone="plain" icon="square" word="changed" />;
export const Long = () => <Badge tone="wait" icon="warning" word={LONG} />;
export const Hostile = () => <Badge tone="bad" icon="cross" word={HOSTILE} />;
