import type { DiagnosticCode } from '../base/diagnostic-code.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, type Result } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';

/**
 * Why a use case did not come to its end:
 * - `usage`: what was asked for makes no sense, or a manifest has mistakes
 * - `failed`: podman or this machine stands in the way
 * - `interrupted`, `timeout`: it was stopped before
 */
export interface Failure {
  readonly kind: 'usage' | 'failed' | 'interrupted' | 'timeout';
  readonly diagnostics: readonly Diagnostic[];
  /** The manifests that the diagnostics are about. */
  readonly sources?: readonly ManifestSource[];
  /** It was stopped before anything was changed. */
  readonly isUnchanged?: true;
}

export type EngineResult<T> = Result<T, Failure>;

export function failed(
  kind: Failure['kind'],
  diagnostics: readonly Diagnostic[],
  sources?: readonly ManifestSource[],
): { readonly ok: false; readonly error: Failure } {
  return failure({ kind, diagnostics, ...(sources === undefined ? {} : { sources }) });
}

/** A mistake in what was asked for, and what to do about it. */
export function usageError(code: DiagnosticCode, message: string, help: string): Diagnostic {
  return { code, severity: 'error', message, help };
}
