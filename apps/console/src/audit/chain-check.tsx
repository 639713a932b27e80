import { exportAudit } from '@anika/contracts/audit';
import { useState } from 'react';
import { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Id } from '../ui/id.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { type ChainResult, entriesIn, verifyChain } from './verify-own-chain.ts';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly done: number }
  | { readonly kind: 'failed'; readonly problem: ApiProblem }
  | { readonly kind: 'done'; readonly result: ChainResult; readonly known: 'first' | 'held' | 'lost' };

const KEY = 'anika.audit-head.';

/** What an earlier look in this browser ended with must still be in the chain. */
function compareWithKept(key: string, hashes: readonly string[], head: string): 'first' | 'held' | 'lost' {
  const kept = localStorage.getItem(key);
  if (kept !== null && !hashes.includes(kept)) return 'lost';
  localStorage.setItem(key, head);
  return kept === null ? 'first' : 'held';
}

/** Recomputes the whole chain in this browser; `whose` tells apart what different people have seen. */
export function ChainCheck({ whose }: { readonly whose: string }) {
  const text = useText();
  const api = useApi();
  const [state, setState] = useState<State>({ kind: 'idle' });
  async function check() {
    setState({ kind: 'busy', done: 0 });
    try {
      const { text: lines } = await api.ask(exportAudit, { query: {} });
      const entries = entriesIn(lines) ?? [];
      const result = await verifyChain(entries, (done) => setState({ kind: 'busy', done }));
      const hashes = entries.map(({ hash }) => hash);
      const known = result.kind === 'intact' ? compareWithKept(KEY + whose, hashes, result.head) : 'first';
      setState({ kind: 'done', result, known });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setState({ kind: 'failed', problem: error });
    }
  }
  return (
    <Section title={text('chain.title')} lead={text('chain.lead')}>
      <div>
        <Button busy={state.kind === 'busy'} onPress={() => void check()}>
          {text('chain.check')}
        </Button>
      </div>
      {state.kind === 'busy' && <p role="status">{text('chain.busy', { count: state.done })}</p>}
      {state.kind === 'failed' && <Problem problem={state.problem} />}
      {state.kind === 'done' && <Result result={state.result} known={state.known} />}
    </Section>
  );
}

type ResultProps = { readonly result: ChainResult; readonly known: 'first' | 'held' | 'lost' };

function Result({ result, known }: ResultProps) {
  const text = useText();
  if (result.kind === 'empty') return <p className="note">{text('chain.empty')}</p>;
  if (result.kind === 'broken') {
    return (
      <p className="note note-bad" role="status">
        {text(`chain.${result.why}`, { seq: result.seq })}
      </p>
    );
  }
  return (
    <div className={known === 'lost' ? 'note note-bad' : 'note note-good'} role="status">
      <p>{text('chain.intact', { count: result.entries })}</p>
      <p>{text(`chain.known.${known}`)}</p>
      <p>
        {text('chain.head')} <Id value={result.head} />
      </p>
    </div>
  );
}
