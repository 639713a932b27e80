import { catalog, deleteTopic, getTopic, listTopics, updateTopic } from '@anika/contracts/topics';
import { useNavigate } from '@tanstack/react-router';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Section } from '../ui/page.tsx';
import { Saved } from '../ui/saved.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { TopicForm } from './topic-form.tsx';
import type { Topic } from './topic-name.tsx';

export function TopicSettings({ topic }: { readonly topic: Topic }) {
  const text = useText();
  const navigate = useNavigate();
  const update = useWrite(updateTopic, [getTopic, listTopics, catalog]);
  const remove = useWrite(deleteTopic, [listTopics, catalog]);
  const params = { id: topic.id };
  return (
    <div className="columns">
      <Section title={text('topic.change')}>
        <TopicForm
          topic={topic}
          submit={text('ui.save')}
          busy={update.busy}
          problem={update.error}
          onSubmit={async (body) => (await update.run({ params, body })) !== undefined}
          callOf={(body) => apiCall(updateTopic, { params, body })}
        />
        {update.data !== undefined && <Saved />}
      </Section>
      <Section title={text('topic.delete')} lead={text('topic.deleteLead')}>
        <div>
          <WideAction
            label={text('topic.delete')}
            title={text('topic.deleteTitle', { name: topic.name })}
            effect={<p>{text('topic.deleteEffect')}</p>}
            typed={topic.name}
            danger
            busy={remove.busy}
            problem={remove.error}
            call={apiCall(deleteTopic, { params })}
            run={async () => {
              const done = await remove.run({ params });
              if (done !== undefined) await navigate({ to: '/topics' });
              return done;
            }}
          />
        </div>
      </Section>
    </div>
  );
}
