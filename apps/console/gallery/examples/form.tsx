import { createTopic } from '@anika/contracts/topics';
import { type ReactNode, useState } from 'react';
import type { ApiProblem } from '../../src/api/api.ts';
import { apiCall } from '../../src/api/snippets.ts';
import { Button } from '../../src/ui/button.tsx';
import { Form } from '../../src/ui/form.tsx';
import { Checkbox, Select, TextArea, TextField } from '../../src/ui/text-field.tsx';
import { HOSTILE, nothing, problemOf, UNBROKEN } from '../facts.ts';

type Props = {
  readonly problem?: ApiProblem;
  readonly busy?: boolean;
  readonly disabledBecause?: string;
  readonly wrong?: Readonly<Record<string, string>>;
  readonly danger?: boolean;
  readonly beside?: ReactNode;
};

function Shown({ problem, ...rest }: Props) {
  const [name, setName] = useState('Выбор машины');
  return (
    <Form
      {...rest}
      submit="Save"
      busy={rest.busy ?? false}
      problem={problem ?? null}
      onSubmit={nothing}
      call={apiCall(createTopic, { body: { name } })}
    >
      <TextField name="name" label="Name" hint="What partners see." value={name} onChange={setName} />
      <TextArea name="schema" label="Schema" code value={`{"type":"object"}`} onChange={nothing} />
      <Select
        name="visibility"
        label="Visibility"
        value="listed"
        onChange={nothing}
        options={[{ value: 'listed', label: 'Listed in the catalogue' }]}
      />
      <Checkbox label="Ordered by key" hint="Slower." checked onChange={nothing} />
    </Form>
  );
}

export const Fresh = () => <Shown beside={<Button>Cancel</Button>} />;
export const Busy = () => <Shown busy />;
export const Disabled = () => <Shown disabledBecause="Choose a topic first" />;
export const Danger = () => <Shown danger />;
export const FieldsRefused = () => (
  <Shown
    problem={problemOf('validation-failed', {
      errors: [
        { path: 'name', message: 'must be at most 200 characters long' },
        { path: 'schema', message: `${UNBROKEN} is no JSON Schema` },
        { path: 'visibility', message: HOSTILE },
      ],
    })}
  />
);
export const Refused = () => <Shown problem={problemOf('conflict', { status: 409 })} />;
export const WrongInItsOwnWords = () => (
  <Shown
    problem={problemOf('unauthenticated', { status: 401 })}
    wrong={{ unauthenticated: 'The password is another one.' }}
  />
);
