/** The commands of the launcher with their long options, read from its source: it runs when it is imported. */
export function commandsIn(sourceOfCli: string): ReadonlyMap<string, ReadonlySet<string>> {
  const [, ...parts] = sourceOfCli.split(".command('");
  return new Map(
    parts.map((part) => {
      const [name = ''] = part.split(/[ ']/, 1);
      const options = [...part.matchAll(/\.option\(\s*'(?:-\w, )?--([\w-]+)/g)].map(
        ([, option = '']) => option,
      );
      return [name, new Set(options)];
    }),
  );
}
