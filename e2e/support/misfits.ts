/** Of a line of text or of a field, on whatever screen: about 130 letters. */
const LINE_MAX_REM = 70;
/** Beside what is chosen of a list. */
const ARROW_PX = 16;

/**
 * For a browser to evaluate: what reaches beyond the screen, or beyond an element that does not scroll; lines too long to
 * be read; and characters that nobody sees or that turn what follows, which partners' texts may hold.
 */
export const MISFITS = `(() => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth > width) found.push('the page scrolls sideways');
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('.visually-hidden, .skip, svg, thead, select, input, textarea')) continue;
    const box = element.getBoundingClientRect();
    // Of one pixel is what only screen readers are to find, such as the way out of a dialog.
    if (box.width <= 1) continue;
    const scrolls = element.closest('pre, .json-tree, .timeline');
    if (!scrolls && box.right > width + 1) found.push('beyond the screen: ' + element.className + ' ' + element.textContent.slice(0, 40));
    const style = getComputedStyle(element);
    const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
    if (hides && element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== 'ellipsis') {
      found.push('cut off: ' + element.className + ' ' + element.textContent.slice(0, 40));
    }
  }
  const limit = ${LINE_MAX_REM} * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const widthOf = (node) => {
    if (node.nodeType !== Node.TEXT_NODE) return node.getBoundingClientRect().width;
    const range = document.createRange();
    range.selectNodeContents(node);
    return Math.max(0, ...[...range.getClientRects()].map((one) => one.width));
  };
  for (const element of document.querySelectorAll('main :is(p, li, dd, h1, h2, label, button, input, select, textarea)')) {
    if (element.closest('.visually-hidden, pre, table, .json-tree, .timeline')) continue;
    const isField = element.matches('button, input, select, textarea');
    const parts = isField ? [element] : [...element.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE);
    const line = Math.max(0, ...parts.map(widthOf));
    if (line > limit) found.push('too wide: ' + Math.round(line) + ' ' + element.tagName + ' ' + element.className + ' ' + element.textContent.slice(0, 40));
  }
  const canvas = document.createElement('canvas').getContext('2d');
  for (const select of document.querySelectorAll('.topbar select')) {
    const style = getComputedStyle(select);
    canvas.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - ${ARROW_PX};
    const chosen = select.selectedOptions[0]?.text ?? '';
    if (select.offsetParent !== null && canvas.measureText(chosen).width > room) found.push('cut off: ' + chosen);
  }
  const hidden = /[\\u0000-\\u0008\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]/;
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (hidden.test(data) && !parentElement.closest('script, style, textarea, .date-segments')) found.push('not seen: ' + JSON.stringify(data.slice(0, 40)));
  }
  for (const element of document.querySelectorAll('[title], [aria-label], [data-head]')) {
    for (const { name, value } of element.attributes) {
      if (['title', 'aria-label', 'data-head'].includes(name) && hidden.test(value)) found.push('not seen: ' + name + ' ' + value.slice(0, 40));
    }
  }
  return [...new Set(found)].slice(0, 5);
})()`;
