import type { ApiProblem } from '../api/api.ts';
import type { ApiCall } from '../api/snippets.ts';
import { useText } from '../i18n/use-text.ts';
import { DraftNote } from '../session/draft-note.tsx';
import { useDraft } from '../session/use-draft.ts';
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
  /** False: it was refused. */
  readonly onSubmit: (fields: TopicFields) => Promise<boolean>;
  readonly callOf: (fields: TopicFields) => ApiCall;
};

type Entered = Record<'name' | 'description' | 'days' | 'schema', string> & Pick<TopicFields, 'visibility'>;

function enteredOf(topic: Topic | undefined): Entered {
  return {
    name: topic?.name ?? '',
    description: topic?.description ?? '',
    visibility: topic?.visibility ?? 'private',
    days: String(topic?.retentionDays ?? 30),
    schema: writeJsonObject(topic?.schema ?? null),
  };
}

/** Undefined where the schema is no JSON object. */
function fieldsOf({ name, description, visibility, days, schema: text }: Entered): TopicFields | undefined {
  const schema = readJsonObject(text);
  if (schema === undefined) return undefined;
  return { name, description: description || null, visibility, retentionDays: Number(days), schema };
}

export function TopicForm({ topic, submit, busy, problem, onSubmit, callOf }: Props) {
  const text = useText();
  const draft = useDraft(`topic.${topic?.id ?? 'new'}`, enteredOf(topic));
  const entered = draft.value;
  const set = (name: keyof Entered) => (value: string) => draft.set({ ...entered, [name]: value });
  const fields = fieldsOf(entered);
  async function send() {
    if (fields !== undefined && (await onSubmit(fields))) draft.clear();
  }
  return (
    <Form
      onSubmit={() => void send()}
      submit={submit}
      busy={busy}
      problem={problem}
      disabledBecause={fields === undefined ? text('topic.schemaBroken') : undefined}
      call={fields === undefined ? undefined : callOf(fields)}
    >
      <DraftNote draft={draft} />
      <TextField
        name="name"
        label={text('topic.name')}
        value={entered.name}
        onChange={set('name')}
        required
      />
      <TextArea
        name="description"
        label={text('topic.description')}
        hint={text('topic.descriptionHint')}
        value={entered.description}
        onChange={set('description')}
        rows={2}
      />
      <div className="form-row">
        <Select
          name="visibility"
          label={text('topic.visibility')}
          hint={text(`topic.visibilityHint.${entered.visibility}`)}
          value={entered.visibility}
          onChange={set('visibility')}
          options={[
            { value: 'private', label: text('topic.visibility.private') },
            { value: 'listed', label: text('topic.visibility.listed') },
          ]}
        />
        <TextField
          name="retentionDays"
          type="number"
          label={text('topic.retentionDays')}
          value={entered.days}
          onChange={set('days')}
          required
        />
      </div>
      <TextArea
        name="schema"
        label={text('topic.schema')}
        hint={text('topic.schemaHint')}
        error={fields === undefined ? text('topic.schemaBroken') : undefined}
        value={entered.schema}
        onChange={set('schema')}
        rows={8}
        code
      />
    </Form>
  );
}
