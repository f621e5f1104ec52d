import type { DiagnosticCode } from './diagnostic-code.ts';
import type { Edit } from './edit.ts';
import { compareLocations, type Location } from './location.ts';

/** A note is no mistake in the place that the manifests are checked for. */
export type Severity = 'error' | 'warning' | 'note';

/**
 * An error or a warning for the user.
 *
 * `message` is one sentence without a full stop: what failed and why. `help` says what to do. `code` is stable across
 * releases: programs and tests match on it, never on the text.
 */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What an API server makes of it, if that differs: podman has a use for a value that a cluster refuses. */
  readonly onCluster?: 'error';
  readonly message: string;
  /** The field, as Kubernetes writes it: `spec.containers[0].image`. */
  readonly path?: string;
  readonly location?: Location;
  /** A likely correction. The message is followed by "did you mean '…'?". */
  readonly suggestion?: string;
  /** What to do, as one or more sentences. */
  readonly help?: string;
  /** The changes of the manifest that fix the mistake, if they are certain. Without them, see `editsOf`. */
  readonly edits?: readonly Edit[];
  /** It concerns an object or a field that podpose ignores: the pods run all the same. */
  readonly isIgnored?: true;
}

export function ofIgnoredKind(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, isIgnored: true };
}

export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

/** Sorts diagnostics by file, line and column. Those without a location come last, in their own order. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (a.location === undefined || b.location === undefined)
      return Number(a.location === undefined) - Number(b.location === undefined);
    return compareLocations(a.location, b.location);
  });
}
