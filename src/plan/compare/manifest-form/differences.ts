import { listOf, type JsonObject as Members } from '../../../base/json-members.ts';
import type { FileDigests } from '../../../kube/spec/file-digests.ts';
import type { DesiredContainer, DesiredPod } from '../../../kube/spec/desired.ts';
import { containerSettings, podSettings } from '../../../kube/spec/settings.ts';
import { asStored, lastAppliedSettings } from '../../../podman/last-applied.ts';
import type { Labels } from '../../../podman/inspect/observed.ts';
import { differences, type Difference } from '../difference.ts';
import { fileDifferences, filesPath } from '../../decide/file-volumes.ts';
import { containerForm } from './container.ts';
import { podForm } from './pod.ts';
import { membersOf } from './values.ts';

/** Differences between the last-applied and the desired settings of a pod, as fields of a manifest. */
export function podFormDifferences(
  desired: DesiredPod,
  { labels }: { readonly labels: Labels },
): readonly Difference[] {
  const ports = { hostPorts: desired.sandbox.hostPorts, containers: desired.containers };
  return differences(
    podForm(lastAppliedSettings(labels), ports),
    podForm(asStored(podSettings(desired)), ports),
  );
}

/** The same for a container. Paths of fields of its pod start with `spec` or `metadata`. */
export function containerFormDifferences(
  container: DesiredContainer,
  { labels }: { readonly labels: Labels },
): readonly Difference[] {
  const [before, after] = [lastAppliedSettings(labels), asStored(containerSettings(container))];
  return [
    ...differences(containerForm(before, container.name), containerForm(after, container.name)),
    ...mountedFileDifferences(before, after),
  ];
}

/** Changed files that a container mounts with subPath: such mounts are not updated in a running container. */
function mountedFileDifferences(before: Members, after: Members): readonly Difference[] {
  const was = mountedFiles(before);
  return [...mountedFiles(after)].flatMap(([mountPath, { name, type, files }]) => {
    const old = was.get(mountPath);
    return old?.name === name && old.type === type
      ? fileDifferences(filesPath(name, type), old.files, files)
      : [];
  });
}

interface MountedFiles {
  readonly name: string;
  readonly type: string;
  readonly files: FileDigests;
}

/** Files mounted with subPath, by mountPath. */
function mountedFiles({ volumeMounts }: Members): ReadonlyMap<string, MountedFiles> {
  return new Map(
    listOf(volumeMounts)
      .map(membersOf)
      .flatMap(({ mountPath, name, source }) => {
        const { type, files } = membersOf(source);
        const digests = Object.entries(membersOf(files)).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        );
        return typeof mountPath === 'string' &&
          typeof name === 'string' &&
          typeof type === 'string' &&
          digests.length > 0
          ? [[mountPath, { name, type, files: Object.fromEntries(digests) }] as const]
          : [];
      }),
  );
}
