import { createHash } from 'node:crypto';
import { exportAudit, listAudit } from '@anika/contracts/audit';
import { jwks } from '@anika/contracts/auth';
import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { deliveryReceipt, receipts } from '@anika/contracts/receipts';
import { keySet, receiptProblem } from '../../verify-receipt.ts';
import { type AuditEntry, auditEntry, findBreak } from '../audit-chain.ts';
import { check, checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import type { Arrival } from '../endpoints.ts';
import { type Cast, rangeAround, type Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { TEXTS } from './proof.texts.ts';

/** All but the JWS, which has the time at which it was signed. */
const facts = ({ jws: _jws, ...said }: { jws: string }) => said;

/** Both companies see the same numbers and the same proof. */
export async function compareReceipts(
  { tell }: Stage,
  { dealer, bank }: Cast,
  { topicId, arrival }: { topicId: string; arrival: Arrival },
): Promise<void> {
  tell.does(WHO.bothSides, TEXTS.compare, 'GET /v1/receipts');
  const query = { topicId, ...rangeAround(Date.now()) };
  const ofBoth = { query: { ...query, partnerId: bank.id } };
  const sent = await dealer.client.ask(receipts, ofBoth);
  const taken = await bank.client.ask(receipts, { query });
  checkEqual(TEXTS.reportsEqual, facts(taken), facts(sent));
  const { accepted, deliveries: counts } = sent;
  checkEqual(TEXTS.allDelivered, counts.delivered, accepted);
  tell.holds(TEXTS.sameFigures(accepted, counts.delivered));
  tell.holds(TEXTS.sameFingerprint(taken.fingerprint));
  const keys = keySet.parse(await bank.client.ask(jwks));
  const verify = (report: object) => receiptProblem(JSON.stringify(report), keys);
  checkEqual(TEXTS.signatureGood, verify(taken), undefined);
  check(TEXTS.forgedReceiptSeen, verify({ ...taken, accepted: accepted + 1 }) !== undefined, {
    expected: TEXTS.forgedReceiptSeen,
    came: taken,
  });
  tell.holds(TEXTS.signed);

  const { items } = await bank.client.ask(listMessageDeliveries, { params: { id: arrival.id } });
  const params = { id: items[0]?.id ?? '' };
  const ofDealer = await dealer.client.ask(deliveryReceipt, { params });
  const ofBank = await bank.client.ask(deliveryReceipt, { params });
  checkEqual(TEXTS.receiptsEqual, facts(ofBank), facts(ofDealer));
  const [attempt] = ofBank.attempts;
  checkEqual(TEXTS.hashOfBody, attempt?.bodySha256, sha256(arrival.rawBody));
  tell.holds(TEXTS.oneReceipt(attempt?.bodySha256.slice(0, 12) ?? ''));
}

export async function verifyAudit({ tell }: Stage, cast: Cast, topicId: string): Promise<void> {
  const { bank, dealer, operator } = cast;
  tell.does(WHO.bothSides, TEXTS.readLog, 'GET /v1/audit');
  const query = { topicId, partnerId: bank.id };
  const byDealer = await dealer.client.ask(listAudit, { query });
  const ofGrant = byDealer.items.find(
    (entry) => entry.actorPartnerId === dealer.id && entry.action.startsWith('grant.'),
  );
  check(TEXTS.grantOnRecord, ofGrant !== undefined, {
    expected: TEXTS.grantEntry,
    came: byDealer.items.map(({ action }) => action),
  });
  const byBank = await bank.client.ask(listAudit, { query: { topicId } });
  const ofBank = byBank.items.find(
    ({ action, subjectId, after }) =>
      action === ofGrant?.action && subjectId === ofGrant.subjectId && isEqual(after, ofGrant.after),
  );
  checkEqual(
    TEXTS.bankSeesSame,
    ofBank && said(ofBank),
    ofGrant && said({ ...ofGrant, remoteAddress: null }),
  );
  tell.holds(TEXTS.sameEntry(ofGrant?.action ?? '', ofGrant?.seq ?? 0, ofBank?.seq ?? 0));

  const ownLogs = [await exported(dealer.client), await exported(bank.client)] as const;
  for (const log of ownLogs) checkEqual(TEXTS.ownChain, findBreak(log), undefined);
  const log = await exported(operator);
  checkEqual(TEXTS.commonChain, findBreak(log), undefined);
  tell.holds(TEXTS.chainsWhole(ownLogs[0].length, ownLogs[1].length, log.length));
  await showForgeries({ tell }, ownLogs[0], ofGrant);
}

/** What a company can prove with its own export, without anybody else's. */
async function showForgeries(
  { tell }: Pick<Stage, 'tell'>,
  log: readonly AuditEntry[],
  ofGrant: AuditEntry | undefined,
): Promise<void> {
  const rewritten = log.map((entry) =>
    entry.seq === ofGrant?.seq ? { ...entry, after: { fields: null } } : entry,
  );
  checkEqual(TEXTS.forgerySeen, findBreak(rewritten), ofGrant?.seq);
  const removed = log.filter(({ seq }) => seq !== ofGrant?.seq);
  checkEqual(TEXTS.forgerySeen, findBreak(removed), (ofGrant?.seq ?? 0) + 1);
  tell.holds(TEXTS.forgerySeen);
}

async function exported(client: Client): Promise<AuditEntry[]> {
  const answer = await client.call(exportAudit);
  checkEqual(TEXTS.readLog, answer.ok, true);
  const lines = answer.ok ? answer.text.trim().split('\n') : [];
  return lines.map((line) => auditEntry.parse(JSON.parse(line)));
}

/** Of an entry, what both companies read; its place is in the chain of each. */
function said({
  seq: _seq,
  chain: _chain,
  sharedWith: _with,
  prevHash: _prev,
  hash: _hash,
  ...entry
}: AuditEntry) {
  return entry;
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
