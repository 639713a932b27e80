import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type AuditEntry, auditEntry, findBreak } from '../audit-chain.ts';
import { check, checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import type { Arrival } from '../endpoints.ts';
import { type Cast, deliveries, rangeAround, type Stage } from '../stage.ts';

const summary = z.object({
  accepted: z.number(),
  deliveries: z.object({ delivered: z.number(), dead: z.number() }),
  timeToDeliveryMs: z.object({ median: z.number().nullable() }),
});
const receipt = z.object({ attempts: z.array(z.object({ bodySha256: z.string(), signature: z.string() })) });

/** Both companies see the same numbers and the same proof. */
export async function compareReceipts(
  { tell }: Stage,
  { dealer, bank }: Cast,
  { topicId, arrival }: { topicId: string; arrival: Arrival },
): Promise<void> {
  tell.does('Обе стороны', 'сверяют, что было передано', 'GET /v1/receipts');
  const day = rangeAround(Date.now());
  const sent = await dealer.client.send('GET', '/v1/receipts', {
    query: { topicId, ...day, partnerId: bank.id },
  });
  const taken = await bank.client.send('GET', '/v1/receipts', { query: { topicId, ...day } });
  checkEqual('отчёты дилера и банка совпадают', taken.body, sent.body);
  const { accepted, deliveries: counts } = summary.parse(sent.body);
  checkEqual('доставлено всё принятое', counts.delivered, accepted);
  tell.holds(
    `отчёты совпадают до последней цифры: принято ${accepted}, доставлено ${counts.delivered}, потеряно 0`,
  );

  const { items } = await bank.client.ask(`GET /v1/messages/${arrival.id}/deliveries`, deliveries);
  const path = `/v1/deliveries/${items[0]?.id}/receipt`;
  const [ofDealer, ofBank] = [await dealer.client.send('GET', path), await bank.client.send('GET', path)];
  checkEqual('квитанции совпадают', ofBank.body, ofDealer.body);
  const [attempt] = receipt.parse(ofBank.body).attempts;
  checkEqual('в квитанции хеш того, что пришло банку', attempt?.bodySha256, sha256(arrival.rawBody));
  tell.holds(
    `квитанция доставки одна на двоих; SHA-256 тела совпал с тем, что пришло банку: ${attempt?.bodySha256.slice(0, 12)}…`,
  );
}

export async function verifyAudit({ tell }: Stage, cast: Cast, topicId: string): Promise<void> {
  const { bank, dealer, operator } = cast;
  tell.does('Обе стороны', 'читают журнал: кто, кому и что разрешил', 'GET /v1/audit');
  const seen = z.object({ items: z.array(auditEntry) });
  const query = { topicId, partnerId: bank.id };
  const byDealer = await dealer.client.ask('GET /v1/audit', seen, { query });
  const ofGrant = byDealer.items.find(
    (entry) => entry.actorPartnerId === dealer.id && entry.action.startsWith('grant.'),
  );
  check('выдача разрешения записана', ofGrant !== undefined, {
    expected: 'запись grant.…',
    came: byDealer.items.map(({ action }) => action),
  });
  const byBank = await bank.client.ask('GET /v1/audit', seen, { query: { topicId } });
  const ofBank = byBank.items.find(
    ({ action, subjectId, after }) =>
      action === ofGrant?.action && subjectId === ofGrant.subjectId && isEqual(after, ofGrant.after),
  );
  checkEqual(
    'банк видит ту же запись, но не с какого адреса она сделана',
    ofBank && said(ofBank),
    ofGrant && said({ ...ofGrant, remoteAddress: null }),
  );
  tell.holds(
    `запись «${ofGrant?.action}» одинакова у дилера и у банка; в журнале дилера она № ${ofGrant?.seq}, у банка № ${ofBank?.seq}`,
  );

  const ownLogs = [await exported(dealer.client), await exported(bank.client)] as const;
  for (const log of ownLogs) checkEqual('своя цепочка без пропусков', findBreak(log), undefined);
  const log = await exported(operator);
  checkEqual('цепочка хешей не порвана', findBreak(log), undefined);
  tell.holds(
    `журнал дилера (записей: ${ownLogs[0].length}), банка (${ownLogs[1].length}) и общий (${log.length}) пересчитаны отдельной программой: цепочки хешей целы, пропусков нет`,
  );
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
  checkEqual('подделка видна', findBreak(rewritten), ofGrant?.seq);
  const removed = log.filter(({ seq }) => seq !== ofGrant?.seq);
  checkEqual('удаление видно', findBreak(removed), (ofGrant?.seq ?? 0) + 1);
  tell.holds(
    'если задним числом «открыть» банку телефон или убрать запись, проверка своего журнала указывает на это место',
  );
}

async function exported(client: Client): Promise<AuditEntry[]> {
  const { body } = await client.send('GET', '/v1/audit/export');
  const lines = String(body).trim().split('\n');
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
