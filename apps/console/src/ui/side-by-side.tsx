import { useText } from '../i18n/use-text.ts';
import { VisibleJson } from './visible.tsx';

type Line = { readonly before: string; readonly after: string | undefined };

type Props = {
  readonly label: string;
  readonly heads: { readonly before: string; readonly after: string };
  /** What is not in `after` is left out there. */
  readonly lines: readonly Line[];
};

/** More are too many to be read, and to be drawn at once. */
const SHOWN = 2000;

/**
 * Two texts line beside line, of which the second leaves some out. On a narrow screen one column tells both: there is
 * no room for two. No editor's difference: it would weigh 119 kB and guess what is known here.
 */
export function SideBySide({ label, heads, lines }: Props) {
  const text = useText();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="beside" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{heads.before}</th>
            <th scope="col">{heads.after}</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, SHOWN).map(({ before, after }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text do not move
            <tr key={index} data-hidden={after === undefined || undefined}>
              <td>
                {after === undefined ? (
                  <del>
                    <VisibleJson json={before} />
                  </del>
                ) : (
                  <VisibleJson json={before} />
                )}
              </td>
              <td>
                {after !== undefined ? (
                  <VisibleJson json={after} />
                ) : (
                  <span className="beside-hidden">{text('ui.hidden')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > SHOWN && <p>{text('ui.firstLines', { shown: SHOWN, count: lines.length })}</p>}
    </section>
  );
}
