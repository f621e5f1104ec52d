import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { AppArmorProfile, SeccompProfile } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

interface Context {
  readonly path: FieldPath;
  readonly seccompProfile?: Incomplete<SeccompProfile> | undefined;
  readonly appArmorProfile?: Incomplete<AppArmorProfile> | undefined;
}

/** The security contexts of the pod and its containers. */
function contextsOf(pod: PodObject): readonly Context[] {
  return [
    { path: ['spec'], value: pod.value.spec?.securityContext },
    ...containersOf(pod).map(({ path, value }) => ({ path, value: value.securityContext })),
  ].map(({ path, value }) => ({ ...value, path: [...path, 'securityContext'] }));
}

/**
 * validateSeccompProfileField in pkg/apis/core/validation: a Localhost profile is a file below a directory.
 */
export function* checkSeccompProfiles(pod: PodObject): Iterable<Finding> {
  for (const { path: context, seccompProfile } of contextsOf(pod)) {
    const { type, localhostProfile } = seccompProfile ?? {};
    const path = [...context, 'seccompProfile', 'localhostProfile'];
    if (type === undefined || pod.isPruned(path)) continue;
    yield* checkProfileIsSet(type, localhostProfile, path);
    if (type !== 'Localhost' || localhostProfile === undefined) continue;
    // A server accepts it.
    if (localhostProfile === '')
      yield { code: 'seccomp-profile-missing', path, message: 'must not be empty: it is the path of a file' };
    else if (localhostProfile.startsWith('/') || hasParentStep(localhostProfile))
      yield {
        code: 'path-not-below',
        path,
        message: "must be a relative path without '..'",
        help: 'It is relative to the directory of the manifest.',
      };
  }
}

/** The profile belongs to the type Localhost. */
function* checkProfileIsSet(
  type: string,
  localhostProfile: string | undefined,
  path: FieldPath,
): Iterable<Finding> {
  if (type === 'Localhost' && localhostProfile === undefined)
    yield { code: 'missing-field', path, message: "required with type 'Localhost'" };
  if (type !== 'Localhost' && localhostProfile !== undefined)
    yield {
      code: 'profile-conflict',
      path,
      message: `allowed only with type 'Localhost', not with '${type}'`,
    };
}

/** Bytes: PATH_MAX without the NUL at the end. */
const MAX_PROFILE_BYTES = 4095;

/** ValidateAppArmorProfileField in pkg/apis/core/validation. */
export function* checkAppArmorProfileNames(pod: PodObject): Iterable<Finding> {
  for (const { path: context, appArmorProfile } of contextsOf(pod)) {
    const { type, localhostProfile } = appArmorProfile ?? {};
    const path = [...context, 'appArmorProfile', 'localhostProfile'];
    if (type === undefined || pod.isPruned(path)) continue;
    yield* checkProfileIsSet(type, localhostProfile, path);
    if (type !== 'Localhost' || localhostProfile === undefined) continue;
    if (localhostProfile === '') yield { code: 'missing-field', path, message: 'must not be empty' };
    else if (PADDED.test(localhostProfile))
      yield { code: 'invalid-name', path, message: 'must not have white space at its ends' };
    else if (Buffer.byteLength(localhostProfile) > MAX_PROFILE_BYTES)
      yield {
        code: 'invalid-name',
        path,
        message: `must have at most ${MAX_PROFILE_BYTES} bytes, got ${Buffer.byteLength(localhostProfile)}`,
      };
  }
}

/** Go's strings.TrimSpace takes a byte order mark for a letter, and U+0085 for white space. */
const PADDED = /^(?:[^\S\uFEFF]|\u0085)|(?:[^\S\uFEFF]|\u0085)$/;

/** MountOption needs SELinuxMount, a feature gate that is off by default (useOnlyRecursiveSELinuxChangePolicy in pkg/api/pod). */
export function* checkSELinuxChangePolicy({ value: { spec } }: PodObject): Iterable<Finding> {
  if (spec?.securityContext?.seLinuxChangePolicy !== 'MountOption') return;
  yield {
    code: 'wrong-value',
    path: ['spec', 'securityContext', 'seLinuxChangePolicy'],
    message:
      "'MountOption' requires the feature gate SELinuxMount, which is off by default in Kubernetes 1.36",
    suggestion: 'Recursive',
  };
}

/**
 * podman loads AppArmor profiles only for root. An explicit profile is therefore refused; a missing default
 * profile is a missing protection, reported as a warning.
 */
export function* checkAppArmorProfiles(pod: PodObject): Iterable<Finding> {
  const named = contextsOf(pod).map(({ path, appArmorProfile }) => ({
    path: [...path, 'appArmorProfile'],
    type: appArmorProfile?.type,
  }));
  for (const { path, type } of named)
    if (type === 'Localhost')
      yield {
        code: 'not-supported',
        path,
        at: 'key',
        message: 'not supported: rootless podman does not load AppArmor profiles',
      };
  const first = named.find(({ type }) => type === 'RuntimeDefault');
  if (first !== undefined)
    yield {
      code: 'ignored',
      severity: 'warning',
      path: first.path,
      at: 'key',
      message: 'ignored: rootless podman does not load AppArmor profiles',
    };
}

/** ValidateProcMountType and validateHostUsers in pkg/apis/core/validation. */
export function* checkUserNamespace(pod: PodObject): Iterable<Finding> {
  const spec = pod.value.spec ?? {};
  const isOwn = spec.hostUsers === false;
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const)
    if (isOwn && spec[field] === true)
      yield {
        code: 'user-namespace-conflict',
        path: ['spec', field],
        message: "must not be true with 'hostUsers: false'",
      };
  for (const { path, value } of containersOf(pod))
    if (!isOwn && value.securityContext?.procMount === 'Unmasked')
      yield {
        code: 'user-namespace-conflict',
        path: [...path, 'securityContext', 'procMount'],
        message: "'Unmasked' requires 'hostUsers: false'",
      };
}
