/** Wall clock of a zone: `2026-11-27T14:03`, as date fields have it. */
export type WallClock = string;

const PARTS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

function wallMs(atMs: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-CA', { ...PARTS, timeZone: zone, hourCycle: 'h23' });
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The moment (ISO, UTC) at which the clocks of a zone show this; undefined for what is no time. */
export function instantOf(wall: WallClock, zone: string): string | undefined {
  const asUtc = Date.parse(`${wall.length === 10 ? `${wall}T00:00` : wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset at about that time, and again at the moment this leads to: around a change of clocks they differ.
  const first = asUtc - (wallMs(asUtc, zone) - asUtc);
  const second = first + (asUtc - wallMs(first, zone));
  return new Date(second).toISOString();
}

/** What the clocks of a zone show at a moment. */
export function wallClockOf(iso: string, zone: string): WallClock {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? '' : new Date(wallMs(ms, zone)).toISOString().slice(0, 16);
}
