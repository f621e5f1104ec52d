import { compareTexts } from '../../base/text.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { Container } from '../../manifest/schema/generated/kubernetes.ts';
import type { HostPort } from '../spec/desired.ts';

/**
 * The published ports of a pod. The kubelet publishes no ports of init containers (generatePodSandboxConfig in
 * pkg/kubelet/kuberuntime).
 */
export function convertHostPorts(
  containers: readonly Container[],
  defaultHostIP: string,
): readonly HostPort[] {
  return containers.flatMap((container) => hostPortsOf(container, defaultHostIP)).sort(byHostPort);
}

function hostPortsOf({ name, ports = [] }: Container, defaultHostIP: string): readonly HostPort[] {
  return ports.flatMap(
    ({ name: portName = '', hostPort = 0, hostIP = '', containerPort, protocol = DEFAULT_PROTOCOL }) =>
      hostPort === 0
        ? []
        : [
            {
              container: name,
              ...(portName === '' ? {} : { portName }),
              hostIP: hostIP === '' ? defaultHostIP : hostIP,
              hostPort,
              containerPort,
              protocol,
            },
          ],
  );
}

function byHostPort(a: HostPort, b: HostPort): number {
  return a.hostPort - b.hostPort || compareTexts(a.protocol, b.protocol) || compareTexts(a.hostIP, b.hostIP);
}
