import { WideAction } from '../../src/ui/wide-action.tsx';
import { LONG, nothing } from '../facts.ts';

const action = {
  label: 'Redrive',
  title: 'Send all of them again',
  effect: <p>412 deliveries begin anew.</p>,
  run: async () => nothing(),
  busy: false,
  problem: null,
};

export const Plain = () => <WideAction {...action} />;
export const Danger = () => <WideAction {...action} danger typed={LONG} />;
export const Disabled = () => <WideAction {...action} disabledBecause="The subscription is paused" />;
