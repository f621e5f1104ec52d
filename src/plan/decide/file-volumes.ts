import { isObject } from '../../base/json-members.ts';
import { compareTexts } from '../../base/text.ts';
import type { FieldPath } from '../../base/path.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import {
  isMountPointKey,
  mountPointKey,
  podFileRecord,
  type FileDigests,
  type PodFileDigests,
} from '../../kube/spec/file-digests.ts';
import { LABEL } from '../../podman/labels.ts';
import { containerName, filesRecordName } from '../../podman/names.ts';
import type { Labels, ObservedContainer, ObservedPod, ObservedState } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import type { Difference } from '../compare/difference.ts';
import { fileListOf } from '../compare/manifest-form/source.ts';

/** What has been decided about the volumes of a pod that are made of files. */
export interface FilesDecision {
  /** Those that hold other files than the manifest has, or may do so. */
  readonly changes: readonly FilesChange[];
  /** The notes on them, by podman's names. */
  readonly notes: readonly string[];
  /** One that is there, for another note. */
  readonly image: string;
}

export interface FilesChange {
  /** Name of the volume in the pod. */
  readonly volume: string;
  readonly reason: Reason;
}

/**
 * Compares what the volumes of a pod are to hold with what they were last given.
 * @param containersChange whether a container of a pod that stays is made, started or removed: mount points are for these
 *   alone, as those of a container that runs are there
 */
export function decideFiles(
  desired: DesiredPod,
  pod: ObservedPod | undefined,
  { containers }: Pick<ObservedState, 'containers'>,
  containersChange: boolean,
): FilesDecision {
  const own = containersOf(desired, containers);
  const notes = own.filter(isFilesNote);
  return {
    changes: pod === undefined ? [] : filesChanges(desired, pod, notes, containersChange),
    notes: notes.map(({ name }) => name),
    image: imageOfNote(desired, own),
  };
}

/**
 * An image that is there when the note is created. A container under another name than its own is removed before, and
 * its image may go with it; what has no container under its name is created by this plan, which pulls the image.
 */
function imageOfNote(desired: DesiredPod, own: readonly ObservedContainer[]): string {
  const names = [...desired.containers, ...desired.initContainers].map((container) =>
    containerName(desired, container),
  );
  const staying = own.find(({ name, imageId }) => imageId !== '' && names.includes(name));
  return staying?.imageId ?? desired.containers[0]?.image ?? '';
}

/** The files that the volumes of a pod were last given, as far as it can be read. */
export function lastAppliedFiles(
  desired: DesiredPod,
  pod: ObservedPod,
  { containers }: Pick<ObservedState, 'containers'>,
): PodFileDigests {
  const notes = containersOf(desired, containers).filter(isFilesNote);
  const memory = decodeMemory((settledNote(desired, notes) ?? pod).labels) ?? {};
  return Object.fromEntries(Object.entries(memory).filter(([name]) => !isMountPointKey(name)));
}

function containersOf(
  { name: pod }: DesiredPod,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return containers
    .filter(({ podName, owner }) => podName === pod && owner?.pod === pod)
    .sort((a, b) => compareTexts(a.name, b.name));
}

/** A note on a container has the name of it. */
function isFilesNote({ owner }: ObservedContainer): boolean {
  return owner?.role === 'note' && owner.name === undefined;
}

function settledNote(
  desired: DesiredPod,
  notes: readonly ObservedContainer[],
): ObservedContainer | undefined {
  return notes.find(({ name }) => name === filesRecordName(desired));
}

function filesChanges(
  desired: DesiredPod,
  pod: ObservedPod,
  notes: readonly ObservedContainer[],
  containersChange: boolean,
): readonly FilesChange[] {
  const settled = settledNote(desired, notes);
  const memory = decodeMemory((settled ?? pod).labels);
  // A note of another name is one on files that were about to be written when a run was cut short.
  const isTainted = memory === undefined || notes.some((note) => note !== settled);
  const record = podFileRecord(desired);
  const volumes = Object.entries(record).filter(([name]) => !isMountPointKey(name));
  return volumes.flatMap(([volume, after]): readonly FilesChange[] => {
    const before = memory?.[volume];
    const type = desired.volumes.find(({ name }) => name === volume)?.source.type ?? 'configMap';
    const fields = before === undefined ? [] : fileDifferences(filesPath(volume, type), before, after);
    if (fields.length > 0) return [{ volume, reason: { kind: 'settings-differ', differences: fields } }];
    if (isTainted) return [{ volume, reason: { kind: 'interrupted' } }];
    if (before === undefined) return [{ volume, reason: { kind: 'absent' } }];
    const key = mountPointKey(volume);
    return containersChange && memory[key] !== record[key]
      ? [{ volume, reason: { kind: 'mount-points-differ' } }]
      : [];
  });
}

/** Where a manifest has the files of a volume: `spec.volumes[config].configMap.items`. */
export function filesPath(volume: string, type: string): FieldPath {
  return ['spec', 'volumes', volume, type, fileListOf(type)];
}

/** The files in which two memories differ, and those that differ in their modes. */
export function fileDifferences(
  list: FieldPath,
  before: FileDigests | string,
  after: FileDigests | string,
): readonly Difference[] {
  if (typeof before === 'string' || typeof after === 'string')
    return before === after ? [] : [{ path: list, before, after }];
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path): readonly Difference[] => {
    const [was, is] = [partsOf(before[path]), partsOf(after[path])];
    const isNewOrGone = was === undefined || is === undefined;
    return [
      ...(was?.digest === is?.digest ? [] : [difference([...list, path], was?.digest, is?.digest)]),
      ...(isNewOrGone || was.mode === is.mode
        ? []
        : [difference([...list, path, 'mode'], was.mode, is.mode)]),
    ];
  });
}

function difference(path: Difference['path'], before?: string, after?: string): Difference {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function partsOf(print: string | undefined): { readonly digest: string; readonly mode: string } | undefined {
  if (print === undefined) return undefined;
  const [digest = '', mode = '0644'] = print.split(' mode ');
  return { digest, mode };
}

/**
 * What a label says; nothing at all is known where it cannot be read. A pod without one had no such volumes.
 */
function decodeMemory(labels: Labels): PodFileDigests | undefined {
  const text = labels[LABEL.files];
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isMemory(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMemory(value: unknown): value is PodFileDigests {
  return (
    isObject(value) &&
    Object.values(value).every(
      (volume) =>
        typeof volume === 'string' ||
        (isObject(volume) && Object.values(volume).every((print) => typeof print === 'string')),
    )
  );
}
