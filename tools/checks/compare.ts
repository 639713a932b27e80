/** Undefined when a generated page is as it should be, else one line that says where it begins to differ. */
export function pageDifference(
  path: string,
  { now, expected }: { now: string | undefined; expected: string },
) {
  if (now === expected) return undefined;
  if (now === undefined) return `${path}: is missing; ${HOW}`;
  const [was, is] = [now.split('\n'), expected.split('\n')];
  const line = is.findIndex((text, n) => text !== was[n]);
  const at = line === -1 ? is.length : line;
  return `${path}:${at + 1}: is not what its sources say, "${short(is[at])}"; ${HOW}`;
}

const HOW = 'run: node tools/checks/docs.ts --write';

function short(text = ''): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
