/**
 * How an endpoint bore a request: `strained` gets fewer requests at once from now on, `fine` one step more, up to
 * the subscription's limit. `unknown` tells nothing about its load.
 */
export type EndpointLoad = 'fine' | 'strained' | 'unknown';
