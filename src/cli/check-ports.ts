import type { Diagnostic } from '../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../base/path.ts';
import type { HostPort } from '../pod/desired.ts';
import type { SourcedPod } from '../pod/pod-set.ts';
import type { Prepared } from './prepare.ts';
import type { Session } from './session.ts';
import type { World } from './world.ts';

/**
 * Tries the host ports of the pods that are about to be made. A port that is taken would be found out only
 * when half of the pod is there.
 */
export async function checkPorts(
  world: World,
  { loaded, plan, observed }: Prepared,
): Promise<readonly Diagnostic[]> {
  const created = new Set(
    plan.changes.flatMap(({ subject, action }) =>
      subject.kind === 'pod' && action === 'create' ? [subject.pod] : [],
    ),
  );
  // A pod that is there holds its ports itself: while it is replaced or started again, nobody else has them.
  const free = loaded.pods.filter(
    ({ pod }) => created.has(pod.name) && !observed.pods.some(({ name }) => name === pod.name),
  );
  const check = (pods: readonly SourcedPod[]) =>
    Promise.all(
      pods.flatMap((sourced) => sourced.pod.sandbox.hostPorts.map((port) => checkPort(world, sourced, port))),
    );
  const [found, ofReplaced] = await Promise.all([check(free), check(replacedPods(loaded, plan))]);
  // What listens on a port of a pod that is replaced may well be that pod.
  return [...found, ...ofReplaced.filter((diagnostic) => diagnostic?.code !== 'port-in-use')].filter(
    (diagnostic) => diagnostic !== undefined,
  );
}

/** A port that nobody may listen on would be found out only when the old pod is gone. */
function replacedPods({ pods }: Prepared['loaded'], { changes }: Prepared['plan']): readonly SourcedPod[] {
  const replaced = new Set(
    changes.flatMap(({ subject, action }) =>
      subject.kind === 'pod' && action === 'replace' ? [subject.pod] : [],
    ),
  );
  return pods.filter(({ pod }) => replaced.has(pod.name));
}

/** For `plan`: what `up` would refuse as things are. Another program may be gone by then, and so these are warnings. */
export async function warnOfPorts(session: Session, prepared: Prepared): Promise<void> {
  const found = await checkPorts(session.world, prepared);
  session.tell(
    found.map(({ message, ...rest }) => ({
      ...rest,
      severity: 'warning',
      message: `${message}: up will refuse it`,
    })),
    prepared.loaded.sources,
  );
}

async function checkPort(world: World, sourced: SourcedPod, port: HostPort): Promise<Diagnostic | undefined> {
  const answer = await world.probePort({
    address: port.hostIP,
    port: port.hostPort,
    protocol: port.protocol,
  });
  if (answer === 'free') return undefined;
  const path = pathOf(sourced, port);
  const place = `${port.hostIP}:${port.hostPort}`;
  const words = {
    'in-use': {
      code: 'port-in-use',
      message: `another program listens on ${place} already`,
      help: `Stop it, or use another hostPort. \`ss -ltnp 'sport = :${port.hostPort}'\` shows which it is.`,
    },
    'not-permitted': {
      code: 'port-privileged',
      message: `this user may not listen on port ${port.hostPort}`,
      help: 'Use a hostPort of 1024 or more, or allow it for the whole machine: sudo sysctl net.ipv4.ip_unprivileged_port_start=80.',
    },
    'no-such-address': {
      code: 'port-address',
      message: `this machine has no address ${port.hostIP}`,
      help: 'Use 127.0.0.1, 0.0.0.0, or an address that `ip address` shows.',
    },
  }[answer];
  return { ...words, severity: 'error', path: formatPath(path), location: sourced.locate(path) };
}

function pathOf({ pod }: SourcedPod, port: HostPort): FieldPath {
  const list = pod.containers.some(({ name }) => name === port.container) ? 'containers' : 'initContainers';
  const index = pod[list].findIndex(({ name }) => name === port.container);
  return ['spec', list, index, 'ports'];
}
