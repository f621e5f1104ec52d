import type { ContainerRole } from '../../kube/spec/desired.ts';
import type { Probe } from '../../kube/spec/probe.ts';
import { containerName } from '../names.ts';
import type { Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { probeCommand } from './probe-command.ts';
import { containerSubject } from './subjects.ts';

export type ReadinessOperation = WaitForReady;

/** Waits until a container of a rollout is available: ready, and for long enough. */
export interface WaitForReady {
  readonly kind: 'wait-for-ready';
  /** The workload: `deploy/web`. */
  readonly owner: string;
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  /** The probe that decides; absent for a container that is ready as soon as it runs. */
  readonly probe?: Probe;
  readonly hostNetwork: boolean;
  readonly minReadySeconds: number;
  readonly deadlineSeconds: number;
}

/**
 * `$0` is podman; the arguments after the first three are the probe, if there is one. podpose itself does not run this
 * command: it runs the probes as the watcher does, and restarts the container with the back-off of Kubernetes.
 */
const WAIT = [
  'name=$1 least=$2 end=$(($(date +%s) + $3)) since=',
  'shift 3',
  'while now=$(date +%s); [ "$now" -lt "$end" ]',
  'do if [ "$("$0" inspect --format "{{.State.Running}}" "$name")" = true ] && { [ $# = 0 ] || "$@" >/dev/null 2>&1; }',
  'then [ $((now - ${since:=$now})) -lt "$least" ] || exit 0',
  'else since=',
  'fi',
  'sleep 1',
  'done',
  'echo "Error: $name is not ready" >&2',
  'exit 1',
].join('; ');

export const READINESS_OPERATIONS: Definitions<ReadinessOperation> = {
  'wait-for-ready': {
    command: waitCommand,
    describe: (operation) => `wait until ${subjectOf(operation)} is ready`,
    words: (operation) => ({
      subject: subjectOf(operation),
      doing: 'waiting until it is ready',
      done: 'ready',
    }),
    target: ({ pod, container, role }) => ({ pod, container, role }),
    policy: (operation) => ({
      streams: 'progress',
      awaitsReady: {
        name: containerName({ name: operation.pod }, { name: operation.container }),
        isProbed: operation.probe !== undefined,
        ...operation,
      },
    }),
  },
};

function waitCommand(operation: WaitForReady, _capabilities: unknown, podman: string): Command {
  const { pod, container, probe, hostNetwork, minReadySeconds, deadlineSeconds } = operation;
  const name = containerName({ name: pod }, { name: container });
  const numbers = [minReadySeconds, deadlineSeconds].map(String);
  const probing = probe === undefined ? [] : probeCommand(probe, { pod, name, hostNetwork }, podman);
  return { program: 'sh', args: ['-c', WAIT, podman, name, ...numbers, ...probing] };
}

/** The operation where nothing runs the probes: a container is ready as soon as it runs. */
export function withoutProbe({ probe: _, ...operation }: WaitForReady): WaitForReady {
  return operation;
}

function subjectOf({ pod, container, role }: WaitForReady): string {
  return containerSubject(pod, container, role);
}
