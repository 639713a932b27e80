import { Sparkline } from '../../src/ui/sparkline.tsx';

const values = Array.from({ length: 48 }, (_, place) => (place * 7) % 13);
const none = values.map(() => false);

export const Good = () => <Sparkline label="The last hour: 280 accepted" values={values} marks={none} />;
export const WithFailures = () => (
  <Sparkline
    label="The last hour: 280 accepted, 4 failed"
    values={values}
    marks={values.map((value) => value === 12)}
  />
);
export const Quiet = () => (
  <Sparkline label="The last hour: nothing" values={values.map(() => 0)} marks={none} />
);
export const OfNoTime = () => <Sparkline label="No time at all" values={[]} marks={[]} />;
