import { Neighbours, TrailProvider } from '../../src/ui/trail.tsx';
import { nothing } from '../facts.ts';

function Shown({ addresses }: { readonly addresses: readonly string[] }) {
  return (
    <TrailProvider value={{ addresses, go: nothing }}>
      <Neighbours />
    </TrailProvider>
  );
}

// The page that examples are on is /console/deliveries.
export const First = () => <Shown addresses={['/console/deliveries', '/console/b']} />;
export const Between = () => <Shown addresses={['/console/a', '/console/deliveries?tab=b', '/console/c']} />;
export const Last = () => <Shown addresses={['/console/a', '/console/deliveries']} />;
