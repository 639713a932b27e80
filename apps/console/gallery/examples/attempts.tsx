import { Attempts } from '../../src/deliveries/attempts.tsx';
import { ATTEMPTS } from '../deliveries.ts';

export const Some = () => <Attempts attempts={ATTEMPTS} />;
export const None = () => <Attempts attempts={[]} />;
