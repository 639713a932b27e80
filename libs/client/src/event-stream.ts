/** An event of a stream: `{ event: 'delivery', data: '{"messageId":…}', id: '…' }`. */
export type ServerEvent = { readonly event: string; readonly data: string; readonly id: string };

/** Reads what comes in pieces; `id` is that of the last event or comment that had one. */
export function createEventReader(firstId = ''): {
  read(piece: string): readonly ServerEvent[];
  readonly lastId: () => string;
} {
  let rest = '';
  let id = firstId;
  return {
    lastId: () => id,
    read(piece) {
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      return blocks.flatMap((block) => {
        const fields = fieldsOf(block);
        id = fields.get('id')?.[0] ?? id;
        const data = fields.get('data');
        return data === undefined
          ? []
          : [{ event: fields.get('event')?.[0] ?? 'message', data: data.join('\n'), id }];
      });
    },
  };
}

function fieldsOf(block: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const line of block.split('\n')) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}

/** The text of a body as it comes: not every browser iterates over a stream by itself. */
export async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined); // who stops listening lets go of the connection
  }
}
