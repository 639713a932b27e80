import type { ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, onTestFinished, vi } from 'vitest';
import type { Language, Theme } from '../../src/i18n/preferences.tsx';
import { Stage, type StageProps } from '../stage.tsx';

export type Look = { readonly language: Language; readonly theme: Theme };

const PREFERENCES = 'anika.preferences';

type Options = Omit<StageProps, 'children'> & { readonly look?: Look };

/** Puts it on the page, where it stays until the test ends or `remove` is called. */
export function show(content: ReactNode, { look, ...stage }: Options = {}): { readonly remove: () => void } {
  localStorage.setItem(PREFERENCES, JSON.stringify(look ?? { language: 'en', theme: 'light' }));
  const host = document.body.appendChild(document.createElement('main'));
  const root: Root = createRoot(host);
  root.render(<Stage {...stage}>{content}</Stage>);
  const remove = () => {
    root.unmount();
    host.remove();
  };
  onTestFinished(remove);
  return { remove };
}

/** What a browser would show in its console, or throw outside of every test, fails the test. */
export function failOnComplaints(): void {
  const complaints: string[] = [];
  beforeEach(() => {
    for (const level of ['error', 'warn'] as const) {
      vi.spyOn(console, level).mockImplementation(
        (...said) => void complaints.push(said.map(String).join(' ')),
      );
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    expect(complaints.splice(0)).toEqual([]);
  });
}
