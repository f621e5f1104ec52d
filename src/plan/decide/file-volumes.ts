import { defined } from '../../base/defined.ts';
import { isObject } from '../../base/json-members.ts';
import { parseJson } from '../../base/parse-json.ts';
import type { FieldPath } from '../../base/path.ts';
import { compareTexts } from '../../base/text.ts';
import { podMembers } from '../../podman/inspect/pod-members.ts';
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

/** Decision about the file volumes of a pod: volumes of ConfigMaps, Secrets, the downward API. */
export interface FilesDecision {
  /** Volumes whose files differ from the manifest, or may differ after an interrupted run. */
  readonly changes: readonly FilesChange[];
  /** Their existing record containers, by podman's names. */
  readonly records: readonly string[];
  /** An image that exists, for a new record container of the pod. */
  readonly image: string;
}

export interface FilesChange {
  /** Name of the volume in the pod. */
  readonly volume: string;
  readonly reason: Reason;
}

/**
 * Compares the desired files of a pod's volumes with the last applied ones.
 * @param containersChange whether containers are created, started or removed. Changed mount points matter only then: a
 *   running container has its mount points
 */
export function decideFiles(
  desired: DesiredPod,
  pod: ObservedPod | undefined,
  { containers }: Pick<ObservedState, 'containers'>,
  containersChange: boolean,
): FilesDecision {
  const own = containersOf(desired, containers);
  const records = own.filter(isFilesRecord);
  return {
    changes: pod === undefined ? [] : filesChanges(desired, pod, records, containersChange),
    records: records.map(({ name }) => name),
    image: recordImage(desired, own),
  };
}

/**
 * An image that exists when the record container is created: that of a container with its right name. A renamed container
 * may be removed before, and its image with it. Without any, the image of a container that this plan creates.
 */
function recordImage(desired: DesiredPod, own: readonly ObservedContainer[]): string {
  const names = [...desired.containers, ...desired.initContainers].map((container) =>
    containerName(desired, container),
  );
  const kept = own.find(({ name, imageId }) => imageId !== '' && names.includes(name));
  return kept?.imageId ?? desired.containers[0]?.image ?? '';
}

/** Digests of the last applied files of a pod's volumes. Empty if the label cannot be read. */
export function lastAppliedFiles(
  desired: DesiredPod,
  pod: ObservedPod,
  { containers }: Pick<ObservedState, 'containers'>,
): PodFileDigests {
  const records = containersOf(desired, containers).filter(isFilesRecord);
  const digests = decodeFileDigests((finishedRecord(desired, records) ?? pod).labels) ?? {};
  return Object.fromEntries(Object.entries(digests).filter(([name]) => !isMountPointKey(name)));
}

function containersOf(
  { name: pod }: DesiredPod,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return podMembers(pod, containers)
    .filter(({ owner }) => owner?.pod === pod)
    .sort((a, b) => compareTexts(a.name, b.name));
}

/** Records of container updates have the name of the container, records of files and of the list of containers have none. */
function isFilesRecord({ owner, labels }: ObservedContainer): boolean {
  return owner?.role === 'note' && owner.name === undefined && (labels[LABEL.containers] ?? '') === '';
}

/** The record of files that were written completely. */
function finishedRecord(
  desired: DesiredPod,
  records: readonly ObservedContainer[],
): ObservedContainer | undefined {
  return records.find(({ name }) => name === filesRecordName(desired));
}

function filesChanges(
  desired: DesiredPod,
  pod: ObservedPod,
  records: readonly ObservedContainer[],
  containersChange: boolean,
): readonly FilesChange[] {
  const finished = finishedRecord(desired, records);
  const lastApplied = decodeFileDigests((finished ?? pod).labels);
  // An unfinished record: a run was interrupted while it wrote files.
  const isTainted = lastApplied === undefined || records.some((other) => other !== finished);
  const record = podFileRecord(desired);
  const volumes = Object.entries(record).filter(([name]) => !isMountPointKey(name));
  return volumes.flatMap(([volume, after]): readonly FilesChange[] => {
    const before = lastApplied?.[volume];
    const type = desired.volumes.find(({ name }) => name === volume)?.source.type ?? 'configMap';
    const fields = before === undefined ? [] : fileDifferences(filesPath(volume, type), before, after);
    if (fields.length > 0) return [{ volume, reason: { kind: 'settings-differ', differences: fields } }];
    if (isTainted) return [{ volume, reason: { kind: 'interrupted' } }];
    if (before === undefined) return [{ volume, reason: { kind: 'absent' } }];
    const key = mountPointKey(volume);
    return containersChange && lastApplied[key] !== record[key]
      ? [{ volume, reason: { kind: 'mount-points-differ' } }]
      : [];
  });
}

/** The field of the manifest for the files of a volume: `spec.volumes[config].configMap.items`. */
export function filesPath(volume: string, type: string): FieldPath {
  return ['spec', 'volumes', volume, type, fileListOf(type)];
}

/** Differences between the files of a volume: their texts and their modes. */
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
  return { path, ...defined({ before, after }) };
}

/** Parses `DIGEST` or `DIGEST mode MODE`. */
function partsOf(text: string | undefined): { readonly digest: string; readonly mode: string } | undefined {
  if (text === undefined) return undefined;
  const [digest = '', mode = '0644'] = text.split(' mode ');
  return { digest, mode };
}

/** Decodes the files label. Undefined if it is malformed. A pod without the label has no file volumes. */
function decodeFileDigests(labels: Labels): PodFileDigests | undefined {
  const text = labels[LABEL.files];
  if (text === undefined) return {};
  const value = parseJson(text);
  return isPodFileDigests(value) ? value : undefined;
}

function isPodFileDigests(value: unknown): value is PodFileDigests {
  return (
    isObject(value) &&
    Object.values(value).every(
      (volume) =>
        typeof volume === 'string' ||
        (isObject(volume) && Object.values(volume).every((digest) => typeof digest === 'string')),
    )
  );
}
