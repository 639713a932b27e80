import { useEffect, useRef } from 'react';
import { WideAction } from '../../src/ui/wide-action.tsx';
import { HOSTILE, nothing, problemOf } from '../facts.ts';

type Props = Partial<Parameters<typeof WideAction>[0]>;

function Open(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector('button')?.click(), []);
  return (
    <div ref={place}>
      <WideAction
        label="Delete"
        title="Delete the topic"
        effect={<p>3 readers lose it. Nothing brings it back.</p>}
        run={async () => nothing()}
        busy={false}
        problem={null}
        {...props}
      />
    </div>
  );
}

export const ItsEffect = () => <Open />;
export const TypedFirst = () => <Open danger typed={HOSTILE} />;
export const Refused = () => <Open problem={problemOf('conflict', { status: 409 })} />;
export const UnderWay = () => <Open busy />;
