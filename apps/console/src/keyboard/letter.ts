type Pressed = Pick<KeyboardEvent, 'key' | 'code'>;

/** On a keyboard that writes Cyrillic: the keys that are not called after their letter. */
const SIGNS: Readonly<Record<string, string>> = { BracketLeft: '[', BracketRight: ']' };

/**
 * The key by the sign that is printed on it in Latin: where a keyboard writes another alphabet, its place counts. The
 * key of the slash writes a full stop and a comma there.
 */
export function letterOf({ key, code }: Pressed): string {
  if (code === 'Slash' && key === '.') return '/';
  if (code === 'Slash' && key === ',') return '?';
  const isNamed = key.length !== 1;
  if (isNamed || key <= '~') return isNamed ? key : key.toLowerCase();
  return SIGNS[code] ?? /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

const WRITTEN_IN = 'input:not([type=checkbox]), textarea, select, [contenteditable], [role=spinbutton]';

/** Whether what is pressed is written somewhere or chooses in a list: then it is no shortcut. */
export function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(WRITTEN_IN) !== null;
}
