import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from '../ui/button.tsx';
import { linkOfView } from './link-of-view.ts';

const SAID_MS = 1500;

/** The address of what is seen, with times that stand. */
export function CopyLink() {
  const text = useText();
  const router = useRouter();
  const { zone, browserZone } = usePreferences();
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    const stand = router.state.matches.at(-1)?.staticData.stand;
    const link = linkOfView(
      location.href,
      zone ?? browserZone,
      (search) => stand?.(search, Date.now()) ?? search,
    );
    await navigator.clipboard.writeText(link);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  }
  return (
    <span className="copy-link">
      <IconButton
        icon={isCopied ? 'check' : 'link'}
        label={text('shell.copyLink')}
        onPress={() => void copy()}
      />
      <span className="visually-hidden" role="status">
        {isCopied ? text('ui.copied') : ''}
      </span>
    </span>
  );
}
