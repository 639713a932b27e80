import { partsBySight } from '@anika/core/invisible';
import { Fragment, type ReactNode } from 'react';
import { escapeOf, turns } from './visible-text.ts';

/** Somebody else's text: what nobody would see stands there as an escape, and nothing around it is turned. */
export function Visible({ text }: { readonly text: string }) {
  const parts = partsBySight(text);
  const shown = parts.every(({ isSeen }) => isSeen) ? text : parts.map(shownPart);
  return turns(text) ? <bdi>{shown}</bdi> : shown;
}

function shownPart(
  { text, isSeen }: { readonly text: string; readonly isSeen: boolean },
  at: number,
): ReactNode {
  if (isSeen) return <Fragment key={at}>{text}</Fragment>;
  const code = text.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return (
    <span key={at} className="escape" title={`U+${code}`}>
      {escapeOf(text)}
    </span>
  );
}

/** What is shown as it comes when it is something else than text. */
export function visible(shown: ReactNode): ReactNode {
  return typeof shown === 'string' ? <Visible text={shown} /> : shown;
}

const TEXTS = /("(?:[^"\\]|\\.)*")/;

/** JSON as text: each text of it that is written from right to left by itself, all between them in one piece. */
export function VisibleJson({ json }: { readonly json: string }) {
  if (!turns(json)) return <Visible text={json} />;
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text do not move
  return partsByTurn(json).map((part, at) => <Visible key={at} text={part} />);
}

function partsByTurn(json: string): readonly string[] {
  const parts: string[] = [];
  let between = '';
  for (const part of json.split(TEXTS)) {
    if (turns(part)) {
      parts.push(between, part);
      between = '';
    } else between += part;
  }
  return [...parts, between];
}
