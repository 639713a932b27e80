import { Button, IconButton } from '../../src/ui/button.tsx';
import { LONG, nothing } from '../facts.ts';

export const Plain = () => <Button onPress={nothing}>Show</Button>;
export const Primary = () => (
  <Button kind="primary" icon="plus" onPress={nothing}>
    New topic
  </Button>
);
export const Danger = () => (
  <Button kind="danger" onPress={nothing}>
    Delete
  </Button>
);
export const Quiet = () => (
  <Button kind="quiet" icon="developers" onPress={nothing}>
    As API call
  </Button>
);
export const Busy = () => (
  <Button busy onPress={nothing}>
    Retry
  </Button>
);
export const DisabledWithItsReason = () => (
  <Button disabledBecause="It was delivered" onPress={nothing}>
    Retry
  </Button>
);
export const Long = () => (
  <Button icon="refresh" onPress={nothing}>
    {LONG}
  </Button>
);
export const OfAnIcon = () => <IconButton icon="close" label="Close" onPress={nothing} />;
export const OfAnIconOpen = () => <IconButton icon="menu" label="Menu" expanded onPress={nothing} />;
export const OfAnIconDisabled = () => <IconButton icon="next" label="Next" disabled onPress={nothing} />;
