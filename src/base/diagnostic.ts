import type { DiagnosticCode } from './diagnostic-code.ts';
import { compareLocations, type Location } from './location.ts';

/** A note is no mistake in the place that the manifests are checked for. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * One thing that is wrong, or worth knowing, told to the person at the terminal.
 *
 * `message` is one sentence without a full stop that says what and why; `help` says what to do about it.
 * `code` is stable across releases: programs and tests match on it and never on the words.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  /** The field, as Kubernetes writes it: `spec.containers[0].image`. */
  readonly path?: string;
  readonly location?: Location;
  /** The word that was probably meant; the message is followed by "did you mean '…'?". */
  readonly suggestion?: string;
  /** What to do, as one or more sentences. */
  readonly help?: string;
}

export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

/** Diagnostics in the order a person reads the files; those without a place come last, in their own order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (a.location === undefined || b.location === undefined)
      return Number(a.location === undefined) - Number(b.location === undefined);
    return compareLocations(a.location, b.location);
  });
}
