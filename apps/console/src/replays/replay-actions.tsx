import { pauseReplay, type replay, resumeReplay, stopReplay } from '@anika/contracts/replays';
import type { z } from 'zod';
import { apiCall } from '../api/snippets.ts';
import { useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { OF_REPLAYS } from './stale.ts';

export type Replay = z.output<typeof replay>;

/** What may still be done with one that has not ended. */
export function ReplayActions({ of: { id, state, matched, started } }: { readonly of: Replay }) {
  const text = useText();
  const may = useMay();
  const pause = useWrite(pauseReplay, OF_REPLAYS);
  const resume = useWrite(resumeReplay, OF_REPLAYS);
  const stop = useWrite(stopReplay, OF_REPLAYS);
  const error = pause.error ?? resume.error;
  const call = { params: { id } };
  if (!may.manage || state === 'done' || state === 'stopped') return null;
  return (
    <>
      {state === 'running' ? (
        <Button busy={pause.busy} onPress={() => void pause.run(call)}>
          {text('replay.pause')}
        </Button>
      ) : (
        <Button kind="primary" busy={resume.busy} onPress={() => void resume.run(call)}>
          {text('replay.resume')}
        </Button>
      )}
      <WideAction
        label={text('replay.stop')}
        title={text('replay.stopTitle')}
        effect={<p>{text('replay.stopEffect', { count: Math.max(matched - started, 0) })}</p>}
        danger
        busy={stop.busy}
        problem={stop.error}
        call={apiCall(stopReplay, call)}
        run={() => stop.run(call)}
      />
      {error !== null && <Problem problem={error} />}
    </>
  );
}
