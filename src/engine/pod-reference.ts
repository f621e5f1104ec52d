import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { KnownState } from '../plan/needs.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import { observedName } from '../podman/inspect/object-name.ts';
import { isSidecarRecord } from '../podman/last-applied.ts';
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
 * Parses `POD`, `pod/POD` (also `pods/`, `po/`) and `POD/CONTAINER`. `container/NAME` or `init/NAME` after a pod is a container of that pod, as
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
    else if (POD_WORDS.has(first)) found.push({ operand, pod: second });
    else found.push({ operand, pod: first, container: second });
  }
  return found;
}

const ROLES: readonly string[] = ['container', 'init'];

/** kubectl's words for the kind. */
export const POD_WORDS: ReadonlySet<string> = new Set(['pod', 'pods', 'po']);

/**
 * Checks that the pod and the container exist.
 * @param withoutInit init containers cannot be named, unless they are sidecars
 */
export function resolveReference(
  reference: PodReference,
  known: KnownPods,
  withoutInit = false,
): Result<PodReference, Diagnostic> {
  const { operand, pod, container } = reference;
  const [existing, another] = podsNamed(pod, known);
  if (another !== undefined) return failure(inSeveralNamespaces(pod, known));
  if (existing === undefined) {
    // A pod may be called `pod`.
    const [word = ''] = operand.split('/', 1);
    const [ofThatName] = operand === `${word}/${pod}` ? podsNamed(word, known) : [];
    const isInIt =
      ofThatName !== undefined && containersOf(ofThatName, known).some(({ name }) => name === pod);
    return isInIt
      ? resolveReference({ operand, pod: word, container: pod }, known, withoutInit)
      : failure(unknownPod(reference, known));
  }
  const found = { ...reference, pod: existing.name };
  if (container === undefined) return success(found);
  const all = containersOf(existing, known);
  const names = all.flatMap(({ name, role, isSidecar }) =>
    withoutInit && role === 'init' && !isSidecar ? [] : [name],
  );
  if (names.includes(container)) return success(found);
  return failure(
    all.some(({ name }) => name === container)
      ? initContainerAlone(pod, container)
      : unknownContainer(pod, container, names),
  );
}

/**
 * The pods that a name means: the one that podman calls so, which is that of the default namespace; else those of this name
 * in any namespace.
 */
export function podsNamed(given: string, { pods }: KnownPods): KnownPods['pods'] {
  const exact = pods.filter(({ name }) => name === given);
  return exact.length > 0 ? exact : pods.filter((pod) => observedName(pod).name === given);
}

function inSeveralNamespaces(given: string, known: KnownPods): Diagnostic {
  const namespaces = podsNamed(given, known).map((pod) => observedName(pod).namespace);
  return usageError(
    'no-such-pod',
    `several pods are called '${given}', in the namespaces ${namespaces.sort().join(', ')}`,
    `Name one: -n ${namespaces[0] ?? ''} ${given}`,
  );
}

function initContainerAlone(pod: string, container: string): Diagnostic {
  return usageError(
    'whole-pods-only',
    `cannot restart an init container alone: ${pod}/${container}`,
    `Init containers run when their pod starts: podpose restart ${pod}`,
  );
}

/** Containers in the order of the manifest: those that exist, and those that are not created yet. */
function containersOf(
  pod: KnownPods['pods'][number],
  { containers }: KnownPods,
): readonly { readonly name: string; readonly role: string; readonly isSidecar: boolean }[] {
  const created = containers.flatMap(({ owner, labels }) =>
    owner?.pod === pod.name && owner.role !== 'note'
      ? [{ name: owner.name ?? '', role: owner.role, isSidecar: isSidecarRecord(labels) }]
      : [],
  );
  const applied = (appliedContainers(pod, containers) ?? []).map((one) => ({
    ...one,
    isSidecar: one.isSidecar === true,
  }));
  return [...new Map([...applied, ...created].map((one) => [one.name, one])).values()];
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
