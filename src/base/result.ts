import type { Diagnostic } from './diagnostic.ts';

/**
 * The result of something that can fail because of the user. A failure carries its diagnostics. Exceptions are reserved
 * for bugs in podpose.
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
