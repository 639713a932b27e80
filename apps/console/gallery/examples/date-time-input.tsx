import { DateTimeInput } from '../../src/ui/date-time-input.tsx';
import { Form } from '../../src/ui/form.tsx';
import { LONG, nothing, problemOf } from '../facts.ts';

const refused = problemOf('validation-failed', {
  errors: [{ path: 'at', message: 'must lie in the future' }],
});

export const Given = () => (
  <DateTimeInput name="at" label="From" hint={LONG} value="2026-03-08T01:30" onChange={nothing} />
);
export const None = () => <DateTimeInput name="at" label={LONG} value="" onChange={nothing} />;
export const Refused = () => (
  <Form onSubmit={nothing} submit="Publish" busy={false} problem={refused}>
    <DateTimeInput name="at" label="Send later" value="2020-03-08T01:30" onChange={nothing} />
  </Form>
);
