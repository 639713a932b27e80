import { type Fence, fencesOf, startsAnika, stepsOf } from './transcript.ts';

type Source = { readonly path: string; readonly text: string };

/** The test that types the commands of pages as their readers would. */
export const TYPIST = 'e2e/docs-pages.e2e.test.ts';

/** Whose commands it does not type, and why. */
const EXCEPTED: ReadonlyMap<string, string> = new Map([
  ['CONTRIBUTING.md', 'its commands run single tests, and one that waits for a debugger'],
]);

const TYPED = /\brunPage\(\s*\[([^\]]*)\]/g;
const COMMAND = /^\s*(?:\$ )?(?:\w+=\S+ )*(?:curl|\.\/anika|node|npm|npx) /m;

/** Pages with commands for a shell that no test has typed; `typist` is the text of the test. */
export function typingDifferences(
  pages: readonly Source[],
  typist: string,
  excepted: ReadonlyMap<string, string> = EXCEPTED,
): string[] {
  const typed = new Set(
    [...typist.matchAll(TYPED)].flatMap(([, list = '']) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, path]) => path),
    ),
  );
  return pages.flatMap(({ path, text }) => {
    const [first] = stepsOf(text);
    const shown = fencesOf(text).flatMap((fence) => blockProblem(fence) ?? []);
    return [
      ...shown.map(({ line, problem }) => `${path}:${line}: ${problem}`),
      ...pageProblems({ first: first?.line, isTyped: typed.has(path), isExcepted: excepted.has(path) }).map(
        (problem) => `${path}:${first?.line ?? 1}: ${problem}`,
      ),
    ];
  });
}

type Page = { readonly first: number | undefined; readonly isTyped: boolean; readonly isExcepted: boolean };

function pageProblems({ first, isTyped, isExcepted }: Page): string[] {
  if (isTyped && isExcepted) return ['is excepted from being typed, and is'];
  if (isTyped) return first === undefined ? [`is typed by ${TYPIST}, and has nothing to type`] : [];
  if (isExcepted) return first === undefined ? ['is excepted from being typed, and has nothing to type'] : [];
  return first === undefined ? [] : [`shows commands that ${TYPIST} does not type`];
}

/** What would keep a block from being typed although its page is. */
function blockProblem(fence: Fence): { line: number; problem: string } | undefined {
  const { language, text, line } = fence;
  if (language !== 'sh') {
    return COMMAND.test(text) ? { line, problem: 'shows commands, and is no `sh` block' } : undefined;
  }
  if (!startsAnika(fence)) return undefined;
  const others = text
    .split('\n')
    .filter((one) => one.trim() !== '' && !/^\s*#/.test(one) && !startsAnika({ text: one }));
  return others.length === 0
    ? undefined
    : { line, problem: 'starts ANIKA and does more: nothing of it is typed' };
}
