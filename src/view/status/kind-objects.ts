import type { IngressView } from '../../engine/ingress-status.ts';
import type { CronJobView } from '../../engine/job-facts.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ServiceView } from '../../engine/service-facts.ts';
import { qualifiedName } from '../../kube/spec/qualified-name.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { cronJobItem, jobItem } from './job-objects.ts';
import type { WorkloadView } from './kind-tables.ts';
import { podItem } from './pod-list.ts';
import { ingressItem, serviceItem } from './service-objects.ts';
import { workloadItem } from './workload-objects.ts';

/** The objects of a kind that are shown. */
export interface ShownObjects {
  readonly views: readonly PodView[];
  readonly services: readonly ServiceView[];
  readonly ingresses: readonly IngressView[];
  readonly workloads: readonly WorkloadView[];
  readonly cronJobs: readonly CronJobView[];
}

/**
 * Objects of Kubernetes that can be applied again. They have no values of Secrets, and no labels of podpose. What podman has
 * no record of is left out.
 */
export function kindItems({
  views,
  services,
  ingresses,
  workloads,
  cronJobs,
}: ShownObjects): readonly object[] {
  return [
    ...views.map((view) => podItem(view)),
    ...services.map(serviceItem),
    ...ingresses.flatMap((view) => ingressItem(view) ?? []),
    ...workloads.flatMap((view) => itemOf(view) ?? []),
    ...cronJobs.flatMap((view) => cronJobItem(view) ?? []),
  ];
}

/** The objects without a record of the fields that an object of their kind must have: `deploy/web`. */
export function unrecorded({ ingresses, workloads, cronJobs }: ShownObjects): readonly string[] {
  return [
    ...ingresses.flatMap((view) =>
      ingressItem(view) === undefined ? [`ing/${qualifiedName(view.ingress)}`] : [],
    ),
    ...workloads.flatMap((view) => (itemOf(view) === undefined ? [view.owner] : [])),
    ...cronJobs.flatMap((view) => (cronJobItem(view) === undefined ? [view.owner] : [])),
  ];
}

function itemOf(view: WorkloadView): object | undefined {
  return kindOfOwner(view.owner) === 'Job' ? jobItem(view) : workloadItem(view);
}
