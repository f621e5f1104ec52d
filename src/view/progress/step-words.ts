import { sanitize } from '../../base/sanitize.ts';
import type { Step } from '../../plan/step.ts';
import type { OperationTarget, OperationWords } from '../../podman/operations/definition.ts';
import { definitionOf, policyOf } from '../../podman/operations/registry.ts';

/** The texts for a step. */
export function stepWords({ operation, cause }: Step): OperationWords {
  const words = definitionOf(operation).words(operation, cause);
  const { subject, doing, done } = words;
  return { ...words, subject: sanitize(subject), doing: sanitize(doing), done: sanitize(done) };
}

export function stepTarget({ operation }: Step): OperationTarget {
  return definitionOf(operation).target(operation);
}

/** The pod of a step; undefined for a shared object, such as an image. */
export function podOf(step: Step): string | undefined {
  return stepTarget(step).pod ?? /^pod\/(\S+)/.exec(step.cause ?? '')?.[1];
}

/** Whether the step runs an init container, whose output is shown. */
export function isInit({ operation }: Step): boolean {
  return policyOf(operation).streams === 'output';
}

/** Whether the step is internal: fast, and not shown. */
export function isInternal(step: Step): boolean {
  return stepWords(step).isInternal === true;
}
