import { Crash } from '../../src/ui/crash.tsx';
import { UNBROKEN } from '../facts.ts';

export const OfAnError = () => <Crash error={new Error(`Cannot read ${UNBROKEN}`)} />;
export const OfSomethingElse = () => <Crash error="no error at all" />;
