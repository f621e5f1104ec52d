import type { Definitions } from './definition.ts';
import { hookWords, postStartCommand, terminateCommand } from './hook-commands.ts';
import { namesOf, type RunPostStart, type TerminateContainers, type Termination } from './hook-work.ts';
import { containersSubject, containerSubject } from './subjects.ts';
import { upTo } from './words.ts';

export type HookOperation = RunPostStart | TerminateContainers;

export const HOOK_OPERATIONS: Definitions<HookOperation> = {
  'run-post-start': {
    command: postStartCommand,
    describe: ({ pod, container, role }) => `run postStart of ${containerSubject(pod, container, role)}`,
    words: ({ pod, container, role, hook }) => ({
      subject: containerSubject(pod, container, role),
      doing: `running postStart: ${hookWords(hook)}`,
      done: 'postStart completed',
    }),
    target: ({ pod, container, role }) => ({ pod, container, role }),
    policy: (postStart) => ({ waits: true, hooks: { postStart } }),
  },
  'terminate-containers': {
    command: terminateCommand,
    describe: (operation) => `stop ${terminationSubject(operation)}`,
    words: (operation) => ({
      subject: terminationSubject(operation),
      doing: `stopping${upTo(operation.graceSeconds)}`,
      done: 'stopped',
      result: 'stopped',
    }),
    target: ({ pod }) => ({ pod }),
    policy: (termination) => ({ stops: { containers: namesOf(termination) }, hooks: { termination } }),
  },
};

function terminationSubject({ pod, containers, sidecars }: TerminateContainers): string {
  const names = (terminations: readonly Termination[]) => terminations.map(({ name }) => name);
  return containersSubject(pod, names(containers), names(sidecars));
}
