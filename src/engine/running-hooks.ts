import type { ApplyEvent } from '../apply/events.ts';
import { membersOf } from '../base/json-members.ts';
import { parseJson } from '../base/parse-json.ts';
import type { Plan } from '../plan/plan.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import type { LocalServer } from '../platform/local-socket.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';
import type { EnginePlatform } from './engine.ts';

/*
 * The postStart hooks of a plan that is being applied: podman shows a container as running meanwhile, and no label can be
 * written. The process that runs the hooks answers at a socket, and the answer ends with it. It holds the lock of the
 * project: there is one socket for a project.
 */

/** The time limit for an answer. */
const ANSWER_MILLISECONDS = 200;

function socketName(project: string): string {
  return `${project}.hooks`;
}

export interface HookReport {
  /** Receives the events of the plan. */
  readonly onEvent: (event: ApplyEvent) => void;
  readonly close: () => Promise<void>;
}

/** Tells other processes which postStart hooks of a plan have not ended, from the start of their containers on. */
export function reportHooks(
  { sockets }: Pick<EnginePlatform, 'sockets'>,
  { project, steps }: Pick<Plan, 'project' | 'steps'>,
): HookReport {
  const hooks = steps.flatMap(({ id, needs, operation }) =>
    operation.kind === 'run-post-start' ? [{ id, needs, name: operation.name }] : [],
  );
  const pending = new Set<string>();
  // One after another: the end of a server removes the socket, also that of the next one.
  let server = Promise.resolve<LocalServer | undefined>(undefined);
  const serve = async () => {
    const answer = await sockets.serve(socketName(project), () => JSON.stringify([...pending]));
    return answer.ok ? answer.value : undefined;
  };
  const close = () => {
    server = server.then((open) => {
      open?.close();
      return undefined;
    });
  };
  return {
    onEvent: (event) => {
      if (hooks.length === 0 || !('step' in event)) return;
      const { step, kind } = event;
      const before = pending.size;
      for (const { id, needs, name } of hooks) {
        // From the step on that starts the container.
        if (kind === 'step-started' && (id === step.id || needs.includes(step.id))) pending.add(name);
        if (id === step.id && ENDS.has(kind)) pending.delete(name);
      }
      // While no hook runs, the lock of the project may be another's.
      if (before === 0 && pending.size > 0) server = server.then(serve);
      if (before > 0 && pending.size === 0) close();
    },
    close: async () => {
      close();
      await server;
    },
  };
}

const ENDS: ReadonlySet<ApplyEvent['kind']> = new Set(['step-succeeded', 'step-failed', 'step-skipped']);

/** Those of the containers whose postStart hooks a plan that is being applied has still to run to their end. */
export async function inPostStart(
  { sockets }: Pick<EnginePlatform, 'sockets'>,
  project: string,
  containers: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> {
  const running = containers.filter(({ state, labels }) => state === 'running' && hasPostStart(labels));
  if (running.length === 0) return [];
  const answer = await sockets.ask(socketName(project), 'status', ANSWER_MILLISECONDS);
  const names = membersOf(answer === undefined ? undefined : parseJson(answer));
  return running.filter(({ name }) => names.includes(name));
}

function hasPostStart(labels: ObservedContainer['labels']): boolean {
  const applied = lastAppliedContainer(labels);
  return applied !== undefined && lifecycleOf(applied.settings).postStart !== undefined;
}
