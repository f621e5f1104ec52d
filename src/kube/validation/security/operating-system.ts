import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  PodSecurityContext,
  PodSpec,
  SecurityContext,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';

/** Fields that no Windows pod has (validateWindows in pkg/apis/core/validation). */
const LINUX_SPEC: readonly (keyof PodSpec)[] = ['hostIPC', 'hostPID', 'hostUsers', 'shareProcessNamespace'];

const LINUX_POD_CONTEXT: readonly (keyof PodSecurityContext)[] = [
  'appArmorProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'runAsGroup',
  'runAsUser',
  'seLinuxChangePolicy',
  'seLinuxOptions',
  'seccompProfile',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'sysctls',
];

const LINUX_CONTEXT: readonly (keyof SecurityContext)[] = [
  'allowPrivilegeEscalation',
  'appArmorProfile',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
  'runAsGroup',
  'runAsUser',
  'seLinuxOptions',
  'seccompProfile',
];

/** Fields of the other operating system (validateLinux and validateWindows). */
export function* checkFieldsOfOperatingSystem(pod: PodObject): Iterable<Finding> {
  const { spec } = pod.value;
  const os = spec?.os?.name;
  if (os === undefined) return;
  const context = spec?.securityContext ?? {};
  if (os === 'windows') yield* checkUnset(spec ?? {}, LINUX_SPEC, ['spec'], os);
  yield* checkUnset(
    context,
    os === 'windows' ? LINUX_POD_CONTEXT : ['windowsOptions'],
    ['spec', 'securityContext'],
    os,
  );
  for (const { path, value } of containersOf(pod))
    yield* checkUnset(
      value.securityContext ?? {},
      os === 'windows' ? LINUX_CONTEXT : ['windowsOptions'],
      [...path, 'securityContext'],
      os,
    );
}

function* checkUnset<T extends object>(
  value: Incomplete<T>,
  fields: readonly (keyof T & keyof Incomplete<T> & string)[],
  path: FieldPath,
  os: string,
): Iterable<Finding> {
  for (const field of fields)
    if (hasEffect(field, value[field]))
      yield forbiddenField([...path, field], `the pod is for ${os} ('spec.os.name')`);
}

/** A server accepts these without an effect. */
function hasEffect(field: string, value: unknown): boolean {
  if (field === 'hostIPC' || field === 'hostPID') return value === true;
  return value !== undefined && !(field === 'sysctls' && Array.isArray(value) && value.length === 0);
}
