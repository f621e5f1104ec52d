import { defined } from '../base/defined.ts';
import type { DiagnosticCode } from '../base/diagnostic-code.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, type Result } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';

/**
 * Why a use case failed:
 * - `usage`: invalid arguments or manifests
 * - `failed`: an error of podman or of this machine
 * - `interrupted`, `timeout`: stopped by a signal or by the time limit
 */
export interface Failure {
  readonly kind: 'usage' | 'failed' | 'interrupted' | 'timeout';
  readonly diagnostics: readonly Diagnostic[];
  /** Manifests that the diagnostics refer to. */
  readonly sources?: readonly ManifestSource[];
  /** Stopped before any change. */
  readonly isUnchanged?: true;
}

export type EngineResult<T> = Result<T, Failure>;

export function failed(
  kind: Failure['kind'],
  diagnostics: readonly Diagnostic[],
  sources?: readonly ManifestSource[],
): { readonly ok: false; readonly error: Failure } {
  return failure({ kind, diagnostics, ...defined({ sources }) });
}

/** An error in the arguments, with help. */
export function usageError(code: DiagnosticCode, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}
