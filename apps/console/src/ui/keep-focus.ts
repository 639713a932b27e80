/**
 * Once what had the focus is gone, the keyboard goes on from the title of the page and not from its very beginning. To be
 * called after whatever took it away; a dialog that closes has its own say before.
 */
export function keepFocus(): void {
  requestAnimationFrame(() => requestAnimationFrame(goOn));
}

function goOn(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}
