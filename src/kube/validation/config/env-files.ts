import { defined } from '../../../base/defined.ts';
import type { FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { FileKeySelector, Volume } from '../../../manifest/schema/generated/kubernetes.ts';
import { withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel, envName, nameProblem } from '../names.ts';
import { filePathProblem, hasParentStep, pathLengthProblem } from '../path-syntax.ts';
import { containersOf, isMounted, type PodObject } from '../../spec/pod-object.ts';

/** validateFileKeySelector and validateFileKeyRefVolumes in pkg/apis/core/validation/validation.go */
export function* checkEnvFiles(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    for (const [index, { valueFrom }] of (value.env ?? []).entries()) {
      const reference = valueFrom?.fileKeyRef;
      if (reference === undefined) continue;
      yield* checkReference(reference, [...path, 'env', index, 'valueFrom', 'fileKeyRef'], pod);
    }
}

function* checkReference(
  { volumeName, path: filePath, key, optional }: Incomplete<FileKeySelector>,
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  if (volumeName !== undefined)
    yield* checkVolume(volumeName, optional === true, [...path, 'volumeName'], pod);
  const pathProblem =
    filePath === undefined ? undefined : (filePathProblem(filePath) ?? pathLengthProblem(filePath));
  if (filePath !== undefined && pathProblem !== undefined)
    yield {
      code: filePath === '' || hasParentStep(filePath) ? 'invalid-path' : 'unusable-path',
      path: [...path, 'path'],
      message: pathProblem,
    };
  const keyProblem = key === undefined ? undefined : nameProblem(envName, key);
  if (keyProblem !== undefined) yield { code: 'invalid-name', path: [...path, 'key'], message: keyProblem };
}

/** A missing volume is reported only if the names of all volumes are valid. */
function* checkVolume(name: string, isOptional: boolean, path: FieldPath, pod: PodObject): Iterable<Finding> {
  if (name !== '' && nameProblem(dnsLabel, name) !== undefined) {
    yield* checkName(dnsLabel, name, path);
    return;
  }
  const volumes = pod.value.spec?.volumes ?? [];
  const names = withNames(volumes, []).map((named) => named.name);
  const volume = volumes.find((one) => one.name === name);
  if (volume !== undefined) {
    yield* checkIsEmptyDir(name, volume, path);
    if (!isOptional) yield* checkIsWritten(name, path, pod);
  } else if (names.length === volumes.length && !pod.isPruned(['spec', 'volumes'])) {
    yield {
      code: 'unknown-volume',
      path,
      message: name === '' ? 'must not be empty' : `volume '${name}' not found in spec.volumes`,
      ...suggestion(name, names),
    };
  }
}

/** A volume without a source is an emptyDir. */
function* checkIsEmptyDir(name: string, volume: Incomplete<Volume>, path: FieldPath): Iterable<Finding> {
  const source = Object.keys(volume).find((field) => field !== 'name');
  if (source === undefined || source === 'emptyDir') return;
  const other = OTHERWISE[source];
  yield {
    code: 'wrong-volume',
    path,
    message: `must refer to an emptyDir, but volume '${name}' is a ${source}`,
    ...defined({ help: other }),
  };
}

/** A cluster accepts such a pod, but its container never starts. */
function* checkIsWritten(name: string, path: FieldPath, pod: PodObject): Iterable<Finding> {
  // The missing mount may be one with errors.
  if (pod.complete === undefined || isMounted(name, pod.complete)) return;
  yield {
    code: 'file-never-written',
    path,
    message: `no container mounts volume '${name}', so the file is never written`,
    help: "Mount it in the init container that writes the file, or set 'optional: true'.",
  };
}

const OTHERWISE: Readonly<Record<string, string>> = {
  configMap: 'Use configMapKeyRef for a value of a ConfigMap.',
  secret: 'Use secretKeyRef for a value of a Secret.',
  downwardAPI: 'Use fieldRef for a field of the pod.',
};
