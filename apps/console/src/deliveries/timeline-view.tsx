import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { type Placed, place, segmentsOf, type Told } from './timeline.ts';

const WIDTH = 1000;
const HEIGHT = 56;
const TOP = 12;

/** What became of a delivery, drawn; the table below it says the same in words. */
export function Timeline({ delivery }: { readonly delivery: Told }) {
  const text = useText();
  const placed = place(segmentsOf(delivery));
  if (placed.length === 0) return null;
  const summary = text('timeline.summary', { count: delivery.attempts.length });
  return (
    <figure className="timeline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary} preserveAspectRatio="none">
        {placed.map((segment) => (
          <Piece key={`${segment.kind}-${segment.fromMs}`} segment={segment} />
        ))}
      </svg>
      <figcaption>
        <ol>
          {placed.map((segment) => (
            <Label
              key={`${segment.kind}-${segment.fromMs}`}
              segment={segment}
              sinceAcceptedMs={Date.now() - Date.parse(delivery.acceptedAt)}
            />
          ))}
        </ol>
      </figcaption>
    </figure>
  );
}

function Piece({ segment }: { readonly segment: Placed }) {
  const x = segment.x * WIDTH;
  const width = segment.width * WIDTH;
  if (segment.kind === 'attempt') {
    const look = segment.succeeded ? 'piece-good' : 'piece-bad';
    return <rect className={look} x={x} y={TOP} width={width} height={HEIGHT - 2 * TOP} rx="3" />;
  }
  const middle = HEIGHT / 2;
  return <line className={`piece-${segment.kind}`} x1={x + 2} x2={x + width - 2} y1={middle} y2={middle} />;
}

type LabelProps = { readonly segment: Placed; readonly sinceAcceptedMs: number };

function Label({ segment, sinceAcceptedMs }: LabelProps) {
  const text = useText();
  const duration = useDuration();
  const time = duration(segment.toMs - segment.fromMs);
  if (segment.kind === 'wait') return <li className="piece-label">{text('timeline.waited', { time })}</li>;
  if (segment.kind === 'next') {
    const ahead = segment.toMs - sinceAcceptedMs;
    const when = ahead < 1000 ? text('timeline.nextNow') : text('timeline.next', { time: duration(ahead) });
    return <li className="piece-label">{when}</li>;
  }
  const id = segment.succeeded ? 'timeline.succeeded' : 'timeline.failed';
  return <li className="piece-label piece-label-strong">{text(id, { n: segment.n, time })}</li>;
}
