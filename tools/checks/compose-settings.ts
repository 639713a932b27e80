import { parse } from 'yaml';
import { z } from 'zod';
import type { ComposeSettings } from './configuration-page.ts';

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({ command: z.unknown().optional(), environment: z.record(z.string(), z.unknown()).optional() }),
  ),
});

/** The variables that a Compose file gives to our programs. */
export function composeSettings(text: string): ComposeSettings {
  const { services } = composeFile.parse(parse(text, { merge: true }));
  const ours = Object.values(services).filter(({ command }) => String(command).includes('apps/'));
  const given = new Map(ours.flatMap(({ environment = {} }) => Object.entries(environment)));
  const isHandedOn = (name: string) => {
    const value = given.get(name);
    return value === null || String(value).startsWith(`\${${name}`);
  };
  const names = [...given.keys()].sort();
  return { fromEnv: names.filter(isHandedOn), fixed: names.filter((name) => !isHandedOn(name)) };
}
