import type { Json } from '../../base/stable-json.ts';
import { appliedPod } from '../../engine/applied-pod.ts';
import type { PodEvent } from '../../engine/pod-events.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ServicePortView, ServiceView } from '../../engine/service-facts.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import type { WorkloadKind } from '../../manifest/kinds.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { textOf } from '../../plan/compare/manifest-form/values.ts';
import { describeTemplate } from './describe-containers.ts';
import { aligned, dateWords, eventLines, field, list, NONE, type Line } from './describe-lines.ts';
import { describeVolumes } from './describe-volumes.ts';
import { describeJobAlone, jobLines } from './describe-jobs.ts';
import { clusterIP, typeOf, type WorkloadView } from './kind-tables.ts';

/** A Service in the layout of `kubectl describe service` (describeService in k8s.io/kubectl/pkg/describe/describe.go). */
export function describeService(view: ServiceView): string {
  const { record, project, ports, namespace, name } = view;
  const { service } = record;
  return aligned([
    field('Name', name),
    field('Namespace', namespace),
    field('Project', project),
    ...list('Selector', [pairs(service.selector ?? {}).join(',') || NONE]),
    field('Type', typeOf(service)),
    field('IP', clusterIP(view)),
    ...(service.externalName === undefined ? [] : [field('External Name', service.externalName)]),
    ...ports.flatMap(portLines),
    field('Session Affinity', service.sessionAffinity ?? 'None'),
  ]);
}

/** The lines of one port; a published one has the port of the machine, too. */
function portLines({ port, published, endpoints }: ServicePortView): readonly Line[] {
  const name = port.name ?? '<unset>';
  return [
    field('Port', `${name}  ${port.port}/${port.protocol}`),
    field('TargetPort', `${port.targetPort}/${port.protocol}`),
    ...(published === undefined
      ? []
      : [field('Published', `${published.hostIP}:${published.hostPort}/${port.protocol}`)]),
    field('Endpoints', endpoints.join(',')),
  ];
}

/** The numbers of pods of a workload in each state. */
interface Counts {
  readonly total: number;
  readonly ready: number;
  readonly upToDate: number;
  readonly running: number;
  readonly waiting: number;
  readonly succeeded: number;
  readonly failed: number;
}

type NumberLines = (counts: Counts) => readonly Line[];

const setLines: NumberLines = ({ total }) => [field('Replicas', `${total} current / ${total} desired`)];

const statusLines: NumberLines = ({ running, waiting, succeeded, failed }) => [
  field('Pods Status', `${running} Running / ${waiting} Waiting / ${succeeded} Succeeded / ${failed} Failed`),
];

/** The lines of kubectl about the pods of a workload, by its kind. */
const NUMBERS: Readonly<Record<WorkloadKind, NumberLines>> = {
  Deployment: ({ total, upToDate, ready }) => [
    field(
      'Replicas',
      `${total} desired | ${upToDate} updated | ${total} total | ${ready} available | ${total - ready} unavailable`,
    ),
  ],
  ReplicaSet: (counts) => [...setLines(counts), ...statusLines(counts)],
  ReplicationController: (counts) => [...setLines(counts), ...statusLines(counts)],
  StatefulSet: (counts) => [
    field('Replicas', `${counts.total} desired | ${counts.total} total`),
    ...statusLines(counts),
  ],
  DaemonSet: (counts) => [
    field('Desired Number of Nodes Scheduled', `${counts.total}`),
    field('Number of Nodes Scheduled with Up-to-date Pods', `${counts.upToDate}`),
    field('Number of Nodes Scheduled with Available Pods', `${counts.ready}`),
    ...statusLines(counts),
  ],
  Job: ({ running, waiting, ready, succeeded, failed }) => [
    field(
      'Pods Statuses',
      `${running + waiting} Active (${ready} Ready) / ${succeeded} Succeeded / ${failed} Failed`,
    ),
  ],
};

function countsOf({ pods, upToDate }: WorkloadView): Counts {
  const inPhase = (phase: PodView['status']['phase']) =>
    pods.filter(({ status }) => status.phase === phase).length;
  return {
    total: pods.length,
    ready: pods.filter(({ status }) => status.ready === status.total).length,
    upToDate,
    running: inPhase('Running'),
    waiting: inPhase('Pending'),
    succeeded: inPhase('Succeeded'),
    failed: inPhase('Failed'),
  };
}

/**
 * A workload in the layout of kubectl, with the template of its last pod.
 * @param events those of its pods
 * @param now in seconds since 1970
 */
export function describeWorkload(workload: WorkloadView, events: readonly PodEvent[], now: number): string {
  const kind = kindOfOwner(workload.owner);
  const [last] = [...workload.pods].sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  if (kind === undefined) return '';
  if (last === undefined) return workload.job === undefined ? '' : describeJobAlone(workload.job);
  const created = Math.min(...workload.pods.map(({ createdAt }) => createdAt ?? Infinity));
  return aligned([
    field('Name', workload.name),
    field('Namespace', workload.namespace),
    field('Project', last.project),
    ...(workload.job === undefined ? [] : jobLines(workload.job)),
    ...(Number.isFinite(created)
      ? [field('CreationTimestamp', dateWords(new Date(created * 1000).toISOString()))]
      : []),
    ...NUMBERS[kind](countsOf(workload)),
    ...templateLines(last),
    ...podLines(workload.pods),
    ...eventLines(events, now),
  ]);
}

function templateLines(view: PodView): readonly Line[] {
  const { labels, spec } = appliedPod(view);
  const { initContainers, containers, volumes } = spec;
  const inner: readonly Line[] = [
    ...list('Labels', pairs(labels)),
    ...describeTemplate('Init Containers', initContainers),
    ...describeTemplate('Containers', containers),
    ...describeVolumes(volumes),
  ];
  return [
    { depth: 0, text: 'Pod Template:' },
    ...inner.map((line): Line => ({ ...line, depth: line.depth + 1 })),
  ];
}

/** The pods with their state and address, as no ReplicaSet lists them. */
function podLines(pods: readonly PodView[]): readonly Line[] {
  const rows = pods.map(({ observed, status }) => [
    observedName(observed).name,
    `${status.ready}/${status.total}`,
    status.status,
    observed.addresses?.[0] ?? NONE,
  ]);
  const all = [['Name', 'Ready', 'Status', 'IP'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return [
    { depth: 0, text: 'Pods:' },
    ...all.map((row): Line => ({
      depth: 1,
      text: row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
    })),
  ];
}

function pairs(members: Readonly<Record<string, Json>>): readonly string[] {
  return Object.entries(members).map(([name, value]) => `${name}=${textOf(value)}`);
}
