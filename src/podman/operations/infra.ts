import type { DesiredSandbox } from '../../kube/spec/desired.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { infraContainer, type Command } from './argument.ts';
import { startChange } from './requests/container.ts';
import { withRequests } from './requests/requests.ts';

export interface InfraStart {
  readonly pod: string;
  readonly sandbox: Pick<DesiredSandbox, 'hostNetwork' | 'hostAliases' | 'userns'>;
}

/**
 * `podman start` of the infra container. All containers of the pod share its /etc/hosts. Before podman 5.4, the file
 * begins with the entries of the machine. It is rewritten in place, as the containers mount the file itself: by the command
 * that starts the container, as nothing else tells whether the file was written.
 */
export function startInfraCommand(
  { pod, sandbox }: InfraStart,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const infra = infraContainer(pod);
  if (capabilities.hostsFile || sandbox.hostNetwork)
    return withRequests({ program: 'podman', args: ['start', infra] }, capabilities, (valueOf) => {
      const id = valueOf(infra);
      return [[startChange(id, { program: 'podman', args: ['start', id] }, podman)]];
    });
  const aliases = sandbox.hostAliases.map(({ ip, hostnames }) => [ip, ...hostnames].join(' '));
  const script = sandbox.userns === undefined ? START_AND_WRITE : START_AND_WRITE_AS_ROOT;
  return { program: 'sh', args: ['-c', script, podman, infra, ...aliases, ...BOILERPLATE] };
}

/** The first lines of a pod's hosts file on a cluster (managedHostsFileContent in pkg/kubelet/kubelet_pods.go). */
const BOILERPLATE = [
  '127.0.0.1 localhost',
  '::1 localhost ip6-localhost ip6-loopback',
  'fe00::0 ip6-localnet',
  'fe00::0 ip6-mcastprefix',
  'fe00::1 ip6-allnodes',
  'fe00::2 ip6-allrouters',
] as const;

/**
 * `$0` is podman, `$1` the infra container; the other arguments are lines. podman's own entries are kept: the machine
 * as host.containers.internal, and the pod's addresses, which have the name of the infra container.
 */
const START_AND_PRINT = [
  '"$0" start "$1"',
  'own=$("$0" inspect --format "{{.Name}} {{.HostsPath}}" "$1")',
  'shift',
  '{ kept=$(grep -wF -e host.containers.internal -e "${own%% *}" "${own#* }"); [ "$?" -lt 2 ]; }',
  'printf "%s\\n" "$@" ${kept:+"$kept"}',
].join(' && ');
const START_AND_WRITE = `${START_AND_PRINT} >"\${own#* }"`;

/** In a user namespace of its own, the file belongs to root of the pod, which is not the user of the machine. */
const START_AND_WRITE_AS_ROOT = `${START_AND_PRINT} | "$0" unshare sh -c 'cat >"$1"' sh "\${own#* }"`;
