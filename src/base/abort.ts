import { setMaxListeners } from 'node:events';

/**
 * An AbortController whose signal any number of things may wait for: a plan has as many steps, and a pod as many
 * containers, as somebody writes down. Node takes more than ten for a leak and prints a warning.
 */
export function abortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** A signal of the same kind that is given with the first of several. */
export function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any([...signals]);
  setMaxListeners(0, signal);
  return signal;
}

/**
 * A signal that is given with the first of several, until it is released: for the one of many short waits of a long run,
 * in which `AbortSignal.any` would keep a little of each.
 */
export function firstOf(...signals: readonly (AbortSignal | undefined)[]): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const first = abortController();
  const give = () => {
    first.abort();
  };
  for (const signal of signals) {
    if (signal?.aborted === true) give();
    signal?.addEventListener('abort', give, { once: true });
  }
  return {
    signal: first.signal,
    release: () => {
      for (const signal of signals) signal?.removeEventListener('abort', give);
    },
  };
}
