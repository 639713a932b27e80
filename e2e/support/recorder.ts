import type { Page } from 'playwright-core';

/** Everything that reaches the browser of somebody: answers, streams, what is stored and what is shown. */
export type Recorder = {
  /** What was received up to now, and what is in the page and in the storage of the browser now. */
  everything(): Promise<string>;
};

export async function record(page: Page): Promise<Recorder> {
  const bodies: Promise<string>[] = [];
  const streamed: string[] = [];
  const pages: string[] = [];
  page.on('response', (response) => {
    // A stream has no end to wait for: it is read below.
    if (isStream(response.headers()['content-type'])) return;
    bodies.push(response.text().catch(() => ''));
  });
  await readStreams(page, (text) => void streamed.push(text));
  return {
    async everything() {
      pages.push(await page.content());
      const stored = await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })');
      const cookies = JSON.stringify(await page.context().cookies());
      return [...(await Promise.all(bodies)), ...streamed, ...pages, String(stored), cookies].join('\n');
    },
  };
}

function isStream(contentType: string | undefined): boolean {
  return contentType?.startsWith('text/event-stream') === true;
}

/** As they come, by the protocol of the browser's own tools. */
async function readStreams(page: Page, take: (text: string) => void): Promise<void> {
  const tools = await page.context().newCDPSession(page);
  const decode = (data: string) => take(Buffer.from(data, 'base64').toString('utf8'));
  const streams = new Set<string>();
  tools.on('Network.responseReceived', ({ requestId, response }) => {
    if (!isStream(response.mimeType)) return;
    streams.add(requestId);
    tools
      .send('Network.streamResourceContent', { requestId })
      .then(({ bufferedData }) => decode(bufferedData))
      .catch(() => undefined); // it has ended already
  });
  tools.on('Network.dataReceived', ({ requestId, data }) => {
    if (data !== undefined && streams.has(requestId)) decode(data);
  });
  tools.on('Network.eventSourceMessageReceived', ({ data }) => take(data));
  await tools.send('Network.enable');
}
