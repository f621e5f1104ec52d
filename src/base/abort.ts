import { once, setMaxListeners } from 'node:events';

/**
 * An AbortController with any number of listeners: a plan has any number of steps, a pod any number of containers. By
 * default, Node warns of a leak at more than ten.
 */
export function abortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** A signal that aborts with the first of several. It takes any number of listeners, too. */
export function anyOf(...signals: readonly AbortSignal[]): AbortSignal {
  const signal = AbortSignal.any([...signals]);
  setMaxListeners(0, signal);
  return signal;
}

/** Resolves when a signal has aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/**
 * Acts when a signal aborts; at once if it has aborted already.
 * @returns stops waiting for it
 */
export function onAbort(signal: AbortSignal, act: () => void): () => void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
  return () => {
    signal.removeEventListener('abort', act);
  };
}

/**
 * A signal that aborts with the first of several, until it is released. For short waits of a long run:
 * `AbortSignal.any` would leak a little memory at each.
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
