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
