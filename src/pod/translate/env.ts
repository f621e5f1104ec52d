import type { EnvVar as EnvVarObject } from '../../manifest/generated/kubernetes.ts';
import type { EnvVar } from '../desired.ts';
import { expand } from '../expansion.ts';

/**
 * The variables with their values: each may refer to those before it, and of two with one name the later
 * counts. https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function translateEnv(env: readonly EnvVarObject[]): readonly EnvVar[] {
  const values = new Map<string, string>();
  for (const { name, value } of env) values.set(name, expand(value ?? '', values));
  return [...values].map(([name, value]) => ({ name, value }));
}
