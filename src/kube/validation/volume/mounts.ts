import { formatPath, type FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep, pathLengthProblem } from '../path-syntax.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { mountOptionEdits } from '../../fix/mount-options.ts';
import { normalMountPath } from '../../convert/mounts.ts';

/** A mount refers to a volume by name. Reported only if the names of all volumes are valid. */
export function* checkMountedVolumesExist(pod: PodObject): Iterable<Finding> {
  const volumes = pod.value.spec?.volumes ?? [];
  const names = new Set(withNames(volumes, []).map(({ name }) => name));
  if (withNames(volumes, []).length < volumes.length || pod.isPruned(['spec', 'volumes'])) return;
  for (const { path, value } of containersOf(pod))
    for (const { name, path: namePath } of withNames(value.volumeMounts, [...path, 'volumeMounts'])) {
      if (names.has(name)) continue;
      yield {
        code: 'unknown-volume',
        path: namePath,
        message: `volume '${name}' not found in spec.volumes`,
        ...suggestion(name, names),
      };
    }
}

export function* checkMountPaths(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const mounts = (value.volumeMounts ?? []).map((mount, index) => ({
      mount,
      path: [...path, 'volumeMounts', index],
    }));
    for (const { mount, path: mountPath } of mounts) {
      yield* checkMountPath(pod, mount, mountPath);
      yield* checkSubPath(mount, mountPath);
    }
    yield* checkPlaces(mounts);
  }
}

/** A server compares the paths as texts; to podman `/a/` and `a` are the place `/a`, too. */
function* checkPlaces(
  mounts: readonly { readonly mount: Incomplete<VolumeMount>; readonly path: FieldPath }[],
): Iterable<Finding> {
  const placed = mounts.flatMap(({ mount: { mountPath = '' }, path }) =>
    mountPath === ''
      ? []
      : [{ name: normalMountPath(mountPath), written: mountPath, path: [...path, 'mountPath'] }],
  );
  const same = new Set(
    duplicates(placed.map((one) => ({ ...one, name: one.written }))).map(({ again }) => again.path),
  );
  for (const { first, again } of duplicates(placed))
    yield {
      code: same.has(again.path) ? 'duplicate-mount-path' : 'same-mount-point',
      path: again.path,
      message: `duplicate mountPath '${again.name}': already used by ${formatPath(first.path.slice(0, -1))}`,
    };
}

function* checkMountPath(
  pod: PodObject,
  { mountPath }: Incomplete<VolumeMount>,
  path: FieldPath,
): Iterable<Finding> {
  if (mountPath === undefined) return;
  const at = [...path, 'mountPath'];
  if (mountPath === '') yield { code: 'invalid-path', path: at, message: 'must not be empty' };
  else if (mountPath.includes(':')) {
    const edits = mountOptionEdits(pod, path);
    const finding: Finding = {
      code: 'unusable-path',
      path: at,
      message: `must not contain ':', got '${mountPath}'`,
    };
    yield edits.length === 0 ? finding : { ...finding, edits };
  } else if (normalMountPath(mountPath) === '/')
    yield {
      code: 'unusable-path',
      path: at,
      message: "must not be '/': the volume would hide the container's program",
      help: 'Mount it at a directory such as /data.',
    };
  else if (pathLengthProblem(mountPath) !== undefined)
    yield { code: 'unusable-path', path: at, message: pathLengthProblem(mountPath) ?? '' };
  else if (!mountPath.startsWith('/'))
    // The kubelet does so (makeMounts in pkg/kubelet/kubelet_pods.go).
    yield {
      code: 'path-not-absolute',
      severity: 'warning',
      path: at,
      message: `'${mountPath}' is not absolute; using '${normalMountPath(mountPath)}'`,
    };
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath */
function* checkSubPath(mount: Incomplete<VolumeMount>, path: FieldPath): Iterable<Finding> {
  const { subPath = '', subPathExpr = '' } = mount;
  yield* checkDescending(subPath, [...path, 'subPath']);
  yield* checkDescending(subPathExpr, [...path, 'subPathExpr']);
  if (subPath !== '' && subPathExpr !== '')
    yield {
      code: 'several-values',
      path: [...path, 'subPathExpr'],
      at: 'key',
      message: "'subPath' and 'subPathExpr' are mutually exclusive",
    };
}

function* checkDescending(subPath: string, path: FieldPath): Iterable<Finding> {
  if (subPath.startsWith('/'))
    yield {
      code: 'invalid-path',
      path,
      message: `must be a relative path, got '${subPath}'`,
      help: 'It is relative to the root of the volume.',
    };
  else if (hasParentStep(subPath))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${subPath}'` };
  else if (pathLengthProblem(subPath) !== undefined)
    yield { code: 'unusable-path', path, message: pathLengthProblem(subPath) ?? '' };
}
