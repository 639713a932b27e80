import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router } from 'express';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ANIKA API</title>
<link rel="icon" href="/docs/icon.svg">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<noscript>The documentation needs JavaScript; the document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
`;

const INIT = `window.addEventListener('load', () => {
  window.ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayOperationId: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
});
`;

/** Every failure is the same problem document: of those that are described a line each; an answer that came is whole. */
const STYLE = `.responses-table:not(.live-responses-table) .response:not([data-code^="2"]) .response-col_description
> :not(.response-col_description__inner),
.responses-table:not(.live-responses-table) .response:not([data-code^="2"]) .response-col_links { display: none; }
`;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<circle cx="8" cy="8" r="7" fill="#0b6e4f"/>
<path d="M4.5 11.5 8 4l3.5 7.5M5.8 9h4.4" fill="none" stroke="#fff" stroke-width="1.6"/>
</svg>
`;

const CACHE = 'public, max-age=3600';
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

/** The API documentation below /docs, from files of this installation: no CDN, no request to anybody else. */
export function createDocsRouter(): Router {
  const router = Router();
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/', (_req, res) => void res.set('Cache-Control', CACHE).type('html').send(PAGE));
  router.get('/init.js', (_req, res) => void res.set('Cache-Control', CACHE).type('js').send(INIT));
  router.get('/page.css', (_req, res) => void res.set('Cache-Control', CACHE).type('css').send(STYLE));
  router.get('/icon.svg', (_req, res) => void res.set('Cache-Control', CACHE).type('svg').send(ICON));
  for (const name of ASSETS) {
    router.get(`/${name}`, (_req, res) => res.sendFile(name, { root, maxAge: '1h' }));
  }
  return router;
}
