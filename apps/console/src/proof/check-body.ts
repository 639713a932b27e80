import { BODIES, type EventToSend } from '@anika/core/delivery/event-body';
import { FORMATS, type Format } from '@anika/core/subscription';
import { sha256Of } from './sha256.ts';

export type FoundBody = { readonly format: Format; readonly body: string };

/**
 * The body with this hash among those that could have been sent: of each event in each format, as only the subscriber
 * knows in which it asked for them. Undefined: it was none of these.
 */
export async function findBody(
  events: readonly EventToSend[],
  sha256: string,
): Promise<FoundBody | undefined> {
  for (const event of events) {
    for (const format of FORMATS) {
      const body = BODIES[format](event);
      if ((await sha256Of(body)) === sha256) return { format, body };
    }
  }
  return undefined;
}
