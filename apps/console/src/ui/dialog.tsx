import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './button.tsx';
import { Visible } from './visible.tsx';

type Props = {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** It cannot be put aside: something has to be done first. */
  readonly isNeeded?: boolean;
  readonly isWide?: boolean;
  readonly children: ReactNode;
};

/** Above the page, which waits: the keyboard stays within it and goes back to where it was. */
export function Dialog({ title, isOpen, onClose, isNeeded = false, isWide = false, children }: Props) {
  const text = useText();
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable={!isNeeded}
      isKeyboardDismissDisabled={isNeeded}
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className={isWide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">
              <Visible text={title} />
            </Heading>
            {!isNeeded && <IconButton icon="close" label={text('ui.close')} onPress={onClose} />}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
