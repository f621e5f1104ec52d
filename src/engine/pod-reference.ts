import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { KnownState } from '../plan/needs.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import { fileMissing } from './manifest-files.ts';
import { usageError } from './failure.ts';

/** A pod, or one of its containers, as named on the command line. */
export interface PodReference {
  /** As the user wrote it. */
  readonly operand: string;
  readonly pod: string;
  readonly container?: string;
}

/** Pods that podpose created, and all containers. */
export type KnownPods = Pick<KnownState, 'pods' | 'containers'>;

/**
 * Parses `POD`, `pod/POD` and `POD/CONTAINER`. `container/NAME` or `init/NAME` after a pod is a container of that pod, as
 * plans and progress print it: `pod/hello container/web`.
 */
export function podReferences(operands: readonly string[]): readonly PodReference[] {
  const found: PodReference[] = [];
  for (const operand of operands) {
    const [first = '', second] = operand.split('/', 2);
    const last = found.at(-1);
    if (second === undefined) found.push({ operand, pod: first });
    else if (ROLES.includes(first) && last !== undefined && last.container === undefined)
      found.splice(-1, 1, { ...last, operand: `${last.operand} ${operand}`, container: second });
    else if (first === 'pod') found.push({ operand, pod: second });
    else found.push({ operand, pod: first, container: second });
  }
  return found;
}

const ROLES: readonly string[] = ['container', 'init'];

/** Checks that the pod and the container exist. */
export function resolveReference(
  reference: PodReference,
  known: KnownPods,
): Result<PodReference, Diagnostic> {
  const { operand, pod, container } = reference;
  const existing = known.pods.find(({ name }) => name === pod);
  if (existing === undefined) {
    const inPodOfThatName = known.pods.find(({ name }) => operand === `pod/${pod}` && name === 'pod');
    return inPodOfThatName !== undefined && containersOf(inPodOfThatName, known).includes(pod)
      ? success({ operand, pod: 'pod', container: pod })
      : failure(unknownPod(reference, known));
  }
  if (container === undefined) return success(reference);
  const names = containersOf(existing, known);
  return names.includes(container) ? success(reference) : failure(unknownContainer(pod, container, names));
}

/** Containers that exist, and those that are not created yet. */
function containersOf(pod: KnownPods['pods'][number], { containers }: KnownPods): readonly string[] {
  const created = containers.flatMap(({ owner }) =>
    owner?.pod === pod.name && owner.role !== 'note' ? [owner.name ?? ''] : [],
  );
  const applied = (appliedContainers(pod, containers) ?? []).map(({ name }) => name);
  return [...new Set([...created, ...applied])];
}

function unknownPod({ operand, pod, container }: PodReference, { pods }: KnownPods): Diagnostic {
  const meant = suggest(
    pod,
    pods.map(({ name }) => name),
  );
  // `a/b` may be meant as a path.
  if (container !== undefined && operand === `${pod}/${container}` && meant === undefined)
    return { ...fileMissing(operand), help: `There is no pod ${pod}, either. ${LIST_OF_PODS}` };
  return {
    ...usageError('no-such-pod', `no such pod: ${pod}`, LIST_OF_PODS),
    ...suggestion(meant),
  };
}

const LIST_OF_PODS = 'podpose ps --all lists the pods of all projects.';

/** No container of this name. `pod` is absent if it may be in any of several pods. */
export function unknownContainer(
  pod: string | undefined,
  container: string,
  names: readonly string[],
): Diagnostic {
  const name = pod === undefined ? container : `${pod}/${container}`;
  return {
    ...usageError(
      'no-such-container',
      `no such container: ${name}`,
      names.length === 0 ? 'There are no containers.' : `Containers: ${names.join(', ')}.`,
    ),
    ...suggestion(suggest(container, names)),
  };
}

function suggestion(meant: string | undefined): Pick<Diagnostic, 'suggestion'> {
  return defined({ suggestion: meant });
}
