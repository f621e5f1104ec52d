import { compareTexts } from '../../base/text.ts';
import type { Paint } from '../../base/paint.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import type { ServiceOwnership } from '../../podman/service-record.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { formatAge } from '../terminal/duration.ts';
import { renderTable, type Cell } from '../terminal/table.ts';

export interface KindTableContext {
  /** Seconds since 1970. */
  readonly now: number;
  readonly paint: Paint;
  /** Whether names begin with their kind: in a list of several kinds. */
  readonly withKinds: boolean;
}

/** A workload with the pods that podman has of it. */
export interface WorkloadView {
  /** `deploy/web` */
  readonly owner: string;
  readonly pods: readonly PodView[];
  /** How many of them have the template of the given files; all without files. */
  readonly upToDate: number;
}

/** A Service with an address, from the labels of its podman pod. */
export interface ServiceView extends ServiceOwnership {
  readonly observed: ObservedPod;
}

/** The workloads of pods, sorted by their names. @param known names of the pods of the given files */
export function viewWorkloads(views: readonly PodView[], known: readonly string[]): readonly WorkloadView[] {
  const ownerOf = ({ observed }: PodView) => decodeOwner(observed.labels);
  const owners = [...new Set(views.flatMap((view) => ownerOf(view) ?? []))].sort(compareTexts);
  return owners.map((owner) => {
    const pods = views.filter((view) => ownerOf(view) === owner);
    const isCurrent = ({ observed }: PodView) => known.includes(observed.name);
    return { owner, pods, upToDate: known.length === 0 ? pods.length : pods.filter(isCurrent).length };
  });
}

/** Workloads in the columns of kubectl. Empty without workloads. */
export function renderWorkloads(
  workloads: readonly WorkloadView[],
  { now, paint, withKinds }: KindTableContext,
): string {
  if (workloads.length === 0) return '';
  const rows = workloads.map(({ owner, pods, upToDate }): readonly Cell[] => {
    const ready = pods.filter(isReady).length.toString();
    return [
      { text: nameOf(owner, withKinds), tone: 'strong' },
      { text: `${ready}/${pods.length}` },
      { text: upToDate.toString() },
      { text: ready },
      { text: age(createdAtOf(pods), now) },
    ];
  });
  return renderTable(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'], rows, paint);
}

/** Jobs in the columns of kubectl. Empty without Jobs. */
export function renderJobs(
  jobs: readonly WorkloadView[],
  { now, paint, withKinds }: KindTableContext,
): string {
  if (jobs.length === 0) return '';
  const rows = jobs.map(({ owner, pods }): readonly Cell[] => [
    { text: nameOf(owner, withKinds), tone: 'strong' },
    { text: `${pods.filter(({ status }) => status.phase === 'Succeeded').length}/${pods.length}` },
    { text: age(createdAtOf(pods), now) },
  ]);
  return renderTable(['NAME', 'COMPLETIONS', 'AGE'], rows, paint);
}

function nameOf(owner: string, withKinds: boolean): string {
  return withKinds ? owner : owner.slice(owner.indexOf('/') + 1);
}

function createdAtOf(pods: readonly PodView[]): number {
  return Math.min(...pods.map(({ observed }) => observed.createdAt ?? Infinity));
}

/** Services in the columns of kubectl. Empty without Services. */
export function renderServices(
  services: readonly ServiceView[],
  { now, paint, withKinds }: KindTableContext,
): string {
  if (services.length === 0) return '';
  const rows = services.map(({ record, observed }): readonly Cell[] => {
    const { service, published } = record;
    const [hostIP] = published.map((port) => port.hostIP);
    const ports = service.ports.map(({ port, protocol }, index) => {
      const hostPort = published[index]?.hostPort;
      return `${port}${hostPort === undefined ? '' : `:${hostPort}`}/${protocol}`;
    });
    return [
      { text: withKinds ? `svc/${service.name}` : service.name, tone: 'strong' },
      { text: service.type },
      { text: observed.addresses?.[0] ?? NONE },
      { text: hostIP ?? NONE },
      { text: ports.join(',') },
      { text: age(observed.createdAt ?? Infinity, now) },
    ];
  });
  return renderTable(['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'], rows, paint);
}

const NONE = '<none>';

function isReady({ status: { ready, total } }: PodView): boolean {
  return ready === total;
}

function age(createdAt: number, now: number): string {
  return Number.isFinite(createdAt) ? formatAge(now - createdAt) : '<unknown>';
}
