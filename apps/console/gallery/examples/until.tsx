import { Until } from '../../src/ui/until.tsx';
import { AT } from '../facts.ts';

export const AMoment = () => <Until at={AT} />;
export const Never = () => <Until at={null} />;
