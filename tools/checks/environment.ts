const IN_SOURCES = [/\benv\.([A-Z][A-Z0-9_]+)/g, /'(ANIKA_[A-Z0-9_]+)'/g];
/** In a Compose file or a template; `$${…}` is not one. */
const IN_TEMPLATES = [/(?<!\$)\$\{([A-Z][A-Z0-9_]*)[:}?-]/g];
/** The system's own, not ours to describe. */
const SYSTEM = new Set(['PATH', 'TERM']);

type Source = { readonly path: string; readonly text: string };

/** Environment variables that a source, a Compose file or a template reads. */
export function variablesReadIn({ path, text }: Source): string[] {
  const patterns = path.endsWith('.ts') ? IN_SOURCES : IN_TEMPLATES;
  const names = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(names)].filter((name) => !SYSTEM.has(name));
}

/** Variables that are read and not described, and variables that are described and nobody reads. */
export function environmentDifferences(
  sources: readonly Source[],
  { described, elsewhere }: { described: ReadonlySet<string>; elsewhere: ReadonlySet<string> },
): string[] {
  const read = sources.flatMap((source) =>
    variablesReadIn(source).map((name) => ({ path: source.path, name })),
  );
  const readNames = new Set(read.map(({ name }) => name));
  return [
    ...read
      .filter(({ name }) => !described.has(name) && !elsewhere.has(name))
      .map(
        ({ path, name }) =>
          `${path}: reads ${name}, which tools/checks/launcher-settings.ts does not describe`,
      ),
    ...[...described]
      .filter((name) => !readNames.has(name))
      .map((name) => `tools/checks/launcher-settings.ts: describes ${name}, which nothing reads`),
  ];
}

/** Lines of the template of `.env` that would have no effect, since the Compose file does not read them. */
export function exampleDifferences(example: Source, compose: Source): string[] {
  return [...example.text.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !new RegExp(`(\\$\\{${name}\\b|^ +${name}:$)`, 'm').test(compose.text))
    .map((name) => `${example.path}: sets ${name}, which ${compose.path} does not read`);
}
