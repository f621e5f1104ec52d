import { digest } from '../../base/digest.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { podFileRecord } from '../../kube/spec/file-digests.ts';
import { LABEL } from '../labels.ts';
import { filesNoteName } from '../names.ts';
import { podmanWith } from './argument.ts';
import type { Definitions } from './definition.ts';
import { ownerLabels, ownLabelFlags } from './labels.ts';
import { podSubject, volumeSubject } from './subjects.ts';
import { writeFilesCommand, type FilesToWrite } from './write-files.ts';

export type FilesOperation = WriteFiles | CreateFilesRecord | FinishFilesRecord;

/**
 * Makes a volume hold its files, and nothing else, as the kubelet does it: whoever has it mounted sees all of the old
 * ones or all of the new. Does nothing where they are there already.
 */
export interface WriteFiles extends FilesToWrite {
  readonly kind: 'write-files';
}

/**
 * Puts down what the volumes of a pod are about to hold; until `FinishFilesRecord` it is in doubt whether they do. What
 * they held when the pod was made stands in its own labels, which cannot be changed.
 */
export interface CreateFilesRecord {
  readonly kind: 'create-files-record';
  readonly project: string;
  readonly pod: DesiredPod;
  /** A note is a container, and so has to have an image: one that is there. */
  readonly image: string;
}

/** Says that the volumes of a pod hold what the note on them says. */
export interface FinishFilesRecord {
  readonly kind: 'finish-files-record';
  readonly pod: DesiredPod;
}

export const FILES_OPERATIONS: Definitions<FilesOperation> = {
  'write-files': {
    command: writeFilesCommand,
    describe: ({ pod, volume }) => `write the files of volume ${volume} of pod ${pod}`,
    words: ({ pod, volume }) => ({
      subject: volumeSubject(pod, volume),
      doing: 'writing its files',
      done: 'files written',
    }),
    target: ({ pod }) => ({ pod }),
  },
  'create-files-record': {
    publishedKind: 'create-files-note',
    command: (operation) => podmanWith(createFilesRecordArguments(operation)),
    describe: describeRecord,
    words: ({ pod }) => ({
      subject: `${podSubject(pod.name)} volumes`,
      doing: 'recording the update',
      done: 'start of the update recorded',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod: pod.name }),
  },
  'finish-files-record': {
    publishedKind: 'settle-files-note',
    command: (operation) => podmanWith(finishFilesRecordArguments(operation)),
    describe: describeRecord,
    words: ({ pod }) => ({
      subject: `${podSubject(pod.name)} volumes`,
      doing: 'recording the update',
      done: 'update recorded',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod: pod.name }),
  },
};

function describeRecord({ pod }: CreateFilesRecord | FinishFilesRecord): string {
  return `record the files in the volumes of pod ${pod.name}`;
}

/** The label that says what the volumes of a pod hold; none for a pod that has no such volumes. */
export function filesLabels(pod: DesiredPod): Readonly<Record<string, string>> {
  const memory = podFileRecord(pod);
  return Object.keys(memory).length === 0 ? {} : { [LABEL.files]: stableJson(memory) };
}

/** `podman create`, of nothing but labels: it is never started. */
function createFilesRecordArguments({ project, pod, image }: CreateFilesRecord): readonly string[] {
  return [
    'create',
    '--pod',
    pod.name,
    '--name',
    filesNoteName(pod, filesFingerprint(pod)),
    '--no-healthcheck',
    ...ownLabelFlags(ownerLabels(project, pod.name, 'note'), filesLabels(pod)),
    image,
  ];
}

function finishFilesRecordArguments({ pod }: FinishFilesRecord): readonly string[] {
  return ['rename', filesNoteName(pod, filesFingerprint(pod)), filesNoteName(pod)];
}

export function filesFingerprint(pod: DesiredPod): string {
  return digest(stableJson(podFileRecord(pod))).slice(-16);
}
