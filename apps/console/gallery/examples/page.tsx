import { Badge } from '../../src/ui/badge.tsx';
import { Button } from '../../src/ui/button.tsx';
import { Page, Section } from '../../src/ui/page.tsx';
import { HOSTILE, LONG, UNBROKEN } from '../facts.ts';

export const Plain = () => (
  <Page title="Topics" lead="What you publish to." actions={<Button kind="primary">New topic</Button>}>
    <Section title="Own" lead="Yours alone.">
      <p>…</p>
    </Section>
  </Page>
);
export const Long = () => (
  <Page
    title={LONG}
    above={<a href="#above">{LONG}</a>}
    beside={<Badge tone="good" icon="disc" word="active" />}
    lead={UNBROKEN}
    actions={
      <>
        <Button>Pause</Button>
        <Button>Send a test event</Button>
        <Button kind="danger">Delete</Button>
      </>
    }
  >
    <Section title={UNBROKEN} actions={<Button>Refresh</Button>}>
      <p>{UNBROKEN}</p>
    </Section>
  </Page>
);
export const Hostile = () => (
  <Page title={HOSTILE}>
    <p>…</p>
  </Page>
);
