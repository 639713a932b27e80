import { Failure } from '@anika/core/failures';
import type { SessionId } from '@anika/core/ids';
import { type Request, type RequestHandler, type Response, Router, urlencoded } from 'express';
import { HttpFailure } from '../http/problem.ts';
import type { AdminSessions } from './admin-session.ts';
import type { FormTokens } from './form-tokens.ts';
import { LOGIN_CSS, loginPage } from './login-page.ts';

type FirstStep = { readonly email: string; readonly password: string; readonly remoteAddress: string };
type SecondStep = {
  readonly challenge: string;
  readonly proof: { readonly code: string } | { readonly recoveryCode: string };
  readonly remoteAddress: string;
};

export type AdminNeeds = {
  readonly sessions: AdminSessions;
  readonly csrf: FormTokens;
  /** Rejects with a Failure when something is wrong or missing, or the user is no operator. */
  readonly signIn: (command: FirstStep | SecondStep) => Promise<SessionId>;
  /** Bull Board. */
  readonly board: RequestHandler;
  /** What jobs are about, as JSON: what operators may know of it. */
  readonly show: Readonly<Record<'deliveries' | 'messages', (id: string) => Promise<unknown>>>;
};

type Shown = { readonly problem?: string; readonly email?: string; readonly challenge?: string };

/** The password, or what is asked for after it. Undefined: neither. */
function stepIn(form: Record<string, unknown>, remoteAddress: string): FirstStep | SecondStep | undefined {
  const { email, password, challenge, code } = form;
  if (typeof challenge === 'string' && typeof code === 'string') {
    const typed = code.replaceAll(' ', '');
    const proof = /^\d{1,10}$/.test(typed) ? { code: typed } : { recoveryCode: typed };
    return { challenge, proof, remoteAddress };
  }
  if (typeof email !== 'string' || typeof password !== 'string') return undefined;
  return { email, password, remoteAddress };
}

const BOARD = '/queues';

/** Undefined: a program that does not say, which no browser is. */
function comesFromOurPage(req: Request): boolean | undefined {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = req.headers;
  if (origin === undefined) return undefined;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** What only we may ask for: everything that is not a plain read must come from a page of our own. */
function refuseForgery(): RequestHandler {
  return (req, _res, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(req.method) || comesFromOurPage(req)) return next();
    next(new Failure('forbidden', 'This request does not come from a page of ours'));
  };
}

/** What a writable board may do: try again, remove, pause. A job of its making would be somebody's delivery. */
const BOARD_WRITES =
  /^\/api\/queues\/(?:pause|resume|[^/]+\/(?:pause|resume|(?:retry|clean)\/[^/]+|[^/]+\/(?:retry|clean)))$/;

/** Whatever the board's own switches say: it also adds and changes jobs, and settings of the queues. */
function refuseOtherWrites(): RequestHandler {
  return (req, _res, next) => {
    if (['GET', 'HEAD'].includes(req.method)) return next();
    if (req.method === 'PUT' && BOARD_WRITES.test(req.path)) return next();
    next(new Failure('forbidden', 'Jobs may be tried again, removed and paused here, and nothing else'));
  };
}

/** The board's page asks another host for fonts, which our content policy refuses: it does with those of the system. */
const FOREIGN_LINK = /<link\b[^>]*\bhref="https?:[^>]*>\s*/g;

const withoutForeignLinks: RequestHandler = (_req, res, next) => {
  const render = res.render.bind(res);
  res.render = (view: string, shown?: object) =>
    render(view, shown, (error: Error | null, html: string) => {
      if (error === null) res.send(html.replace(FOREIGN_LINK, ''));
      else next(error);
    });
  next();
};

/** The operators' pages below /admin: a login form and, behind it, Bull Board. */
export function createAdminRouter({ sessions, csrf, signIn, board, show }: AdminNeeds): Router {
  const router = Router();

  function showLogin(res: Response, status: number, shown: Shown = {}): void {
    const { token, setCookie } = csrf.issue();
    res.setHeader('Set-Cookie', setCookie);
    res.status(status).set('Cache-Control', 'no-store').type('html');
    const { problem, email = '', challenge } = shown;
    res.send(loginPage({ csrf: token, problem, email, challenge }));
  }

  async function login(req: Request, res: Response): Promise<void> {
    const form: Record<string, unknown> = req.body ?? {};
    const step = stepIn(form, req.ip ?? 'unknown');
    if (step === undefined) return showLogin(res, 422);
    const shown: Shown = 'email' in step ? { email: step.email } : { challenge: step.challenge };
    if (comesFromOurPage(req) === false || !csrf.fits(req, form.csrf)) {
      return showLogin(res, 403, { ...shown, problem: 'The form was out of date; try again.' });
    }
    try {
      const id = await signIn(step);
      res.setHeader('Set-Cookie', sessions.start(id));
      res.redirect(303, `/admin${BOARD}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error instanceof HttpFailure && error.challenge !== undefined) {
        return showLogin(res, 200, { challenge: error.challenge.token });
      }
      const isOver = 'challenge' in step && error.code === 'unauthenticated';
      const problem = error.message;
      showLogin(res, error.code === 'rate-limited' ? 429 : 401, isOver ? { problem } : { ...shown, problem });
    }
  }

  const requireSession: RequestHandler = async (req, res, next) => {
    if (await sessions.isOpen(req)) return next();
    if (req.method === 'GET' && req.accepts(['html', 'json']) === 'html') {
      return res.redirect(303, '/admin/login');
    }
    next(new Failure('unauthenticated', 'Sign in at /admin/login as an operator'));
  };

  router.get('/', (_req, res) => res.redirect(303, `/admin${BOARD}`));
  router.get('/login.css', (_req, res) => void res.type('css').send(LOGIN_CSS));
  router.get('/login', (_req, res) => showLogin(res, 200));
  router.post('/login', urlencoded({ extended: false, limit: '8kb' }), login);
  router.post('/logout', refuseForgery(), async (req, res) => {
    res.setHeader('Set-Cookie', await sessions.end(req));
    res.redirect(303, '/admin/login');
  });
  for (const kind of ['deliveries', 'messages'] as const) {
    router.get(`/${kind}/:id`, requireSession, async (req, res) => {
      res.set('Cache-Control', 'no-store').json(await show[kind](String(req.params.id)));
    });
  }
  router.use(BOARD, requireSession, refuseForgery(), refuseOtherWrites(), withoutForeignLinks, board);
  return router;
}
