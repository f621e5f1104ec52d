import { listOf, type JsonObject as Members } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { podFileDigests, type PodFileDigests } from '../../kube/spec/file-digests.ts';
import { containerSettings, podSettings, type Settings } from '../../kube/spec/settings.ts';
import { asStored, lastAppliedSettings } from '../../podman/last-applied.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { lastAppliedFiles } from '../decide/file-volumes.ts';
import { findContainers } from '../decide/found-containers.ts';
import { comparableTo } from './network.ts';
import { containerForm } from './manifest-form/container.ts';
import { hoisted, volumesMember } from './manifest-form/document.ts';
import { podForm, type DeclaredPorts } from './manifest-form/pod.ts';
import { withoutEmpty, membersOf } from './manifest-form/values.ts';

/** A pod as a Kubernetes object, without fields that have their defaults. */
export type PodSpecDocument = Readonly<Record<string, Json>>;

/** The desired pod, from the manifest, in the terms of the existing one. */
export function desiredSpec(
  desired: DesiredPod,
  observed: Pick<ObservedState, 'pods'> = { pods: [] },
): PodSpecDocument {
  const live = observed.pods.find(({ name }) => name === desired.name);
  const pod = comparableTo(live, desired);
  const entry = (container: DesiredPod['containers'][number]): Settings => ({
    name: container.name,
    ...containerForm(asStored(containerSettings(container)), container.name),
  });
  return podDocument(
    pod.name,
    podForm(asStored(podSettings(pod)), declaredPorts(pod)),
    podFileDigests(pod),
    pod.initContainers.map(entry),
    pod.containers.map(entry),
  );
}

/**
 * The running pod, from its last-applied labels. Undefined if it does not exist. Containers are in the order of the
 * manifest, followed by those that are not in the manifest.
 */
export function liveSpec(
  pod: DesiredPod,
  observed: Pick<ObservedState, 'pods' | 'containers'>,
): PodSpecDocument | undefined {
  const live = observed.pods.find(({ name }) => name === pod.name);
  if (live === undefined) return undefined;
  const { byName } = findContainers(pod, observed);
  const entries = (role: 'init' | 'container', wanted: readonly { readonly name: string }[]) => {
    const own = [...byName.values()].filter(({ owner }) => owner?.role === role);
    const rank = (container: ObservedContainer) => {
      const index = wanted.findIndex(({ name }) => name === container.owner?.name);
      return index < 0 ? wanted.length : index;
    };
    return own
      .sort((a, b) => rank(a) - rank(b))
      .map((container): Settings => {
        const name = container.owner?.name ?? '';
        return { name, ...containerForm(lastAppliedSettings(container.labels), name) };
      });
  };
  return podDocument(
    pod.name,
    podForm(lastAppliedSettings(live.labels), declaredPorts(pod)),
    lastAppliedFiles(pod, live, observed),
    entries('init', pod.initContainers),
    entries('container', pod.containers),
  );
}

function podDocument(
  name: string,
  settings: Settings,
  files: PodFileDigests,
  initContainers: readonly Members[],
  containers: readonly Members[],
): PodSpecDocument {
  const { metadata, spec } = settings;
  const { containers: ports, securityContext, ...rest } = membersOf(spec);
  const ofPod = hoisted([...initContainers, ...containers], containers);
  const { volumes, securityContext: ofContainers, ...own } = ofPod.spec;
  const entry = ({ metadata: _ofPod, ...container }: Members): Members => {
    const declared = listOf(ports)
      .map(membersOf)
      .find((one) => one['name'] === container['name']);
    return withoutEmpty({ ...ofPod.entry(container), ports: declared?.['ports'] });
  };
  const names = containers.map((container) => container['name']);
  const unknown = listOf(ports)
    .map(membersOf)
    .filter((one) => one['ports'] !== undefined && !names.includes(one['name'] ?? null));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: withAnnotations({ name, ...membersOf(metadata) }, [...initContainers, ...containers]),
    spec: {
      ...rest,
      ...own,
      ...withoutEmpty({
        securityContext: withoutEmpty({ ...membersOf(securityContext), ...membersOf(ofContainers) }),
      }),
      ...volumesMember(listOf(volumes).map(membersOf), files),
      ...(initContainers.length === 0 ? {} : { initContainers: initContainers.map(entry) }),
      containers: [...containers.map(entry), ...unknown],
    },
  };
}

/** Adds podman's annotations of the containers to those of the pod. */
function withAnnotations(metadata: Members, containers: readonly Members[]): Members {
  const own = Object.entries(membersOf(metadata['annotations']));
  const ofContainers = containers.flatMap((container) =>
    Object.entries(membersOf(membersOf(container['metadata'])['annotations'])),
  );
  return withoutEmpty({ ...metadata, annotations: Object.fromEntries([...own, ...ofContainers]) });
}

function declaredPorts({ sandbox, containers }: DesiredPod): DeclaredPorts {
  return { hostPorts: sandbox.hostPorts, containers };
}
