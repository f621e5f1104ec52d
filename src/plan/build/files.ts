import { defined } from '../../base/defined.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { FileVolume } from '../../kube/spec/volume-kinds.ts';
import { filesFingerprint } from '../../podman/operations/files.ts';
import { filesRecordName } from '../../podman/names.ts';
import { subjectId } from '../change.ts';
import type { FilesDecision } from '../decide/file-volumes.ts';
import type { Step } from '../step.ts';
import { removeContainersSteps } from './removal.ts';

/** Writes the files of a volume. */
export function writeFilesStep(pod: DesiredPod, volume: FileVolume, needs: readonly string[]): Step {
  const { files, mountPoints } = volume.source;
  return {
    id: `files/${pod.name}/${volume.name}`,
    needs,
    cause: subjectId({ kind: 'volume', pod: pod.name, name: volume.name }),
    operation: {
      kind: 'write-files',
      pod: pod.name,
      volume: volume.name,
      files,
      ...defined({ mountPoints, group: pod.fsGroup }),
    },
  };
}

export interface FilesRecordInput {
  readonly project: string;
  readonly pod: DesiredPod;
  readonly files: FilesDecision;
  readonly cause: string;
}

/** Before files are written: creates an unfinished record, which taints the files until they are complete. */
export function createFilesRecordSteps(
  { project, pod, files, cause }: FilesRecordInput,
  needs: readonly string[],
): readonly Step[] {
  // An interrupted run of the same manifest has created it.
  if (files.records.includes(unfinishedRecordName(pod))) return [];
  return [
    {
      id: `doubt-files/${pod.name}`,
      needs,
      cause,
      operation: { kind: 'create-files-record', project, pod, image: files.image },
    },
  ];
}

/** After all files are written: removes earlier records and finishes the new one. */
export function finishFilesRecordSteps(
  { pod, files, cause }: FilesRecordInput,
  needs: readonly string[],
): readonly Step[] {
  const others = files.records.filter((name) => name !== unfinishedRecordName(pod));
  const removal = removeContainersSteps(`remove-files-notes/${pod.name}`, others, 0, cause, needs);
  return [
    ...removal,
    {
      id: `note-files/${pod.name}`,
      needs: removal.length === 0 ? needs : removal.map(({ id }) => id),
      cause,
      operation: { kind: 'finish-files-record', pod },
    },
  ];
}

function unfinishedRecordName(pod: DesiredPod): string {
  return filesRecordName(pod, filesFingerprint(pod));
}
