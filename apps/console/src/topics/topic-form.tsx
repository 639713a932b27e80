import { useState } from 'react';
import type { ApiProblem } from '../api/api.ts';
import { useText } from '../i18n/use-text.ts';
import { Form } from '../ui/form.tsx';
import { type JsonObject, readJsonObject, writeJsonObject } from '../ui/json-object.ts';
import { Select, TextArea, TextField } from '../ui/text-field.tsx';
import type { Topic } from './topic-name.tsx';

export type TopicFields = {
  readonly name: string;
  readonly description: string | null;
  readonly visibility: 'private' | 'listed';
  readonly retentionDays: number;
  readonly schema: JsonObject | null;
};

type Props = {
  readonly topic?: Topic;
  readonly submit: string;
  readonly busy: boolean;
  readonly problem: ApiProblem | null;
  readonly onSubmit: (fields: TopicFields) => void;
};

export function TopicForm({ topic, submit, busy, problem, onSubmit }: Props) {
  const text = useText();
  const [name, setName] = useState(topic?.name ?? '');
  const [description, setDescription] = useState(topic?.description ?? '');
  const [visibility, setVisibility] = useState(topic?.visibility ?? 'private');
  const [days, setDays] = useState(String(topic?.retentionDays ?? 30));
  const [schema, setSchema] = useState(writeJsonObject(topic?.schema ?? null));
  const read = readJsonObject(schema);
  function send() {
    if (read === undefined) return;
    onSubmit({
      name,
      description: description || null,
      visibility,
      retentionDays: Number(days),
      schema: read,
    });
  }
  return (
    <Form
      onSubmit={send}
      submit={submit}
      busy={busy}
      problem={problem}
      disabledBecause={read === undefined ? text('topic.schemaBroken') : undefined}
    >
      <TextField name="name" label={text('topic.name')} value={name} onChange={setName} required />
      <TextArea
        name="description"
        label={text('topic.description')}
        hint={text('topic.descriptionHint')}
        value={description}
        onChange={setDescription}
        rows={2}
      />
      <div className="form-row">
        <Select
          name="visibility"
          label={text('topic.visibility')}
          hint={text(`topic.visibilityHint.${visibility}`)}
          value={visibility}
          onChange={setVisibility}
          options={[
            { value: 'private', label: text('topic.visibility.private') },
            { value: 'listed', label: text('topic.visibility.listed') },
          ]}
        />
        <TextField
          name="retentionDays"
          type="number"
          label={text('topic.retentionDays')}
          value={days}
          onChange={setDays}
          required
        />
      </div>
      <TextArea
        name="schema"
        label={text('topic.schema')}
        hint={text('topic.schemaHint')}
        error={read === undefined ? text('topic.schemaBroken') : undefined}
        value={schema}
        onChange={setSchema}
        rows={8}
        code
      />
    </Form>
  );
}
