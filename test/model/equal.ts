import { stableJson, type Json } from '../../src/base/stable-json.ts';
import { differences } from '../../src/plan/compare/difference.ts';
import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import { kindOfSource } from '../../src/kube/spec/file-digests.ts';
import type { SourcedPod } from '../../src/kube/pod-set.ts';
import { LABEL } from '../../src/podman/labels.ts';
import { containerName, containerRecordName, networkName } from '../../src/podman/names.ts';
import { imageNames } from '../support/image-names.ts';
import { labelsOf } from './commands.ts';
import { PROJECT } from './podpose.ts';
import { membersOf, type ModelContainer, type ModelState, type Names } from './state.ts';

/** Something that no plan has a reason to touch, and by what it is seen that none has. */
export interface Untouchable {
  readonly kind: 'pod' | 'container';
  readonly name: string;
  readonly id: string;
  readonly startedAt: number;
}

/**
 * Pods that are up and have the labels that they would be made with, and those of their containers that run or have
 * completed, under their names, with the labels that they would be made with and the image that is meant.
 */
export function untouchables(state: ModelState, desired: readonly SourcedPod[]): readonly Untouchable[] {
  return desired.flatMap(({ pod }) => {
    const there = state.pods[pod.name];
    if (there?.infra !== 'running' || !isKept(state, pod)) return [];
    const containers = pod.containers.flatMap((container): readonly Untouchable[] => {
      const name = containerName(pod, container);
      const existing = state.containers[name];
      const labels = labelsOf({
        kind: 'run-container',
        project: PROJECT,
        pod,
        container,
        dns: {},
        replace: false,
      });
      const isEqual =
        existing !== undefined &&
        isSame(updatedLabels(state, containerRecordName(pod, container), existing), labels) &&
        imageNames(container.image).some((image) => state.images[image] === existing.imageId);
      return isEqual && isAsItShouldBe(existing, there.infraStartedAt)
        ? [{ kind: 'container', name, id: existing.id, startedAt: existing.startedAt }]
        : [];
    });
    return [{ kind: 'pod', name: pod.name, id: there.id, startedAt: there.infraStartedAt }, ...containers];
  });
}

/** The pod, its volumes and its init containers are the same as those that its containers were made with. */
function isKept(state: ModelState, pod: DesiredPod): boolean {
  const network = { name: networkName(PROJECT), aliases: [], asksDns: true };
  const onNetwork = pod.sandbox.hostNetwork ? {} : { network };
  const labels = labelsOf({ kind: 'create-pod', project: PROJECT, pod, dns: {}, ...onNetwork });
  const chains = pod.containers.map(
    (container) =>
      labelsOf({ kind: 'run-container', project: PROJECT, pod, container, dns: {}, replace: false })[
        LABEL.initChain
      ],
  );
  const isOfAnotherVolume = (spec: Spec) =>
    (spec.volumeMounts ?? []).some(({ name, source }) => {
      const volume = pod.volumes.find((other) => other.name === name);
      const { files: _files, ...kind } = source;
      return volume !== undefined && stableJson(kindOfSource(volume.source)) !== stableJson(kind);
    });
  return (
    isSame(state.pods[pod.name]?.labels ?? {}, labels) &&
    membersOf(state, pod.name).every(
      ([, member]) =>
        !isOfAnotherVolume(specOf(member.labels)) &&
        (member.labels[LABEL.role] !== 'container' || member.labels[LABEL.initChain] === chains[0]),
    )
  );
}

interface Spec {
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly source: Readonly<Record<string, unknown>>;
  }[];
}

function specOf({ [LABEL.spec]: spec = '{}' }: Names): Spec {
  return JSON.parse(spec) as Spec;
}

/** But for what a thing that stays cannot be given any more. */
function isSame(
  { [LABEL.spec]: spec = '', [LABEL.files]: _files, [LABEL.containers]: _list, ...labels }: Names,
  {
    [LABEL.spec]: otherSpec = '',
    [LABEL.files]: _otherFiles,
    [LABEL.containers]: _otherList,
    ...others
  }: Names,
): boolean {
  return (
    stableJson(labels) === stableJson(others) &&
    spec !== '' &&
    differences(JSON.parse(spec) as Json, JSON.parse(otherSpec) as Json).length === 0
  );
}

/** The labels of a container, with what a note says that it was updated to. */
function updatedLabels({ containers }: ModelState, note: string, { id, labels }: ModelContainer): Names {
  const { [LABEL.recordOf]: on, [LABEL.spec]: spec = '' } = containers[note]?.labels ?? {};
  return on === id ? { ...labels, [LABEL.spec]: spec } : labels;
}

function isAsItShouldBe(container: ModelContainer, sandboxStartedAt: number): boolean {
  const { state, exitCode, startedAt, exitedAt, restartPolicy } = container;
  if (state === 'running') return startedAt >= sandboxStartedAt;
  return state === 'exited' && exitCode === 0 && exitedAt >= startedAt && restartPolicy !== 'always';
}
