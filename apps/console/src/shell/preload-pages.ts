import type { AnyRouter } from '@tanstack/react-router';

/** Loads the scripts of all pages, and more, when the browser has nothing else to do. Gives what calls it off. */
export function preloadPages(router: AnyRouter, more: readonly (() => Promise<unknown>)[]): () => void {
  const load = () => {
    const pages = Object.values(router.routesById).map((route) => router.loadRouteChunk(route));
    // What cannot be loaded now is loaded when it is wanted.
    void Promise.allSettled([...pages, ...more.map((one) => one())]);
  };
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(load, 2000);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(load);
  return () => cancelIdleCallback(idle);
}
