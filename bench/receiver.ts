import { createServer } from 'node:http';

/**
 * The subscriber of a bench, in a process of its own. Notes when each message number arrives, by the clock all
 * processes of one machine share, and answers challenges; below `/hang` it answers nothing else. `GET /arrivals` gives them as `[n, count, ms]`.
 */
const arrivals = new Map<number, { count: number; atMs: number }>();
const now = () => performance.timeOrigin + performance.now();

createServer((req, res) => {
  if (req.method === 'GET') {
    const rows = [...arrivals].map(([n, { count, atMs }]) => [n, count, atMs]);
    res.end(JSON.stringify(rows));
    if (req.url?.includes('clear')) arrivals.clear();
    return;
  }
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => {
    body += chunk;
  });
  req.on('end', () => {
    const atMs = now();
    const challenge = /"challenge":"([^"]+)"/.exec(body)?.[1];
    if (challenge !== undefined) return res.end(JSON.stringify({ challenge }));
    if (req.url?.startsWith('/hang')) return;
    const n = Number(/"n":(\d+)/.exec(body)?.[1]);
    const known = arrivals.get(n);
    if (known === undefined) arrivals.set(n, { count: 1, atMs });
    else {
      known.count += 1;
      known.atMs = atMs;
    }
    res.writeHead(204).end();
  });
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.send?.('ready'));
