import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { runsToEnd } from '../../kube/spec/restart-policy.ts';
import { messageSource } from '../inspect/termination-message.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { containerName, replacementName } from '../names.ts';
import { podmanWith, type Command, type ValueOf } from './argument.ts';
import { createChange, removeChange, startChange } from './requests/container.ts';
import { withCreation } from './requests/requests.ts';
import { creationSettings, type ContainerCreation } from './container-creation.ts';
import type { AttachedContainer } from './definition.ts';
import { flagsOf } from './setting.ts';
import { attachCommand, startCommand, startInBackground, startInForeground } from './working-dir.ts';

export interface ContainerRun extends ContainerCreation {
  /** Whether an existing container of podpose has this name and is removed first. */
  readonly replace: boolean;
}

/**
 * `podman run --pod`. An init container, unless it is a sidecar, runs in the foreground: the command ends with it and returns its exit code. All
 * other containers run in the background.
 */
export function runContainerCommand(
  operation: ContainerRun,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { pod, container, replace } = operation;
  const { workingDir, stdin, tty } = container;
  const name = containerName(pod, container);
  const settings = creationSettings(operation, name, capabilities, podman);
  const args = [...(replace ? ['--replace'] : []), ...flagsOf(settings)];
  const stagesOf = (verb: readonly string[]) => (valueOf: ValueOf) => [
    ...(replace ? [[removeChange(name, container.terminationGracePeriodSeconds)]] : []),
    [createChange(name, settings, valueOf, podman, verb)],
    [startChange(name, startCommand(name, workingDir, podman), podman)],
  ];
  if (!runsToEnd(container)) {
    const run = ['run', '--detach', ...args];
    const command: Command =
      workingDir === undefined
        ? { program: 'podman', args: run }
        : startInBackground(run, { name, workingDir }, podman);
    return withCreation(command, capabilities, settings, stagesOf(['run', '--detach']));
  }
  const input = stdin ? 'open' : 'none';
  const { requests, ...command } = withCreation(
    workingDir === undefined
      ? podmanWith(['run', ...args])
      : startInForeground(['create', ...args], { name, workingDir }, input, podman),
    capabilities,
    settings,
    stagesOf(workingDir === undefined ? ['run'] : ['create']),
  );
  if (requests === undefined) return command;
  const attached = {
    name,
    mode: { isTerminal: tty, readsInput: stdin },
    start: attachCommand(name, workingDir, input, podman),
  };
  return { ...command, requests: { ...requests, attached } };
}

/** The init container that `podman run` waits for. */
export function attachedContainer(pod: DesiredPod, container: DesiredContainer): AttachedContainer {
  return {
    name: containerName(pod, container),
    graceSeconds: container.terminationGracePeriodSeconds,
    message: messageSource(pod, container),
  };
}

/** `podman create --pod`: the same container with a temporary name, not started. */
export function createReplacementCommand(
  operation: ContainerCreation,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const name = replacementName(operation.pod, operation.container);
  const settings = creationSettings(operation, name, capabilities, podman);
  return withCreation(podmanWith(['create', ...flagsOf(settings)]), capabilities, settings, (valueOf) => [
    [createChange(name, settings, valueOf, podman)],
  ]);
}
