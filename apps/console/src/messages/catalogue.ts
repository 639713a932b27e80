import type { en } from './en.ts';

export type MessageId = keyof typeof en;
export type Messages = Readonly<Record<MessageId, string>>;
