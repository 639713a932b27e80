import { isZone } from './preferences.tsx';

/** The zone that an address names. */
export function zoneIn(search: string): string | undefined {
  const zone = new URLSearchParams(search).get('zone');
  return isZone(zone) ? zone : undefined;
}

/** The same address with a zone, where it names none. */
export function withZone(href: string, zone: string | undefined): string {
  const url = new URL(href);
  if (zone === undefined || zoneIn(url.search) !== undefined) return href;
  url.searchParams.set('zone', zone);
  return url.href;
}
