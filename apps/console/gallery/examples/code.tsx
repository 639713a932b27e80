import { Code } from '../../src/ui/code.tsx';
import { HOSTILE, UNBROKEN } from '../facts.ts';

export const Short = () => <Code label="curl" text="curl https://anika.example/v1/topics" />;
export const Long = () => <Code label="curl" text={`curl ${UNBROKEN} \\\n  -H 'authorization: Bearer …'`} />;
export const Hostile = () => <Code label="curl" text={HOSTILE} />;
