import { digest } from '../../base/digest.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { podFileRecord } from '../../kube/spec/file-digests.ts';
import { LABEL } from '../labels.ts';
import { filesRecordName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import { createChange, renameChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';
import { imageSetting } from './container-creation.ts';
import type { Definitions } from './definition.ts';
import { ownerLabels, ownLabels } from './labels.ts';
import { flagsOf, setting } from './setting.ts';
import { podSubject, volumeSubject } from './subjects.ts';
import { writeFilesCommand, type FilesToWrite } from './write-files.ts';

export type FilesOperation = WriteFiles | CreateFilesRecord | FinishFilesRecord;

/**
 * Writes the files of a volume and removes all others, atomically like the kubelet: a container sees either all old or
 * all new files. Does nothing if the files are up to date.
 */
export interface WriteFiles extends FilesToWrite {
  readonly kind: 'write-files';
}

/**
 * Records the files that the volumes of a pod will contain; until `FinishFilesRecord`, the volumes are tainted. The
 * pod's own labels have the files at its creation and cannot be changed.
 */
export interface CreateFilesRecord {
  readonly kind: 'create-files-record';
  readonly project: string;
  readonly pod: DesiredPod;
  /** A record container needs an image that is present already. */
  readonly image: string;
}

/** Marks the record of the volumes as applied. */
export interface FinishFilesRecord {
  readonly kind: 'finish-files-record';
  readonly pod: DesiredPod;
}

export const FILES_OPERATIONS: Definitions<FilesOperation> = {
  'write-files': {
    command: writeFilesCommand,
    describe: ({ pod, volume }) => `write the files of ${volumeSubject(pod, volume)}`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'writing files',
      done: 'files written',
    }),
    target: ({ pod }) => ({ pod }),
  },
  'create-files-record': {
    publishedKind: 'create-files-note',
    command: createFilesRecordCommand,
    describe: describeRecord,
    words: ({ pod }) => ({
      subject: `${podSubject(pod.name)} volumes`,
      doing: 'recording the update',
      done: 'start of the update recorded',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod: pod.name }),
  },
  'finish-files-record': {
    publishedKind: 'settle-files-note',
    command: finishFilesRecordCommand,
    describe: describeRecord,
    words: ({ pod }) => ({
      subject: `${podSubject(pod.name)} volumes`,
      doing: 'recording the update',
      done: 'update recorded',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod: pod.name }),
  },
};

function describeRecord({ pod }: CreateFilesRecord | FinishFilesRecord): string {
  return `record the update of the volumes of ${podSubject(pod.name)}`;
}

/** The label with the record of a pod's file volumes; none if the pod has no such volumes. */
export function filesLabels(pod: DesiredPod): Readonly<Record<string, string>> {
  const record = podFileRecord(pod);
  return Object.keys(record).length === 0 ? {} : { [LABEL.files]: stableJson(record) };
}

/** `podman create` of a record container, which carries only labels and is never started. */
function createFilesRecordCommand(
  { project, pod, image }: CreateFilesRecord,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const name = filesRecordName(pod, filesFingerprint(pod));
  const settings = [
    setting(['--pod', pod.name], { pod: pod.name }),
    setting(['--name', name], { name }),
    setting(['--no-healthcheck'], { healthconfig: { Test: ['NONE'] } }),
    ...ownLabels(ownerLabels(project, pod.name, 'note'), filesLabels(pod)),
    imageSetting(image, []),
  ];
  return withRequests(podmanWith(['create', ...flagsOf(settings)]), capabilities, (valueOf) => [
    [createChange(name, settings, valueOf, podman)],
  ]);
}

function finishFilesRecordCommand({ pod }: FinishFilesRecord, capabilities: PodmanCapabilities): Command {
  const [from, to] = [filesRecordName(pod, filesFingerprint(pod)), filesRecordName(pod)];
  return withRequests(podmanWith(['rename', from, to]), capabilities, () => [[renameChange(from, to)]]);
}

export function filesFingerprint(pod: DesiredPod): string {
  return digest(stableJson(podFileRecord(pod))).slice(-16);
}
