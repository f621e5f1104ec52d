import type { Diagnostic } from '../base/diagnostic.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { DEADLINE_EXCEEDED } from '../kube/status/pod-status.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { viewPods } from './pod-facts.ts';

type PodWithDeadline = Pick<DesiredPod, 'name' | 'activeDeadlineSeconds'>;

/** The pods that have failed at their activeDeadlineSeconds, whoever has stopped them. */
export async function latePods(
  project: string,
  pods: readonly DesiredPod[],
  observe: () => Promise<ContainersAndPods>,
): Promise<readonly DesiredPod[]> {
  const limited = pods.filter(({ activeDeadlineSeconds }) => activeDeadlineSeconds !== undefined);
  if (limited.length === 0) return [];
  const views = viewPods({ ...(await observe()), volumes: [], images: [] }, { project });
  const late = views.filter(({ status }) => status.reason === DEADLINE_EXCEEDED.reason);
  return limited.filter(({ name }) => late.some((view) => view.observed.name === name));
}

export function deadlineExceeded({ name, activeDeadlineSeconds = 0 }: PodWithDeadline): Diagnostic {
  return {
    code: 'deadline-exceeded',
    severity: 'error',
    message: `pod/${name} was stopped: activeDeadlineSeconds (${activeDeadlineSeconds}) exceeded`,
  };
}
