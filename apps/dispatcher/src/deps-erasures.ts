import { randomBytes } from 'node:crypto';
import { createRecallWork } from '@anika/broker/recall-work';
import { type Filter, parseFilterText } from '@anika/core/filter';
import { secretContext } from '@anika/core/secret-context';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createErasureWalk } from '@anika/stores/mongo/erasure-walk';
import { type ClaimedErasure, createErasureStore } from '@anika/stores/postgres/erasures';
import { createErase } from './erasures/erase.ts';
import { createWorkOnErasures } from './erasures/work-on-erasures.ts';
import type { Infrastructure } from './infrastructure.ts';

const EVERY_MS = 500;

/** Erasures of persons, and of topics that were deleted. */
export function composeErasures(infrastructure: Infrastructure, lifecycle: Lifecycle): void {
  const { postgres, mongo, messages, recalls, wordBlocks, secretBox, clock, logger } = infrastructure;
  const store = createErasureStore(postgres);
  const { carryOut, silence, cancelUnstored } = createRecallWork({
    ...infrastructure,
    failed: (error) => logger.warn({ err: error }, 'jobs of an erasure are left to the sweep'),
  });
  const erase = createErase({
    ...store,
    ...createErasureWalk(mongo),
    beingFannedOut: messages.beingFannedOut,
    recall: recalls.recall,
    lookFrom: recalls.lookFrom,
    criterionOf: (erasure) => criterionOf(erasure, secretBox.open),
    cancelUnstored,
    carryOut: (recalled, reason) => (reason === 'recalled' ? carryOut(recalled) : silence(recalled, reason)),
    removeAllWords: wordBlocks.removeOfTopic,
    finished: ({ id, kind }, erased) => logger.info({ erasureId: id, kind, erased }, 'erasure finished'),
    clock,
  });
  const work = createWorkOnErasures({
    claim: store.claim,
    release: store.release,
    erase,
    newLease: () => randomBytes(12).toString('base64url'),
    logger,
    clock,
  });
  lifecycle.onClose('erasures', startTicker(work, { everyMs: EVERY_MS, logger }));
}

function criterionOf(
  { id, sealedCriterion }: ClaimedErasure,
  open: (sealed: string, context: string) => string,
): Filter {
  if (sealedCriterion === undefined) throw new Error(`erasure ${id} does not say what it looks for`);
  const parsed = parseFilterText(open(sealedCriterion, secretContext.erasure(id)));
  if (!parsed.ok) throw new Error(`erasure ${id} looks for what is no filter`);
  return parsed.filter;
}
