import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import type { ContainerRole, RestartPolicy } from '../kube/spec/desired.ts';
import type { ListedContainer } from '../podman/inspect/container-list.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { LABEL } from '../podman/labels.ts';
import { isSidecarRecord } from '../podman/last-applied.ts';
import { containerName } from '../podman/names.ts';
import type { NamedContainer } from './container-facts.ts';

/** The part of a pod's manifest that its status needs. */
export interface KnownPod {
  readonly name: string;
  readonly restartPolicy: RestartPolicy;
  readonly initContainers: readonly { readonly name: string; readonly restartPolicy?: RestartPolicy }[];
  readonly containers: readonly { readonly name: string }[];
}

/** The containers of a pod, without record containers, and without replacements of other containers. */
export function ownContainers(
  pod: ObservedPod,
  all: readonly ObservedContainer[],
): ReadonlyMap<string, ObservedContainer> {
  const own = new Map<string, ObservedContainer>();
  const records = new Map<string | undefined, string>(
    all.flatMap(({ owner, labels }) => {
      const { [LABEL.recordOf]: id, [LABEL.spec]: spec } = labels;
      return owner?.role === 'note' && spec !== undefined ? [[id, spec] as const] : [];
    }),
  );
  for (const listed of all) {
    // The labels of a container that was updated in place are those of its creation.
    const spec = records.get(listed.id);
    const container =
      spec === undefined ? listed : { ...listed, labels: { ...listed.labels, [LABEL.spec]: spec } };
    const { podName, owner } = container;
    const { name, role } = owner ?? {};
    if (podName !== pod.name || name === undefined || (role !== 'init' && role !== 'container')) continue;
    if (!own.has(name) || container.name === containerName(pod, { name })) own.set(name, container);
  }
  return own;
}

/**
 * Containers in the order of the applied manifest, including those that are not created yet. The order is that of the
 * label of the pod, or that of the given file if the pod has no label or only the order has changed, which no label
 * records.
 *
 * A container of the list that does not exist is included: it is not created yet, or somebody has removed it. One that is
 * removed from the manifest is not in the list any more, as `up` records that. If a file is given that does not have the app
 * container, it is not expected, either: the next `up` with the file takes it off the list.
 */
export function inOrder(
  role: ContainerRole,
  own: ReadonlyMap<string, ObservedContainer>,
  applied: readonly ListedContainer[] | undefined,
  known: KnownPod | undefined,
): readonly NamedContainer[] {
  const existing = [...own.values()].filter(({ owner }) => owner?.role === role);
  const inFile = ((role === 'init' ? known?.initContainers : known?.containers) ?? []).map(
    ({ name }) => name,
  );
  const inLabel = applied?.filter((container) => container.role === role).map(({ name }) => name);
  const listed = inLabel === undefined || hasSameNames(inLabel, inFile) ? inFile : inLabel;
  const rest = existing
    .filter((container) => !listed.includes(nameOf(container)))
    .sort((a, b) => a.createdAt - b.createdAt || compareTexts(nameOf(a), nameOf(b)));
  const isSidecar = (name: string, observed: ObservedContainer | undefined) =>
    observed === undefined
      ? applied?.some((one) => one.name === name && one.isSidecar === true) === true ||
        (role === 'init' &&
          known?.initContainers.find((one) => one.name === name)?.restartPolicy === 'Always')
      : isSidecarRecord(observed.labels);
  const exists = (name: string) => existing.some((container) => nameOf(container) === name);
  const counts = (name: string) =>
    role === 'init' || known === undefined || existing.length === 0 || inFile.includes(name);
  const expected = listed.filter((name) => exists(name) || counts(name));
  return [...expected, ...rest.map(nameOf)].map((name): NamedContainer => {
    const observed = existing.find((container) => nameOf(container) === name);
    return {
      name,
      ...defined({ observed }),
      ...(isSidecar(name, observed) ? { isSidecar: true } : {}),
    };
  });
}

function hasSameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

function nameOf({ owner }: ObservedContainer): string {
  return owner?.name ?? '';
}
