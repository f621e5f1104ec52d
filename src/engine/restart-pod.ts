import type { WatchSettings } from '../kubelet/watched.ts';
import { planStart } from '../plan/plan-start.ts';
import { observe } from '../podman/inspect/observe.ts';
import { isRestart } from '../apply/events.ts';
import { applyPlan } from './apply-project.ts';
import type { Engine } from './engine.ts';
import { NO_SECRETS } from './no-secrets.ts';
import { SILENT } from './silent-host.ts';
import type { RestartPod } from './watch-pod-orders.ts';

/** How long an init container that fails is retried, in milliseconds. */
const RETRY_MILLISECONDS = 300_000;

/**
 * Restarts all containers of a pod, its init containers first, in its sandbox: the action RestartAllContainers of a rule
 * (ContainersToReset in pkg/kubelet/kuberuntime/kuberuntime_manager.go).
 */
export function podRestarter(engine: Engine, project: string, settings: WatchSettings): RestartPod {
  return async (pod, podman, stop) => {
    const observed = await observe(podman);
    if (!observed.ok) return observed.error[0]?.message;
    const planned = planStart({
      ...{ project, observed: observed.value, pods: [pod], restart: true, keepsSandbox: true },
    });
    if (!planned.ok) return planned.error[0]?.message;
    const outcome = await applyPlan(
      { ...engine, podman, host: SILENT },
      planned.value,
      {
        control: { stop, kill: stop, release: () => undefined },
        retryUntil: engine.platform.clock.now() + RETRY_MILLISECONDS,
        watching: settings,
      },
      NO_SECRETS,
    );
    if (!outcome.ok) return outcome.error.diagnostics[0]?.message;
    const failed = outcome.value.failed.find(({ failure }) => !isRestart(failure));
    if (failed === undefined) return undefined;
    const { failure } = failed;
    return failure.kind === 'command'
      ? failure.diagnostic.message
      : `cannot restart all containers of pod/${pod}: ${failed.step.id} has failed`;
  };
}
