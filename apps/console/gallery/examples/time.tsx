import { Ago, Time } from '../../src/ui/time.tsx';
import { AT } from '../facts.ts';

export const Short = () => <Time at={AT} />;
export const WithSeconds = () => <Time at={AT} to="millisecond" />;
export const OfAnotherYear = () => <Time at="1999-12-31T23:59:59.999Z" to="millisecond" />;
export const LongAgo = () => <Ago at={AT} />;
export const JustNow = () => <Ago at={new Date().toISOString()} />;
