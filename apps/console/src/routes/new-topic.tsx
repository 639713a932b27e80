import { catalog, createTopic, listTopics } from '@anika/contracts/topics';
import { Link, useNavigate } from '@tanstack/react-router';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { LimitHint } from '../settings/limit-hint.tsx';
import { TopicForm } from '../topics/topic-form.tsx';
import { Page } from '../ui/page.tsx';

export function NewTopicPage() {
  const text = useText();
  const navigate = useNavigate();
  const create = useWrite(createTopic, [listTopics, catalog]);
  return (
    <Page
      title={text('topic.new')}
      above={<Link to="/topics">{text('menu.topics')}</Link>}
      lead={text('topic.newLead')}
    >
      <LimitHint kind="topics" />
      <TopicForm
        submit={text('topic.make')}
        busy={create.busy}
        problem={create.error}
        onSubmit={async (body) => {
          const done = await create.run({ body });
          if (done === undefined) return false;
          await navigate({ to: '/topics/$topicId', params: { topicId: done.data.id } });
          return true;
        }}
        callOf={(body) => apiCall(createTopic, { body })}
      />
    </Page>
  );
}
