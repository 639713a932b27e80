import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the template leaves open; in the image nginx's envsubst fills it in from the environment. */
export type GatewaySettings = {
  /** An address or a port, as nginx's `listen` takes it. */
  readonly ANIKA_GATEWAY_LISTEN: string;
  /** Address or CIDR block of the proxy in front whose X-Forwarded-For counts. */
  readonly ANIKA_GATEWAY_TRUSTS: string;
  readonly ANIKA_RESOLVER: string;
  readonly ANIKA_AUTH_SERVER: string;
  readonly ANIKA_TOPICS_SERVER: string;
  readonly ANIKA_MESSAGES_SERVER: string;
};

export const TEMPLATE = join(import.meta.dirname, 'gateway.conf.template');

/** The gateway's configuration, made as the image makes it: `${ANIKA_…}` is replaced, nginx's own variables stay. */
export async function renderGateway(settings: GatewaySettings): Promise<string> {
  const template = await readFile(TEMPLATE, 'utf8');
  return template.replaceAll(/\$\{(ANIKA_[A-Z_]+)\}/g, (_whole, name: string) => {
    const value = Object.entries(settings).find(([key]) => key === name)?.[1];
    if (value === undefined) throw new Error(`the gateway template needs ${name}, which has no value`);
    return value;
  });
}
