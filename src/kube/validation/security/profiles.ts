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

/** The security context of the pod and those of its containers. */
function contextsOf(pod: PodObject): readonly Context[] {
  return [
    { path: ['spec'], value: pod.value.spec?.securityContext },
    ...containersOf(pod).map(({ path, value }) => ({ path, value: value.securityContext })),
  ].map(({ path, value }) => ({ ...value, path: [...path, 'securityContext'] }));
}

/** validateSeccompProfileField in pkg/apis/core/validation: a profile of one's own is a file below a folder. */
export function* checkSeccompProfiles(pod: PodObject): Iterable<Finding> {
  for (const { path: context, seccompProfile } of contextsOf(pod)) {
    const { type, localhostProfile } = seccompProfile ?? {};
    const path = [...context, 'seccompProfile', 'localhostProfile'];
    if (type === 'Localhost' && (localhostProfile ?? '') === '')
      yield { code: 'missing-field', path, message: "must name a file where the type is 'Localhost'" };
    if (localhostProfile === undefined || type === undefined) continue;
    if (type !== 'Localhost')
      yield {
        code: 'profile-conflict',
        path,
        message: `can be set only where the type is 'Localhost', and it is '${type}'`,
      };
    else if (localhostProfile.startsWith('/') || hasParentStep(localhostProfile))
      yield {
        code: 'path-not-below',
        path,
        message: "must be a relative path without '..'",
        help: 'It starts at the folder of the manifest.',
      };
  }
}

/**
 * podman loads AppArmor profiles for root only. A profile that the manifest insists on cannot be had, then; the default one
 * is a protection that is not there, and worth knowing of.
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
        message: "not supported: podman does not load AppArmor profiles for an ordinary user's containers",
      };
  const first = named.find(({ type }) => type === 'RuntimeDefault');
  if (first !== undefined)
    yield {
      code: 'ignored',
      severity: 'warning',
      path: first.path,
      at: 'key',
      message: "ignored: podman does not load AppArmor profiles for an ordinary user's containers",
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
        message: "must not be true together with 'hostUsers: false'",
      };
  for (const { path, value } of containersOf(pod))
    if (!isOwn && value.securityContext?.procMount === 'Unmasked')
      yield {
        code: 'user-namespace-conflict',
        path: [...path, 'securityContext', 'procMount'],
        message: "can be Unmasked only together with 'hostUsers: false'",
      };
}

/** What annotations once said of profiles, and fields say now: with Kubernetes 1.27 and 1.30. */
const PROFILE_ANNOTATIONS: readonly (readonly [prefix: string, field: string])[] = [
  ['container.apparmor.security.beta.kubernetes.io/', 'appArmorProfile'],
  ['container.seccomp.security.alpha.kubernetes.io/', 'seccompProfile'],
  ['seccomp.security.alpha.kubernetes.io/pod', 'seccompProfile'],
];

/**
 * A profile that is asked for as it was once, and would quietly not be there. The values that ask for none are let be.
 * https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
export function* checkProfileAnnotations({ value: { metadata } }: PodObject): Iterable<Finding> {
  for (const [key, value] of Object.entries(metadata?.annotations ?? {})) {
    const [, field] = PROFILE_ANNOTATIONS.find(([prefix]) => key.startsWith(prefix)) ?? [];
    if (field !== undefined && value !== 'unconfined')
      yield {
        code: 'ignored',
        severity: 'warning',
        path: ['metadata', 'annotations', key],
        at: 'key',
        message: `ignored: Kubernetes has replaced it by securityContext.${field}`,
        help: `Set securityContext.${field}: what of it can be had here is said there.`,
      };
  }
}
