// The import rules: which layer may know which. `npm run imports` checks them.

/** Packages by their names, wherever npm has put them. */
const packages = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const within = (...folders) => `^(${folders.join('|')})/`;

/** Tests, and what only they use: `testing/` of an app, `test-….ts` of a lib. */
const TESTS =
  '\\.test\\.tsx?$|^apps/[^/]+/(src|gallery)/testing/|^libs/.*/test-[^/]+\\.ts$|^e2e/|^bench/|^faults/';
/** What puts an app together: the files beside its folders, all but the order of the middleware. */
const COMPOSITION = '^apps/[^/]+/src/(?!app\\.ts)[^/]+\\.ts$';
/** What an app does, one folder for each word of the glossary. */
const USE_CASES = '^apps/[^/]+/src/[^/]+/[^/]+\\.ts$';
const ROUTES = '\\.routes\\.ts$';
const HTTP = '^apps/api/src/(http|ops)/';

/** `layer` may import itself and what is listed. */
const only = ({ layer, allowed, comment, to = {}, except = [] }) => ({
  name: `what-${layer.split('/').at(-1)}-may-import`,
  comment,
  severity: 'error',
  from: { path: within(layer), pathNot: [TESTS, ...except] },
  to: { pathNot: [within(layer), ...allowed], ...to },
});

/** A driver is known in one place; what is elsewhere goes through that. */
const oneHome = ({ name, of, places }) => ({
  name: `one-home-for-${name}`,
  comment: `Only ${places.join(', ')} may import it.`,
  severity: 'error',
  from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/testkit/', ...places] },
  to: { path: packages(...of) },
});

const forbid = ({ name, comment, from, to }) => ({ name, comment, severity: 'error', from, to });

const NOT_BUILT_IN = { dependencyTypesNot: ['core'] };
const NOT_TYPES = { dependencyTypesNot: ['type-only'] };

module.exports = {
  forbidden: [
    forbid({
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or hide a third.',
      from: {},
      to: { circular: true },
    }),
    forbid({
      name: 'no-dead-ends',
      comment: 'An import that leads nowhere escapes every other rule.',
      from: {},
      to: { couldNotResolve: true },
    }),

    forbid({
      name: 'declared-by-its-package',
      comment: "What a package imports stands in its own package.json; tools and tests have the root's.",
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^apps/console/vite\\.config\\.ts$'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    }),

    only({ layer: 'libs/core', allowed: [], comment: 'core is pure: no I/O, no time, no package.' }),
    only({
      layer: 'libs/contracts',
      allowed: [within('libs/core'), packages('zod', '@asteasolutions/zod-to-openapi')],
      comment: 'contracts describe and do nothing.',
    }),
    only({
      layer: 'libs/client',
      allowed: [within('libs/core', 'libs/contracts'), packages('zod')],
      comment: 'client speaks the contracts with fetch alone: it runs in a browser, too.',
    }),
    only({
      layer: 'libs/runtime',
      allowed: [packages('pino', 'prom-client', 'zod')],
      comment: 'runtime knows no word of the domain.',
      to: NOT_BUILT_IN,
    }),
    only({
      layer: 'libs/broker',
      allowed: [
        within('libs/core'),
        '^libs/runtime/src/(split-on-failure|turn)\\.ts$',
        packages('lru-cache', 'p-limit'),
        '^crypto$',
      ],
      comment:
        'broker holds parts of use cases, for both apps: it hashes and gives others their turn, and of all else it knows types.',
      to: NOT_TYPES,
      // What both apps have is set and opened in one place, which knows all of it.
      except: ['^libs/broker/src/(shared-settings|open-stores|report-process)\\.ts$'],
    }),
    only({
      layer: 'libs/stores',
      allowed: [
        within('libs/core', 'libs/contracts', 'libs/runtime'),
        packages('@prisma/[^/]+', 'pg', 'mongodb', 'bson', 'zod', 'p-limit', 'lru-cache'),
      ],
      comment: 'stores know their drivers and what they keep.',
      to: NOT_BUILT_IN,
    }),
    only({
      layer: 'libs/queue',
      allowed: [
        within('libs/core', 'libs/contracts', 'libs/runtime'),
        packages(
          'bullmq',
          'ioredis',
          '@bull-board/[^/]+',
          'rate-limiter-flexible',
          'zod',
          'p-limit',
          'lru-cache',
        ),
      ],
      comment: 'queue knows Redis and the jobs.',
      to: NOT_BUILT_IN,
    }),
    only({
      layer: 'libs/destinations',
      allowed: [
        within('libs/core', 'libs/contracts', 'libs/runtime'),
        packages('undici', 'ipaddr\\.js', 'lru-cache'),
      ],
      comment: 'webhook signs and sends; it neither stores nor queues.',
      to: NOT_BUILT_IN,
    }),

    only({
      layer: 'apps/console',
      allowed: [
        within('libs/core', 'libs/contracts', 'libs/client'),
        packages(
          'react',
          'react-dom',
          'react-intl',
          '@internationalized/date',
          'react-aria-components',
          '@tanstack/[^/]+',
          '@fontsource-variable/[^/]+',
          '@types/react(-dom)?',
          'qr',
          'uplot',
          'zod',
        ),
      ],
      comment: 'console runs in a browser: it knows the API by its contracts, and nothing of Node.',
      except: ['^apps/console/vite\\.config\\.ts$'],
    }),

    forbid({
      name: 'no-gallery-in-console',
      comment: 'The gallery is for those who work on the console; whatever src knows of it would be shipped.',
      from: { path: '^apps/console/src/', pathNot: TESTS },
      to: { path: '^apps/console/gallery/' },
    }),

    oneHome({ name: 'postgres', of: ['@prisma/[^/]+', 'pg'], places: ['^libs/stores/src/postgres/'] }),
    oneHome({ name: 'mongodb', of: ['mongodb', 'bson'], places: ['^libs/stores/src/mongo/'] }),
    oneHome({ name: 'redis', of: ['bullmq', 'ioredis'], places: ['^libs/queue/'] }),
    oneHome({
      name: 'bull-board',
      of: ['@bull-board/[^/]+'],
      places: ['^libs/queue/', '^apps/api/src/ops/'],
    }),
    only({
      layer: 'libs/mail',
      allowed: [within('libs/runtime'), packages('nodemailer')],
      comment: 'mail hands texts over; what is in them is written elsewhere.',
      to: NOT_BUILT_IN,
    }),

    oneHome({ name: 'nodemailer', of: ['nodemailer'], places: ['^libs/mail/'] }),
    oneHome({ name: 'undici', of: ['undici'], places: ['^libs/destinations/'] }),
    oneHome({ name: 'uplot', of: ['uplot'], places: ['^apps/console/src/ui/'] }),

    forbid({
      name: 'stores-and-queue-at-composition',
      comment: 'Apps are handed their stores and queues by deps.ts; elsewhere only the types are known.',
      from: { path: '^apps/', pathNot: [TESTS, COMPOSITION] },
      to: { path: within('libs/stores', 'libs/queue'), ...NOT_TYPES },
    }),
    forbid({
      name: 'no-stores-in-routes',
      comment: 'A route calls a use case; not even the types of a store are its business.',
      from: { path: ROUTES },
      to: { path: within('libs/stores') },
    }),
    forbid({
      name: 'no-express-in-use-cases',
      comment: 'What is done is independent of how it was asked for.',
      from: { path: USE_CASES, pathNot: [TESTS, ROUTES, HTTP] },
      to: { path: packages('express', '@types/express', 'helmet', 'cookie') },
    }),
    forbid({
      name: 'apps-apart',
      comment: 'What both apps need is in libs.',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    }),
    forbid({
      name: 'libs-without-apps',
      comment: 'Libs serve apps and do not know them.',
      from: { path: '^libs/' },
      to: { path: '^(apps|tools|e2e)/' },
    }),
    forbid({
      name: 'deps-for-main',
      comment: 'Who imports deps.ts could take anything from it.',
      from: { pathNot: ['^apps/[^/]+/src/main\\.ts$', TESTS] },
      to: { path: '^apps/[^/]+/src/deps\\.ts$' },
    }),
    forbid({
      name: 'composition-on-top',
      comment: 'What is put together does not know who does it.',
      from: { path: USE_CASES, pathNot: TESTS },
      to: { path: '^apps/[^/]+/src/(deps|infrastructure|main)[^/]*\\.ts$' },
    }),
    forbid({
      name: 'testkit-for-tests',
      comment: 'Nothing that runs in production may come from testkit.',
      from: { path: '^(apps|libs)/', pathNot: [TESTS, '^libs/testkit/'] },
      to: { path: [within('libs/testkit'), TESTS] },
    }),
  ],
  options: {
    tsPreCompilationDeps: true, // types count, and can be told apart
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^libs/stores/src/postgres/generated/'] },
    exclude: { path: ['^(apps|libs)/[^/]+/dist/', '^\\.anika/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'], // the workspaces' own: @anika/core/ids is libs/core/src/ids.ts
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
