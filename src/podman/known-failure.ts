import type { DiagnosticCode } from '../base/diagnostic-code.ts';

/** A known error of podman, its meaning, and what the user can do about it. */
export interface KnownFailure {
  readonly code: DiagnosticCode;
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray) => string;
  readonly help: string | ((match: RegExpExecArray) => string);
}
