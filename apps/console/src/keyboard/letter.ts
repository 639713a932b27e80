type Pressed = Pick<KeyboardEvent, 'key' | 'code'>;

/** On a keyboard that writes Cyrillic: the keys that are not called after their letter. */
const SIGNS: Readonly<Record<string, string>> = { BracketLeft: '[', BracketRight: ']', Slash: '/' };

/**
 * The key by the sign that is printed on it in Latin: where a keyboard writes another alphabet, its place counts. The
 * keys of the slash write a full stop and a comma there.
 */
export function letterOf({ key, code }: Pressed): string {
  if (code === 'Slash' && key === '.') return '/';
  if (code === 'Slash' && key === ',') return '?';
  const isLatin = key.length !== 1 || key <= '~';
  if (isLatin) return key.length === 1 ? key.toLowerCase() : key;
  return SIGNS[code] ?? /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

/** Whether what is pressed is written somewhere, or chooses in a list: then it is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null
    ? !(target instanceof HTMLInputElement && target.type === 'checkbox')
    : false;
}
