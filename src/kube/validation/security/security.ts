import { formatPath, type FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
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
 * podman gives a process the groups that its image has its user in, unless the main group is named to it.
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
    message: `not supported without a runAsGroup for ${formatPath(open.path)}: podman would add the groups of the image's user`,
    help: 'Say in runAsGroup which group the process is to have.',
  };
}

/** What an image says of its user can be told only once it is there; a runAsUser can be told now. */
export function* checkRunAsNonRoot(pod: PodObject): Iterable<Finding> {
  const { runAsNonRoot, runAsUser } = pod.value.spec?.securityContext ?? {};
  for (const { path, value } of containersOf(pod)) {
    const own = value.securityContext ?? {};
    if ((own.runAsNonRoot ?? runAsNonRoot) !== true || (own.runAsUser ?? runAsUser) !== 0) continue;
    const at = own.runAsUser === undefined ? ['spec'] : path;
    yield {
      code: 'runs-as-root',
      path: [...at, 'securityContext', 'runAsUser'],
      message: `must not be 0 together with 'runAsNonRoot: true', as for ${formatPath(path)}`,
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

/** ValidateSecurityContext in pkg/apis/core/validation: what is privileged cannot be kept from more privileges. */
export function* checkPrivileges(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const { allowPrivilegeEscalation, privileged = false, capabilities } = value.securityContext ?? {};
    if (allowPrivilegeEscalation !== false) continue;
    const at = [...path, 'securityContext', 'allowPrivilegeEscalation'];
    const administers = (capabilities?.add ?? []).some((name) => capabilityName(name) === 'SYS_ADMIN');
    if (privileged || administers)
      yield {
        code: 'privileges-conflict',
        path: at,
        message: privileged
          ? "must not be false together with 'privileged: true'"
          : 'must not be false while the capability SYS_ADMIN is added',
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
    const suggestion = suggest(capabilityName(name), known);
    yield {
      code: 'unknown-capability',
      path: [...path, index],
      message: `'${name}' is no capability of Linux`,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
}
