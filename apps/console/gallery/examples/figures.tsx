import { DeliveryStateBadge } from '../../src/deliveries/delivery-state.tsx';
import { Figures } from '../../src/ui/figures.tsx';
import { LONG } from '../facts.ts';

export const One = () => <Figures items={[{ id: 'a', name: 'messages', value: '5 310' }]} />;
export const Many = () => (
  <Figures
    items={Array.from({ length: 9 }, (_, place) => ({
      id: String(place),
      name: <DeliveryStateBadge state="delivered" />,
      value: '1 234 567',
    }))}
  />
);
export const Long = () => (
  <Figures items={[{ id: 'a', name: LONG, value: '123 456 789 012 345 678 901 234 567' }]} />
);
