import { type ReactNode, useEffect, useRef } from 'react';
import { Neighbours } from './trail.tsx';
import { Visible, visible } from './visible.tsx';
import { visibleText } from './visible-text.ts';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${visibleText(title)} · ANIKA`;
  }, [title]);
}

type Props = {
  readonly title: string;
  /** What kind of thing it is, or where one comes from. */
  readonly above?: ReactNode;
  readonly beside?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** Every page: its title, what may be done here, and what is on it. A reader is led to the title first. */
export function Page({ title, above, beside, lead, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-titles">
          {above !== undefined && (
            <p className="page-above">
              {above}
              <Neighbours />
            </p>
          )}
          <h1 ref={heading} tabIndex={-1}>
            <Visible text={title} />
            {beside !== undefined && <span className="page-beside">{beside}</span>}
          </h1>
          {lead !== undefined && <p className="lead">{visible(lead)}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

type SectionProps = {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

export function Section({ title, lead, actions, children }: SectionProps) {
  return (
    <section className="section">
      <header className="section-head">
        <h2>{title}</h2>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {lead !== undefined && <p className="lead">{visible(lead)}</p>}
      {children}
    </section>
  );
}
