import type { ErrorClass } from '@anika/core/delivery/attempt-result';
import type { PullErrorClass } from '@anika/core/delivery/lease';
import type { DeliveryReason } from '@anika/core/delivery/reasons';
import type { FailureCode } from '@anika/core/failures';
import type { TLS_FAULTS } from '@anika/destinations/webhook/classify-error';
import type { Refusal } from '../../apps/api/src/auth/refusals.ts';

/** What a client does about each failure; a code without a sentence does not compile. */
export const FAILURE_ADVICE: Readonly<Record<FailureCode, string>> = {
  'bad-request':
    'Send HTTP/1.1 as RFC 9112 has it: one `Host`, a path and a query that are percent-encoded, no header twice; `detail` says what is wrong.',
  'invalid-json': 'Send complete JSON in UTF-8; `detail` says whether the body ended too early.',
  'validation-failed': 'Correct the fields that `errors` names, each by its path.',
  'unsupported-media-type':
    'Send `Content-Type: application/json`, or another of those in the `Accept` header, and do not compress the body.',
  'payload-too-large':
    'Send less: `detail` has the limit in bytes. Put large things elsewhere and send a link.',
  unauthenticated:
    '`detail` says [which it is](#which-credential-is-refused-and-why): refresh the token or log in again; for an API key, check that it was not revoked.',
  'totp-required':
    'The password was right. Send `challenge.token` with a code to `POST /v1/auth/totp/login`, in a browser to `POST /v1/auth/totp/session`.',
  forbidden:
    '`detail` says what is missing: a role or a scope that the route lets in (see [routes.md](routes.md)), a grant, or owning the topic.',
  'totp-setup-required':
    'Set a second factor up: `POST /v1/auth/totp`, then `POST /v1/auth/totp/confirm`; nothing else works before.',
  'not-found': 'Check the id. What another company has not granted to you is answered alike.',
  recalled:
    'Delete what you have kept of it; `detail` has the time and the reason. A publisher takes a new idempotency key for a new message.',
  'method-not-allowed': 'Use one of the methods in the `Allow` header.',
  'request-timeout': 'Send the headers within 10 s and the body within 30 s.',
  conflict:
    '`detail` says what stands against it, such as a name in use or a state; read the resource again.',
  'idempotency-mismatch':
    'Take a new idempotency key for a new message; repeat an old key only with the same body.',
  'schema-mismatch': "Make the data fit the topic's JSON Schema; `errors` names what does not.",
  'search-too-costly': 'Name a topic, a type or a key, or ask for less in `where`.',
  'too-many-topics': 'Name one topic with `topicId`.',
  'too-many-grants':
    'Name one topic with `topicId`, or decline grants that you do not want: `DELETE /v1/grants/{id}`.',
  'too-many-deliveries': 'Ask for a shorter time, or for one partner.',
  'endpoint-refused':
    'Use an HTTPS URL whose host resolves to public addresses only; `detail` says what is wrong with this one.',
  'limit-reached': 'Delete what is not used any more, or ask the operator for a higher limit.',
  'expectation-failed': 'Send no `Expect` other than `100-continue`.',
  'headers-too-large': 'Send fewer or shorter headers, and a shorter query.',
  'rate-limited': 'Wait for as many seconds as `Retry-After` says, then send the same request again.',
  unavailable:
    'Send the same request again after `Retry-After`, when publishing with the same idempotency key.',
  internal:
    'Try again once, when publishing with the same idempotency key; if it stays, report the `requestId`.',
};

/** When each refusal of a credential is given; one without a sentence does not compile. */
export const REFUSAL_MEANING: Readonly<Record<Refusal, string>> = {
  missing: 'There is none, or it is elsewhere, such as in the query or a cookie.',
  'wrong-scheme': 'It is sent by another scheme (`Basic`), without one, or in `X-API-Key`.',
  malformed:
    'It has not the form of one: cut off, mistyped, in quotes, two at once, or longer than 4,096 characters.',
  'wrong-kind':
    'It begins with `anr_`, `ani_` or `anp_`: a refresh token, an invitation, a link to set a new password.',
  expired: 'Its time is over; it was good before.',
  invalid:
    'Anything else: unknown, forged, revoked, logged out, or its user or company is not there any more or suspended.',
};

/** What the owner of an endpoint looks at when no answer of it came. */
export const ERROR_CLASS_ADVICE: Readonly<Record<ErrorClass, string>> = {
  dns: 'Check the host name in the URL of the subscription and its DNS records.',
  refused: 'Start the server, or open the port in its firewall.',
  reset: 'Look at the server or proxy that closed the connection before it answered.',
  timeout: 'Answer first, work afterwards; or raise `timeoutMs` of the subscription.',
  tls: 'Serve a certificate that is valid, covers the host and comes with its whole chain.',
  protocol: 'Answer plain HTTP/1.1 that parses, with headers of normal size.',
  blocked: 'Let the host resolve to public addresses only: others are not connected to.',
  aborted: 'Nothing: this instance of ANIKA was being stopped, and the attempt is made again.',
  network: 'Check that the endpoint can be reached from the internet.',
};

/** What who pulls does about each class of error. */
export const PULL_ERROR_ADVICE: Readonly<Record<PullErrorClass, string>> = {
  'lease-lapsed': 'Acknowledge sooner, pull fewer at once, ask for a longer lease, or `extend` it.',
  'reader-retry': 'Nothing, if that was meant: it comes again.',
  'reader-refused': 'Nothing, if that was meant; otherwise retry the delivery.',
};

/** What the owner of an endpoint does about each fault of its TLS. */
export const TLS_ADVICE: Readonly<Record<(typeof TLS_FAULTS)[number]['fault'], string>> = {
  name: 'Get a certificate that names the host of the URL, or use a URL with a name that it has.',
  date: 'Renew the certificate, and restart what serves it; check the clock of the machine that made it.',
  chain:
    'Serve the whole chain (`fullchain.pem`, not `cert.pem`), from an authority that browsers know; a private authority is not accepted.',
  protocol: 'Offer TLS 1.2 or 1.3 with usual ciphers on this port, and no client certificates.',
};

/** What a reason means, and what the subscriber does about it; a reason without a row does not compile. */
export const REASON_ADVICE: Readonly<
  Record<DeliveryReason, { readonly meaning: string; readonly advice: string }>
> = {
  gone: {
    meaning: 'The endpoint answered 410; the subscription was disabled with it',
    advice: 'If that was not meant, mend the endpoint, resume the subscription and redrive it.',
  },
  'too-large': {
    meaning: 'The endpoint answered 413: it takes no body of this size',
    advice: 'Raise the limit of the endpoint, then retry the delivery.',
  },
  refused: {
    meaning: 'Whoever pulled it acknowledged it with `refuse`',
    advice: 'If that was not meant, mend what handles it, then retry the delivery.',
  },
  'attempts-exhausted': {
    meaning: 'Every attempt of the retry schedule failed',
    advice:
      'Read the attempts of the delivery, mend the endpoint, then retry it or redrive the subscription.',
  },
  'grant-revoked': {
    meaning: 'There was no grant on the topic any more when the message was to be sent',
    advice: 'Ask the owner of the topic for access.',
  },
  'grant-expired': {
    meaning: 'The grant had expired when the message was to be sent',
    advice: 'Ask the owner of the topic for a longer grant.',
  },
  'grant-narrowed': {
    meaning: 'The grant, as it was by then, did not cover this message: its type, data, age or audience',
    advice: 'Ask the owner of the topic if you need such messages.',
  },
  'not-wanted': {
    meaning: 'The subscription, as it was by then, did not ask for this message: its types or its filter',
    advice:
      'Nothing, if that was meant; otherwise widen eventTypes or filter. The message is found by search.',
  },
  'subscription-deleted': {
    meaning: 'The subscription was deleted before the message was delivered',
    advice: 'Nothing; messages can still be found by search while the grant lasts.',
  },
  'topic-deleted': {
    meaning: 'The owner deleted the topic before the message was delivered',
    advice: 'Nothing; ask the owner if that was not expected.',
  },
  'partner-suspended': {
    meaning: 'The company of the reader or of the owner was suspended by an operator',
    advice: 'Turn to the operator.',
  },
  'message-expired': {
    meaning: 'The message was no longer kept when it was to be sent',
    advice: 'Deliver or resume sooner than the retention of the topic, or ask its owner for a longer one.',
  },
  'not-verified-in-time': {
    meaning:
      'The endpoint of the subscription has never answered a challenge while the message was held for it',
    advice:
      'Verify within seven days of the first message. What was cancelled is found by search while it is kept.',
  },
  recalled: {
    meaning: 'The owner took the message back before it was delivered, or had it erased',
    advice: 'Nothing; its contents are kept nowhere any more.',
  },
  'subscription-paused': {
    meaning: 'The subscription is paused',
    advice: 'Resume it: what is held goes out then.',
  },
  'subscription-disabled': {
    meaning: 'The subscription was disabled, since its endpoint failed for days or answered 410',
    advice: 'Mend the endpoint and resume the subscription: what is held goes out then.',
  },
  'subscription-unverified': {
    meaning: 'The endpoint has not answered its challenge yet',
    advice: 'Answer the challenge, or have it sent again: what is held goes out once it is answered.',
  },
};
