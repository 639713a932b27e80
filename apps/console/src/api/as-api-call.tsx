import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { type ApiCall, curlOf, openerOf, typescriptOf } from './snippets.ts';

/** The same without the console: with the ids and the fields as they are now, without anything secret. */
export function AsApiCall({ call }: { readonly call: ApiCall }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  const opener = openerOf(call.route.access);
  return (
    <>
      <Button kind="quiet" icon="developers" onPress={() => setOpen(true)}>
        {text('api.show')}
      </Button>
      <Dialog title={text('api.title')} isOpen={isOpen} onClose={() => setOpen(false)} isWide>
        <p className="lead">
          {text(`api.opener.${opener.kind}`, { scope: opener.kind === 'key' ? opener.scope : '' })}
        </p>
        <h3>{text('api.curl')}</h3>
        <Code label={text('api.curl')} text={curlOf(call, location.origin)} />
        <h3>{text('api.typescript')}</h3>
        <Code label={text('api.typescript')} text={typescriptOf(call, location.origin)} />
      </Dialog>
    </>
  );
}
