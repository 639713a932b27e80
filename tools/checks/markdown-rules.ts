import { posix } from 'node:path';
import type { Markdown, Piece } from './markdown.ts';

/** What Markdown files may name. */
export type Known = {
  /** Every file and folder of the repository, without a slash at the end. */
  readonly paths: ReadonlySet<string>;
  /** Commands of `./anika` with their options. */
  readonly commands: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of package.json. */
  readonly scripts: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  readonly routes: readonly { readonly method: string; readonly path: string }[];
};

/** One line for each thing that a Markdown file names and that is not there. */
export function checkMarkdown(files: readonly Markdown[], known: Known): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const at = (pieces: readonly Piece[], check: (text: string) => readonly string[]) =>
      pieces.flatMap(({ line, text }) => check(text).map((problem) => `${file.path}:${line}: ${problem}`));
    return [
      ...at(file.links, (target) => linkProblems(target, { file, byPath, known })),
      ...at([...file.codeSpans, ...file.codeLines], (text) => [
        ...wordsOf(text).flatMap((word) => pathProblems(word, known)),
        ...commandProblems(text, known),
      ]),
      ...at(file.lines, (text) => [...variableProblems(text, known), ...routeProblems(text, known)]),
    ];
  });
}

type LinkContext = {
  readonly file: Markdown;
  readonly byPath: ReadonlyMap<string, Markdown>;
  readonly known: Known;
};

function linkProblems(target: string, { file, byPath, known }: LinkContext): string[] {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
  const [name = '', anchor] = target.split('#');
  if (name.startsWith('/')) return [`links to ${target}, which is not relative`];
  const path =
    name === '' ? file.path : posix.join(posix.dirname(file.path), decodeURI(name)).replace(/\/$/, '');
  if (path !== '.' && !known.paths.has(path)) return [`links to ${target}, which does not exist`];
  if (anchor === undefined) return [];
  const anchors = byPath.get(path)?.anchors;
  if (anchors === undefined || anchors.has(decodeURI(anchor))) return [];
  return [`links to ${target}, but ${path} has no heading for #${anchor}`];
}

const REPOSITORY_PATH = /^(?:\.\/)?(?:apps|libs|tools|docs|deploy|e2e|bench|prisma)\/[^\s:]*/;
/** Built or made while running. */
const MADE = /(^|\/)(dist|generated|node_modules)(\/|$)/;

function wordsOf(code: string): string[] {
  return code.split(/[\s"'=()]+/).map((word) => word.replace(/[.,;]+$/, ''));
}

/** A path may hold `*`, `{a,b}` or `<name>`: something has to fit it. */
function pathProblems(text: string, known: Known): string[] {
  const [found] = REPOSITORY_PATH.exec(importedFile(text)) ?? lonelyFile(text, known);
  if (found === undefined || MADE.test(found)) return [];
  const path = found.replace(/^\.\//, '').replace(/\/$/, '');
  if (/[$…]|\.\.\./.test(path)) return [];
  if (known.paths.has(path)) return [];
  const isPattern = /[*{<]/.test(path);
  if (isPattern && [...known.paths].some((one) => patternOf(path).test(one))) return [];
  return [`names ${text}, which does not exist`];
}

/** `@anika/core/filter` is libs/core/src/filter.ts. */
function importedFile(text: string): string {
  return text.replace(/^@anika\/([a-z]+)\/([\w./-]+)$/, 'libs/$1/src/$2.ts');
}

/** A file named without its folder: there has to be one of that name. */
function lonelyFile(text: string, known: Known): readonly string[] {
  if (!/^[\w.-]*\w\.(ts|md|cjs|mjs)$/.test(text)) return [];
  const exists = [...known.paths].some((path) => posix.basename(path) === text);
  return exists ? [] : [text];
}

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.+?^$()[\]|\\]/g, '\\$&')
    .replaceAll(/\{([^}]*)\}/g, (_whole, names: string) => `(${names.split(/,\s*/).join('|')})`)
    .replaceAll(/<[^>]*>/g, '[^/]+')
    .replaceAll('**', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`);
}

function commandProblems(text: string, { commands, scripts }: Known): string[] {
  const anika = [
    ...text.matchAll(/\.\/anika\s+([a-z][\w-]*)((?:\s+--[a-z][\w-]*(?:[ =][\w.:/-]+)?)*)/g),
  ].flatMap(([, name = '', given = '']) => {
    const options = commands.get(name);
    if (options === undefined) return [`names ./anika ${name}, which is not a command`];
    return [...given.matchAll(/--([a-z][\w-]*)/g)]
      .filter(([, option = '']) => !options.has(option) && option !== 'help')
      .map(([option]) => `names ./anika ${name} ${option}, which is not an option of it`);
  });
  const npm = [...text.matchAll(/\bnpm run ([\w:-]+)/g)]
    .filter(([, name = '']) => !scripts.has(name))
    .map(([, name]) => `names npm run ${name}, which package.json does not have`);
  return [...anika, ...npm];
}

/** `ANIKA_RATE_…` and `ANIKA_TEST_*_URL` stand for all that fit. */
function variableProblems(text: string, { variables }: Known): string[] {
  return [...text.matchAll(/\bANIKA_[A-Z0-9_*]*/g)]
    .map(([name]) => name)
    .filter((name) => {
      const fitting = new RegExp(`^${name.replaceAll('*', '\\w+')}${name.endsWith('_') ? '.*' : ''}$`);
      return ![...variables].some((variable) => fitting.test(variable));
    })
    .map((name) => `names ${name}, which no program reads`);
}

function routeProblems(text: string, { routes }: Known): string[] {
  return [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE) (\/v1\/[^\s`"'?)|,;]+)/g)]
    .filter(([, method = '', path = '']) => !routes.some((route) => isRoute(route, method, path)))
    .map(([, method, path]) => `names ${method} ${path}, which is not a route`);
}

type Route = Known['routes'][number];

function isRoute(route: Route, method: string, path: string): boolean {
  const given = path.replace(/\.$/, '').split('/');
  const segments = route.path.split('/');
  return (
    route.method === method.toLowerCase() &&
    given.length === segments.length &&
    segments.every((segment, n) => segment === given[n] || segment.startsWith('{'))
  );
}
