import { digest } from '../../base/digest.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { JobSpec } from './job-spec.ts';

/** In hexadecimal digits. */
const LENGTH = 5;

/**
 * The hash of a Job: that of the template for most Jobs, and another one with what else cannot change in a Job
 * (validateJobSpecUpdate in pkg/apis/batch/validation).
 */
export function jobHash(ofTemplate: string, spec: JobSpec): string {
  const { completions = 1, isIndexed, failureRules, backoffLimitPerIndex: perIndex = -1 } = spec;
  const usual = { completions: 1, isIndexed: false, failureRules: [], perIndex: -1 };
  const text = stableJson({ completions, isIndexed, failureRules, perIndex });
  return text === stableJson(usual) ? ofTemplate : digest(ofTemplate + text).slice(-LENGTH);
}
