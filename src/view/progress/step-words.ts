import { sanitize } from '../../base/sanitize.ts';
import type { Step } from '../../plan/step.ts';
import type { OperationTarget, OperationWords } from '../../podman/operations/definition.ts';
import { definitionOf, policyOf } from '../../podman/operations/registry.ts';

/** What is said of a step, wherever it is shown. */
export function stepWords({ operation, cause }: Step): OperationWords {
  const words = definitionOf(operation).words(operation, cause);
  const { subject, doing, done } = words;
  return { ...words, subject: sanitize(subject), doing: sanitize(doing), done: sanitize(done) };
}

export function stepTarget({ operation }: Step): OperationTarget {
  return definitionOf(operation).target(operation);
}

/** The pod that a step belongs to; none for what serves several, such as an image. */
export function podOf(step: Step): string | undefined {
  return stepTarget(step).pod ?? /^pod\/(\S+)/.exec(step.cause ?? '')?.[1];
}

/** Whether the step runs an init container: it may take long, and prints what its author wants to be seen. */
export function isInit({ operation }: Step): boolean {
  return policyOf(operation).streams === 'output';
}

/** Whether the step is quick, and of no interest to anyone for as long as it works. */
export function isPlumbing(step: Step): boolean {
  return stepWords(step).isPlumbing === true;
}
