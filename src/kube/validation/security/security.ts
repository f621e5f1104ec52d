import { formatPath, type FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import { capabilityName, linuxCapabilities } from '../../spec/linux-capabilities.ts';
import type { Finding } from '../finding.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** IsValidUserID and IsValidGroupID in apimachinery. */
const LAST_ID = 2 ** 31 - 1;

export function* checkUsersAndGroups(pod: PodObject): Iterable<Finding> {
  const contexts = [
    { context: pod.value.spec?.securityContext, path: ['spec', 'securityContext'] },
    ...containersOf(pod).map(({ path, value }) => ({
      context: value.securityContext,
      path: [...path, 'securityContext'],
    })),
  ];
  for (const { context, path } of contexts) {
    yield* checkId(context?.runAsUser, [...path, 'runAsUser']);
    yield* checkId(context?.runAsGroup, [...path, 'runAsGroup']);
  }
  const { fsGroup, supplementalGroups = [] } = pod.value.spec?.securityContext ?? {};
  yield* checkId(fsGroup, ['spec', 'securityContext', 'fsGroup']);
  for (const [index, group] of supplementalGroups.entries())
    yield* checkId(group, ['spec', 'securityContext', 'supplementalGroups', index]);
}

/**
 * podman adds the image user's groups to a process, unless its primary group is set.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#supplementalgroupspolicy
 */
export function* checkSupplementalGroupsPolicy(pod: PodObject): Iterable<Finding> {
  const { supplementalGroupsPolicy, runAsGroup } = pod.value.spec?.securityContext ?? {};
  if (supplementalGroupsPolicy !== 'Strict') return;
  const open = containersOf(pod).find(
    ({ value }) => (value.securityContext?.runAsGroup ?? runAsGroup) === undefined,
  );
  if (open === undefined) return;
  yield {
    code: 'not-supported',
    path: ['spec', 'securityContext', 'supplementalGroupsPolicy'],
    message: `not supported without runAsGroup for ${formatPath(open.path)}: podman would add the groups of the image's user`,
    help: 'Set runAsGroup to the primary group of the process.',
  };
}

/** The user of an image is checked once the image is present; a runAsUser is checked now. */
export function* checkRunAsNonRoot(pod: PodObject): Iterable<Finding> {
  const { runAsNonRoot, runAsUser } = pod.value.spec?.securityContext ?? {};
  for (const { path, value } of containersOf(pod)) {
    const own = value.securityContext ?? {};
    if ((own.runAsNonRoot ?? runAsNonRoot) !== true || (own.runAsUser ?? runAsUser) !== 0) continue;
    const at = own.runAsUser === undefined ? ['spec'] : path;
    yield {
      code: 'runs-as-root',
      path: [...at, 'securityContext', 'runAsUser'],
      message: `must not be 0 with 'runAsNonRoot: true', as set for ${formatPath(path)}`,
    };
  }
}

function* checkId(id: number | undefined, path: FieldPath): Iterable<Finding> {
  if (id === undefined || (id >= 0 && id <= LAST_ID)) return;
  yield {
    code: 'id-range',
    path,
    message: `must be between 0 and ${LAST_ID}, got ${id}`,
  };
}

/**
 * ValidateSecurityContext in pkg/apis/core/validation: privileged containers always allow privilege
 * escalation.
 */
export function* checkPrivileges(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const { allowPrivilegeEscalation, privileged = false, capabilities } = value.securityContext ?? {};
    if (allowPrivilegeEscalation !== false) continue;
    const at = [...path, 'securityContext', 'allowPrivilegeEscalation'];
    const added = (capabilities?.add ?? []).filter((name) => capabilityName(name) === 'SYS_ADMIN');
    if (privileged)
      yield { code: 'privileges-conflict', path: at, message: "must not be false with 'privileged: true'" };
    else if (added.length > 0)
      yield {
        // A server knows no other spelling, though SYS_ADMIN is the one that works on a node.
        code: added.includes('CAP_SYS_ADMIN') ? 'privileges-conflict' : 'escalating-capability',
        path: at,
        message: 'must not be false with the added capability SYS_ADMIN',
      };
  }
}

export function* checkCapabilities(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const { add = [], drop = [] } = value.securityContext?.capabilities ?? {};
    const at = [...path, 'securityContext', 'capabilities'];
    yield* checkCapabilityNames(add, [...at, 'add']);
    yield* checkCapabilityNames(drop, [...at, 'drop']);
  }
}

function* checkCapabilityNames(names: readonly string[], path: FieldPath): Iterable<Finding> {
  const known = ['ALL', ...linuxCapabilities];
  for (const [index, name] of names.entries()) {
    if (known.includes(capabilityName(name))) continue;
    yield {
      code: 'unknown-capability',
      path: [...path, index],
      message: `unknown Linux capability '${name}'`,
      ...suggestion(capabilityName(name), known),
    };
  }
}
