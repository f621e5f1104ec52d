import type { Probe } from '../../kube/spec/probe.ts';
import { containerName } from '../names.ts';
import type { Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { probeCommand } from './probe-command.ts';
import { containerSubject } from './subjects.ts';

export type StartupOperation = WaitForStartup;

/** Waits until the startup probe of a sidecar has succeeded. */
export interface WaitForStartup {
  readonly kind: 'wait-for-startup';
  readonly pod: string;
  readonly container: string;
  readonly probe: Probe;
  readonly hostNetwork: boolean;
  /** Of a container whose probe has failed too often: seconds until it is killed. */
  readonly graceSeconds: number;
}

/**
 * `$0` is podman; the arguments after the first five are the probe. A container whose probe has failed too often, or that
 * has ended, is started again: without a back-off, as nothing but this command depends on it. podpose itself does not run
 * this command: the probe is run as by the watcher, with the back-off of Kubernetes.
 */
const WAIT = [
  'name=$1 delay=$2 period=$3 most=$4 grace=$5 failures=0',
  'shift 5',
  'sleep "$delay"',
  'until "$@" >/dev/null 2>&1',
  'do failures=$((failures + 1))',
  '[ "$failures" -lt "$most" ] || { "$0" stop --time "$grace" "$name" >/dev/null; failures=0; }',
  'sleep "$period"',
  '"$0" start "$name" >/dev/null || exit',
  'done',
].join('; ');

export const STARTUP_OPERATIONS: Definitions<StartupOperation> = {
  'wait-for-startup': {
    command: waitCommand,
    describe: (operation) => `wait for the startup probe of ${subjectOf(operation)}`,
    words: (operation) => ({
      subject: subjectOf(operation),
      doing: 'waiting for its startup probe',
      done: 'startup probe succeeded',
    }),
    target: ({ pod, container }) => ({ pod, container, role: 'init' }),
    policy: ({ pod, container }) => ({
      streams: 'progress',
      awaits: containerName({ name: pod }, { name: container }),
    }),
  },
};

function waitCommand(operation: WaitForStartup, _capabilities: unknown, podman: string): Command {
  const { pod, container, probe, graceSeconds, hostNetwork } = operation;
  const name = containerName({ name: pod }, { name: container });
  const { initialDelaySeconds, periodSeconds, failureThreshold } = probe;
  const numbers = [initialDelaySeconds, periodSeconds, failureThreshold, graceSeconds].map(String);
  return {
    program: 'sh',
    args: ['-c', WAIT, podman, name, ...numbers, ...probeCommand(probe, { pod, name, hostNetwork }, podman)],
  };
}

function subjectOf({ pod, container }: WaitForStartup): string {
  return containerSubject(pod, container, 'init');
}
