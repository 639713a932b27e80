import type { DestinationEvent } from '../destination.ts';
import { createEncodeBody } from '../webhook/encode-body.ts';
import { type FormNeeds, type FormSettings, formOf } from '../webhook/form-of.ts';
import { composeRequest, type Form, type SignedRequest } from '../webhook/request.ts';

export type PullNeeds = FormNeeds & {
  readonly userAgent: string;
  readonly newSpanId: () => string;
  readonly clock: { now(): number };
};

/** What one who pulls is given of an event, and when it was signed. */
export type Pulled = SignedRequest & { readonly atMs: number };

export type PullDestination = {
  /** Opens what is sealed; may be kept for as long as the settings are. */
  prepare(settings: FormSettings): Form;
  /** The request that a webhook would have got now. */
  compose(event: DestinationEvent, form: Form): Promise<Pulled>;
};

/** For readers without an address: they fetch what a webhook would be sent, and verify it in the same way. */
export function createPullDestination(needs: PullNeeds): PullDestination {
  const encodeBody = createEncodeBody();
  return {
    prepare: (settings) => formOf(settings, needs),
    async compose(event, form) {
      const atMs = needs.clock.now();
      const { userAgent } = needs;
      const request = await composeRequest(event, form, {
        nowMs: atMs,
        userAgent,
        spanId: needs.newSpanId(),
        encodeBody,
      });
      return { ...request, atMs };
    },
  };
}
