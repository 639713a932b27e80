import { setMaxListeners } from 'node:events';
import type { ServerResponse } from 'node:http';

/** The client went away before it was answered: nobody is left to be told anything. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone';
}

/** Aborts, with CallerGone, when the connection closes before the answer is through. */
export function goneSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  // Each message of a batch listens.
  setMaxListeners(0, controller.signal);
  const close = () => {
    if (!res.writableFinished) controller.abort(new CallerGone('The client has closed its connection'));
  };
  if (res.closed) close();
  else res.once('close', close);
  return controller.signal;
}

/**
 * Aborts when the client has closed its half of the connection: most likely it has gone. An answer still reaches one
 * that only said that it has no more to ask.
 */
export function leavingSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const { socket } = res.req;
  // A reason of ours: the usual one is an error with a stack, and each answer would have one made.
  const leave = () => controller.abort('left');
  if (socket.readableEnded || socket.destroyed) leave();
  socket.once('end', leave);
  // The connection may serve many more requests.
  res.once('close', () => {
    socket.off('end', leave);
    leave();
  });
  return controller.signal;
}
