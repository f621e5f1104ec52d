import type { ProcessEnd } from '../process.ts';

type Reason = Extract<ProcessEnd, { readonly kind: 'not-started' }>['reason'];

const REASONS: Readonly<Record<string, Reason>> = {
  ENOENT: 'not-found',
  EACCES: 'not-executable',
  E2BIG: 'too-long',
};

/**
 * The end of a program that could not be started.
 * @param code the system error code
 */
export function notStarted(
  code: string | undefined,
  message: string,
): Extract<ProcessEnd, { readonly kind: 'not-started' }> {
  return { kind: 'not-started', reason: REASONS[code ?? ''] ?? 'other', message };
}

/** The system error code of a thrown error. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
