import { Saved } from '../../src/ui/saved.tsx';
import { LONG } from '../facts.ts';

export const Plain = () => <Saved />;
export const Long = () => <Saved>{LONG}</Saved>;
