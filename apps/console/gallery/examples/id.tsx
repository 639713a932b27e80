import { Copy, Id } from '../../src/ui/id.tsx';
import { HOSTILE, MESSAGE_ID, SHA, UNBROKEN } from '../facts.ts';

export const Whole = () => <Id value={MESSAGE_ID} />;
export const Short = () => <Id value={SHA} short />;
export const Long = () => <Id value={UNBROKEN} />;
export const Hostile = () => <Id value={HOSTILE} />;
export const OnlyTheButton = () => <Copy value={SHA} label="Copy the hash" />;
