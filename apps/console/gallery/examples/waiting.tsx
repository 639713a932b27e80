import { Waiting } from '../../src/ui/waiting.tsx';

export const Only = () => <Waiting />;
