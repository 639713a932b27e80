import { type ComponentType, useState } from 'react';
import { LanguageSwitch, ThemeSwitch } from '../src/shell/switches.tsx';
import { Button } from '../src/ui/button.tsx';
import { Page, Section } from '../src/ui/page.tsx';
import { Select } from '../src/ui/text-field.tsx';
import { ALL_EXAMPLES, type Examples } from './all-examples.ts';

const WIDTHS = ['100%', '640px', '360px'] as const;

/** Every component in every state; at the top, whose language, theme and screen it is seen in. */
export function Gallery() {
  const [width, setWidth] = useState<string>('100%');
  const [name, setName] = useState('');
  const shown = ALL_EXAMPLES.filter((one) => name === '' || one.name === name);
  return (
    <main>
      <Page
        title="Gallery"
        actions={
          <>
            <LanguageSwitch />
            <ThemeSwitch />
          </>
        }
      >
        <div className="filter-fields">
          <Select
            name="component"
            label="Component"
            value={name}
            onChange={setName}
            options={[
              { value: '', label: 'All' },
              ...ALL_EXAMPLES.map((one) => ({ value: one.name, label: one.name })),
            ]}
          />
          <Select
            name="width"
            label="Width"
            value={width}
            onChange={setWidth}
            options={WIDTHS.map((value) => ({ value, label: value }))}
          />
        </div>
        <div style={{ width, maxWidth: '100%' }}>
          {shown.map((one) => (
            <States key={one.name} of={one} />
          ))}
        </div>
      </Page>
    </main>
  );
}

/** The states of one component, one below the other. */
export function States({ of: { name, states, isAlone } }: { readonly of: Examples }) {
  return (
    <Section title={name}>
      {Object.entries(states).map(([state, Shown]) => (
        <div key={state} className="card stack-tight" data-state={state}>
          <h3>{state}</h3>
          {isAlone ? <Alone of={Shown} /> : <Shown />}
        </div>
      ))}
    </Section>
  );
}

function Alone({ of: Shown }: { readonly of: ComponentType }) {
  const [isOpen, setOpen] = useState(false);
  return isOpen ? <Shown /> : <Button onPress={() => setOpen(true)}>Show</Button>;
}
