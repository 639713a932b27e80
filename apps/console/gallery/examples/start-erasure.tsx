import { StartErasure } from '../../src/erasures/start-erasure.tsx';

export const Begun = () => <StartErasure />;
