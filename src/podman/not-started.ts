import type { ProcessEnd } from './process.ts';

/**
 * How a program ended that could not even be started.
 * @param code the system's word for what went wrong
 */
export function notStarted(
  code: string | undefined,
  message: string,
): Extract<ProcessEnd, { readonly kind: 'not-started' }> {
  const reason = code === 'ENOENT' ? 'not-found' : code === 'EACCES' ? 'not-executable' : 'other';
  return { kind: 'not-started', reason, message };
}
