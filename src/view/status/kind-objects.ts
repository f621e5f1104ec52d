import { defined } from '../../base/defined.ts';
import { listOf, type JsonObject } from '../../base/json-members.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ServiceView } from '../../engine/service-facts.ts';
import { POD_DEFAULTS } from '../../kube/spec/defaults.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { apiVersionOf, type WorkloadKind } from '../../manifest/kinds.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { membersOf } from '../../plan/compare/manifest-form/values.ts';
import { typeOf, type WorkloadView } from './kind-tables.ts';
import { podItem } from './pod-list.ts';

/** The objects of a kind that are shown. */
export interface ShownObjects {
  readonly views: readonly PodView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
}

/** Objects of Kubernetes that can be applied again. They have no values of Secrets, and no labels of podpose. */
export function kindItems({ views, services, workloads }: ShownObjects): readonly object[] {
  return [
    ...views.map((view) => podItem(view)),
    ...services.map(serviceItem),
    ...workloads.flatMap(workloadItem),
  ];
}

/** The workloads that podpose has no full record of: they cannot be shown as objects. */
export function unrecorded(workloads: readonly WorkloadView[]): readonly WorkloadView[] {
  return workloads.filter((workload) => workloadItem(workload).length === 0);
}

function metadataOf({ namespace, name }: { readonly namespace: string; readonly name: string }): object {
  return { name, ...(namespace === POD_DEFAULTS.namespace ? {} : { namespace }) };
}

/** A Service as in the manifest: its address is not part of it, as podman chooses it. */
function serviceItem(view: ServiceView): object {
  const { record, ports } = view;
  const { service } = record;
  const { type, selector, externalName, sessionAffinity, publishNotReadyAddresses } = service;
  const ingress = ports.flatMap(({ published, port }) =>
    published === undefined
      ? []
      : [{ ip: published.hostIP, ports: [{ port: published.hostPort, protocol: port.protocol }] }],
  );
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(view),
    spec: defined({
      type: typeOf(service),
      clusterIP: type === 'Headless' ? 'None' : service.clusterIP,
      externalName,
      selector,
      ports:
        ports.length === 0
          ? undefined
          : ports.map(({ port: { name, protocol, port, targetPort, nodePort } }) =>
              defined({ name, protocol, port, targetPort, nodePort }),
            ),
      sessionAffinity,
      publishNotReadyAddresses,
    }),
    status: { loadBalancer: type === 'LoadBalancer' && ingress.length > 0 ? { ingress } : {} },
  };
}

/** The kinds whose spec is the template and the number of pods. */
const TEMPLATED: ReadonlySet<WorkloadKind> = new Set([
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

/** Labels that the controller of a StatefulSet adds to its pods. */
const ADDED_LABELS: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'statefulset.kubernetes.io/pod-name',
]);

/**
 * A workload with the template of its last pod. Empty for one with more than a template: a Job, and a StatefulSet with claims
 * of its own.
 */
function workloadItem(workload: WorkloadView): readonly object[] {
  const kind = kindOfOwner(workload.owner);
  const last = [...workload.pods].sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0)).at(-1);
  if (kind === undefined || last === undefined || !TEMPLATED.has(kind)) return [];
  const pod = JSON.parse(JSON.stringify(podItem(last))) as JsonObject;
  const { labels: all, annotations } = membersOf(pod['metadata']);
  const labels = Object.fromEntries(
    Object.entries(membersOf(all)).filter(([name]) => !ADDED_LABELS.has(name)),
  );
  const { hostname, subdomain, ...ownSpec } = membersOf(pod['spec']);
  const isStateful = kind === 'StatefulSet';
  if (isStateful && hasOwnClaim(ownSpec, observedName(last.observed).name)) return [];
  const replicas = workload.pods.length;
  const readyReplicas = workload.pods.filter(({ status }) => status.ready === status.total).length;
  return [
    {
      apiVersion: apiVersionOf(kind),
      kind,
      metadata: metadataOf(workload),
      spec: defined({
        replicas: kind === 'DaemonSet' ? undefined : replicas,
        serviceName: isStateful ? subdomain : undefined,
        selector: kind === 'ReplicationController' ? { ...labels } : { matchLabels: { ...labels } },
        template: {
          metadata: defined({ labels, annotations }),
          spec: isStateful ? ownSpec : defined({ hostname, subdomain, ...ownSpec }),
        },
      }),
      status: kind === 'DaemonSet' ? { numberReady: readyReplicas } : { replicas, readyReplicas },
    },
  ];
}

/** Whether a pod of a StatefulSet has a claim of its own, whose template is not recorded: `data-web-0`. */
function hasOwnClaim({ volumes }: JsonObject, pod: string): boolean {
  return listOf(volumes).some((volume) => {
    const { name, persistentVolumeClaim } = membersOf(volume);
    const { claimName } = membersOf(persistentVolumeClaim);
    return typeof name === 'string' && claimName === `${name}-${pod}`;
  });
}
