import type { FieldPath } from '../../../base/path.ts';
import { formatPath } from '../../../base/path.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { isKnownToServer, normalSysctlName, sysctlScope } from '../../spec/sysctls.ts';

const MAX_NAME_LENGTH = 253;
const NAME = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;

/**
 * Kernel parameters as in ValidatePodSecurityContext: only those of the pod's own namespaces. Kubernetes
 * distinguishes safe from unsafe sysctls, which a node has to allow; on a user's own machine all are allowed.
 * https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
 */
export function* checkSysctls(pod: PodObject): Iterable<Finding> {
  const { securityContext, hostIPC = false, hostNetwork = false } = pod.value.spec ?? {};
  const named = withNames(securityContext?.sysctls, ['spec', 'securityContext', 'sysctls']);
  for (const { name, path } of named) {
    if (name.length > MAX_NAME_LENGTH || !NAME.test(name))
      yield { code: 'invalid-name', path, message: `invalid kernel parameter name '${name}'` };
    else yield* checkScope(name, path, { ipc: hostIPC, net: hostNetwork });
  }
  for (const { first, again } of duplicates(named))
    yield {
      code: 'duplicate-name',
      path: again.path,
      message: `duplicate kernel parameter '${again.name}': already set by ${formatPath(first.path.slice(0, -1))}`,
    };
}

function* checkScope(
  name: string,
  path: FieldPath,
  isHost: { readonly ipc: boolean; readonly net: boolean },
): Iterable<Finding> {
  const normal = normalSysctlName(name);
  const scope = sysctlScope(normal);
  if (scope === 'machine')
    yield {
      code: 'sysctl-of-machine',
      path,
      message: `'${name}' applies to the whole machine and cannot be set for a pod`,
      help: 'A pod can set only net.*, kernel.sem, kernel.shm*, kernel.msg* and fs.mqueue.*.',
    };
  else if (isHost[scope]) {
    const field = scope === 'net' ? 'hostNetwork' : 'hostIPC';
    yield {
      code: isKnownToServer(normal) ? 'sysctl-of-host' : 'sysctl-of-machine',
      path,
      message: `'${name}' belongs to the host with '${field}: true'`,
      help: `Remove it, or remove ${field}.`,
    };
  }
}
