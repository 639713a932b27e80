import { createHash } from 'node:crypto';
import { z } from 'zod';
import { auditEntry, findBreak, isUntouched } from '../audit-chain.ts';
import { check, checkEqual } from '../check.ts';
import type { Arrival } from '../endpoints.ts';
import { type Cast, deliveries, type Stage } from '../stage.ts';

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
  const sent = await dealer.client.send('GET', '/v1/receipts', { query: { topicId, partnerId: bank.id } });
  const taken = await bank.client.send('GET', '/v1/receipts', { query: { topicId } });
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
  checkEqual(
    'банк видит ту же запись, но не с какого адреса она сделана',
    byBank.items.find(({ seq }) => seq === ofGrant?.seq),
    ofGrant && { ...ofGrant, remoteAddress: null },
  );
  tell.holds(`запись № ${ofGrant?.seq} «${ofGrant?.action}» одинакова у дилера и у банка`);

  const exported = await operator.send('GET', '/v1/audit/export');
  const lines = String(exported.body).trim().split('\n');
  const log = lines.map((line) => auditEntry.parse(JSON.parse(line)));
  checkEqual('журнал полон', log[0]?.prevHash, '0'.repeat(64));
  checkEqual('цепочка хешей не порвана', findBreak(log), undefined);
  tell.holds(`весь журнал (записей: ${log.length}) пересчитан отдельной программой: цепочка хешей цела`);
  const forged = log.map((entry) =>
    entry.seq === ofGrant?.seq ? { ...entry, after: { fields: null } } : entry,
  );
  checkEqual('подделка видна', findBreak(forged), ofGrant?.seq);
  check('запись нетронута', ofGrant !== undefined && isUntouched(ofGrant), {
    expected: 'верный хеш',
    came: ofGrant,
  });
  tell.holds('если задним числом «открыть» банку телефон, проверка указывает на эту запись');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
