import { Mark } from '../../src/ui/mark.tsx';

export const Only = () => <Mark />;
