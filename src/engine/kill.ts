import { success } from '../base/result.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { observePods } from '../podman/inspect/observe.ts';
import { signalName, signalNumber } from '../podman/operations/signal.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { viewPods } from './pod-facts.ts';
import { findNamedPods, selectsContainer } from './target.ts';

export interface KillOptions {
  readonly project?: string | undefined;
  /** Only pods of this namespace. */
  readonly namespace?: string | undefined;
  /** Pods and containers. */
  readonly operands: readonly string[];
  /** Such as `HUP`, `SIGHUP` or `1`. */
  readonly signal: string;
}

/**
 * Plans to send a signal to containers. It takes no lock: it must work while another podpose waits for a container that
 * does not stop.
 */
export async function planKill(
  engine: Engine,
  { project, namespace, operands, signal: given }: KillOptions,
): Promise<EngineResult<Plan>> {
  const signal = signalNamed(given);
  if (signal === undefined) return failed('usage', [unknownSignal(given)]);
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const target = findNamedPods(operands, project, observed.value, { namespace });
  if (!target.ok) return failed('usage', target.error);
  const errors: Diagnostic[] = [];
  const plans = viewPods({ ...observed.value, volumes: [], images: [] }, target.value).flatMap((view) => {
    const pod = view.observed.name;
    const chosen = [...view.initContainers, ...view.containers].filter(({ name }) =>
      selectsContainer(target.value, pod, name),
    );
    const containers = chosen.flatMap((container) =>
      container.observed !== undefined && LIVE.includes(container.observed.state)
        ? [container.observed.name]
        : [],
    );
    if (target.value.containers?.has(pod) === true)
      errors.push(
        ...chosen
          .filter(({ observed: found }) => found === undefined || !containers.includes(found.name))
          .map(({ name }) => notRunning(`${pod}/${name}`, pod)),
      );
    else if (containers.length === 0) errors.push(notRunning(`pod/${pod}`, pod));
    return containers.length === 0 ? [] : [{ pod, containers }];
  });
  if (errors.length > 0) return failed('failed', errors);
  return success({
    project: target.value.project,
    // A signal is no change of an object.
    changes: [],
    steps: plans.map(({ pod, containers }) => ({
      id: `signal/${pod}`,
      needs: [],
      cause: `pod/${pod}`,
      operation: { kind: 'signal-containers', pod, containers, signal },
    })),
    warnings: [],
  });
}

const LIVE: readonly string[] = ['running', 'stopping', 'paused'];

/** The name with its prefix, also of a number; undefined for an unknown signal. */
function signalNamed(given: string): string | undefined {
  const upper = given.toUpperCase();
  if (/^\d+$/.test(upper))
    return Number(upper) >= 1 && Number(upper) <= 64 ? signalName(Number(upper)) : undefined;
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  return signalNumber(name) > 0 ? name : undefined;
}

function unknownSignal(given: string): Diagnostic {
  return usageError(
    'option-value',
    `invalid value '${given}' for --signal`,
    'Use the name or number of a signal: HUP, SIGTERM, 9.',
  );
}

function notRunning(subject: string, pod: string): Diagnostic {
  return usageError(
    'container-not-running',
    `cannot send a signal to ${subject}: it is not running`,
    `podpose ps ${pod} shows its state.`,
  );
}
