import { elementTexts, memberTexts } from '@anika/core/json-text';
import { useText } from '../i18n/use-text.ts';
import { Copy } from './id.tsx';
import { kindOf, prettyJson } from './pretty-json.ts';
import { Visible, VisibleJson } from './visible.tsx';
import { visibleText } from './visible-text.ts';

type TextProps = {
  readonly text: string;
  readonly label: string;
  /** What is copied: as it is shown or, where every byte counts, as it came. */
  readonly copies?: 'as-shown' | 'as-is';
};

/** JSON as text, exactly as it came but for the white space. */
export function JsonText({ text, label, copies = 'as-shown' }: TextProps) {
  const t = useText();
  const pretty = prettyJson(text);
  return (
    <section className="json" aria-label={label}>
      <Copy value={copies === 'as-is' ? text : visibleText(pretty)} label={t('ui.copyJson')} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <VisibleJson json={pretty} />
      </pre>
    </section>
  );
}

const OPEN_LEVELS = 2;

type NodeProps = { readonly name?: string | undefined; readonly text: string; readonly level: number };

/** JSON as a tree that opens and closes. */
export function JsonTree({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <section className="json-tree" aria-label={label}>
      <JsonNode text={text} level={0} />
    </section>
  );
}

function JsonNode({ name, text, level }: NodeProps) {
  const t = useText();
  const kind = kindOf(text);
  const head =
    name === undefined ? null : (
      <span className="json-name">
        <Visible text={name} />
      </span>
    );
  if (kind !== 'object' && kind !== 'array') {
    return (
      <p className="json-leaf">
        {head}{' '}
        <span className={`json-${kind}`}>
          <Visible text={kind === 'text' ? String(JSON.parse(text)) : text} />
        </span>
      </p>
    );
  }
  const children =
    kind === 'object'
      ? memberTexts(text).map((member) => ({ name: member.name, text: member.valueText }))
      : elementTexts(text).map((item, index) => ({ name: String(index), text: item }));
  return (
    <details open={level < OPEN_LEVELS}>
      <summary>
        {head ?? <span className="json-name">{kind === 'object' ? '{}' : '[]'}</span>}{' '}
        <span className="json-size">{t(`ui.json.${kind}`, { count: children.length })}</span>
      </summary>
      <div className="json-inner">
        {children.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes, and its names may come twice
          <JsonNode key={index} name={child.name} text={child.text} level={level + 1} />
        ))}
      </div>
    </details>
  );
}
