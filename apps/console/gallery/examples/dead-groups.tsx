import { DeadGroups } from '../../src/deliveries/dead-groups.tsx';
import type { DeadGroup } from '../../src/deliveries/group-dead.ts';
import { AT, DELIVERY_ID, nothing, SUBSCRIPTION, TOPIC } from '../facts.ts';

const group: DeadGroup = {
  subscriptionId: SUBSCRIPTION.id,
  topicId: TOPIC.id,
  reason: 'attempts-exhausted',
  status: 503,
  errorClass: 'http',
  count: 412,
  firstAcceptedAt: AT,
  lastAcceptedAt: AT,
  lastFinishedAt: AT,
  exampleId: DELIVERY_ID,
};

export const Some = () => (
  <DeadGroups
    onRedriven={nothing}
    groups={[group, { ...group, reason: 'refused', status: null, errorClass: 'tls', count: 1 }]}
  />
);
export const OfAnUnknownReason = () => (
  <DeadGroups onRedriven={nothing} groups={[{ ...group, reason: null, errorClass: null, status: null }]} />
);
