import { JsonText, JsonTree } from '../../src/ui/json.tsx';
import { EXACT, UNBROKEN } from '../facts.ts';

const DEEP = `${'{"a":['.repeat(8)}1${']}'.repeat(8)}`;

export const TreeOfAnObject = () => <JsonTree text={EXACT} label="Data" />;
export const TreeDeep = () => <JsonTree text={DEEP} label="Data, deep" />;
export const TreeOfAText = () => <JsonTree text={JSON.stringify(UNBROKEN)} label="Data, a text" />;
export const TreeOfNothing = () => <JsonTree text="null" label="Data, nothing" />;
export const Text = () => <JsonText text={EXACT} label="Data as text" />;
export const TextOfNothing = () => <JsonText text="[]" label="Data as text, none" />;
