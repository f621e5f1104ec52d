import type { Diagnostic } from './diagnostic.ts';

/**
 * The outcome of something that a user can make fail. What fails carries its diagnostics; an exception
 * is left for what only a bug in podpose can cause.
 */
export type Result<T, E = readonly Diagnostic[]> = Success<T> | Failure<E>;

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Failure<E> {
  readonly ok: false;
  readonly error: E;
}

export function success<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function failure<E>(error: E): Failure<E> {
  return { ok: false, error };
}
