import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import type { Paint } from '../../base/paint.ts';
import type { CronJobView, JobView } from '../../engine/job-facts.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import type { ServiceView } from '../../engine/service-facts.ts';
import { completionsOf } from '../../kube/jobs/job-ends.ts';
import { objectName, type ObjectName } from '../../kube/spec/qualified-name.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { formatAge } from '../terminal/duration.ts';
import { renderTable, type Cell } from '../terminal/table.ts';

export interface KindTableContext {
  /** Seconds since 1970. */
  readonly now: number;
  readonly paint: Paint;
  /** Whether names begin with their kind: in a list of several kinds. */
  readonly withKinds: boolean;
  /** Whether to show the namespace of each object. */
  readonly namespaces: boolean;
}

/** A workload with the pods that podman has of it. */
export interface WorkloadView extends ObjectName {
  /** `deploy/web`, in another namespace than the default one `deploy/staging_web` */
  readonly owner: string;
  readonly pods: readonly PodView[];
  /** How many of them have the template of the given files; all without files. */
  readonly upToDate: number;
  /** Of a Job: its record. */
  readonly job?: JobView;
}

/**
 * The workloads of pods, and the Jobs that have none, sorted by namespace and name.
 * @param known names of the pods of the given files
 */
export function viewWorkloads(
  views: readonly PodView[],
  known: readonly string[],
  jobs: readonly JobView[] = [],
): readonly WorkloadView[] {
  const ownerOf = ({ observed }: PodView) => decodeOwner(observed.labels);
  const owners = [
    ...new Set([...views.flatMap((view) => ownerOf(view) ?? []), ...jobs.map((job) => job.owner)]),
  ];
  return owners
    .map((owner) => {
      const pods = views.filter((view) => ownerOf(view) === owner);
      const isCurrent = ({ observed }: PodView) => known.includes(observed.name);
      const job = jobs.find((one) => one.owner === owner);
      const { namespace = job?.namespace ?? '' } =
        pods[0] === undefined ? {} : observedName(pods[0].observed);
      const { name } = objectName(owner.slice(owner.indexOf('/') + 1));
      const upToDate = known.length === 0 ? pods.length : pods.filter(isCurrent).length;
      return { owner, namespace, name, pods, upToDate, ...defined({ job }) };
    })
    .sort((a, b) => compareTexts(a.namespace, b.namespace) || compareTexts(a.owner, b.owner));
}

/** Workloads in the columns of kubectl. Empty without workloads. */
export function renderWorkloads(workloads: readonly WorkloadView[], context: KindTableContext): string {
  if (workloads.length === 0) return '';
  const { now, paint } = context;
  const rows = workloads.map((workload): readonly Cell[] => {
    const { owner, pods, upToDate } = workload;
    const ready = pods.filter(isReady).length.toString();
    return [
      ...nameCells(workload, kindOf(owner), context),
      { text: `${ready}/${pods.length}` },
      { text: upToDate.toString() },
      { text: ready },
      { text: age(createdAtOf(pods), now) },
    ];
  });
  return renderTable([...nameHeading(context), 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'], rows, paint);
}

/** Jobs in the columns of kubectl. Empty without Jobs. */
export function renderJobs(jobs: readonly WorkloadView[], context: KindTableContext): string {
  if (jobs.length === 0) return '';
  const { now, paint } = context;
  const rows = jobs.map((view): readonly Cell[] => [
    ...nameCells(view, kindOf(view.owner), context),
    { text: view.job === undefined ? '' : jobState(view.job) },
    { text: completionsText(view) },
    { text: view.job === undefined ? '' : jobDuration(view.job, now) },
    { text: age(Math.min(createdAtOf(view.pods), startOf(view.job)), now) },
  ]);
  return renderTable([...nameHeading(context), 'STATUS', 'COMPLETIONS', 'DURATION', 'AGE'], rows, paint);
}

/** As `kubectl get jobs` shows it. */
export function jobState({ record: { job, status } }: JobView): string {
  if (status.end !== undefined) return status.end.type;
  if (status.isStopped === true) return 'Stopped';
  return job.spec.suspend ? 'Suspended' : 'Running';
}

function completionsText({ job, pods }: WorkloadView): string {
  if (job === undefined)
    return `${pods.filter(({ status }) => status.phase === 'Succeeded').length}/${pods.length}`;
  const { spec } = job.record.job;
  const { succeeded, asked } = completionsOf(spec, job.record.status);
  return `${succeeded}/${asked ?? (spec.parallelism > 1 ? `1 of ${spec.parallelism}` : 1)}`;
}

function jobDuration({ record: { status } }: JobView, now: number): string {
  const { startedAt, end } = status;
  return startedAt === undefined ? '' : formatAge((end?.at ?? now * 1000) / 1000 - startedAt / 1000);
}

/** In seconds since 1970. */
function startOf(job: JobView | undefined): number {
  return job === undefined ? Infinity : (job.record.status.startedAt ?? job.record.recordedAt) / 1000;
}

/** CronJobs in the columns of kubectl. Empty without CronJobs. */
export function renderCronJobs(cronJobs: readonly CronJobView[], context: KindTableContext): string {
  if (cronJobs.length === 0) return '';
  const { now, paint } = context;
  const rows = cronJobs.map((view): readonly Cell[] => {
    const { spec } = view.record.cronJob;
    const { createdAt = view.record.recordedAt, lastScheduledAt, isStopped = false } = view.record.status;
    return [
      ...nameCells(view, 'cronjob', context),
      { text: spec.schedule },
      { text: spec.timeZone ?? NONE },
      { text: isStopped ? 'Stopped' : spec.suspend ? 'True' : 'False' },
      { text: view.active.length.toString() },
      { text: lastScheduledAt === undefined ? NONE : age(lastScheduledAt / 1000, now) },
      { text: age(createdAt / 1000, now) },
    ];
  });
  return renderTable(
    [...nameHeading(context), 'SCHEDULE', 'TIMEZONE', 'SUSPEND', 'ACTIVE', 'LAST SCHEDULE', 'AGE'],
    rows,
    paint,
  );
}

function nameHeading({ namespaces }: KindTableContext): readonly string[] {
  return namespaces ? ['NAMESPACE', 'NAME'] : ['NAME'];
}

function nameCells(
  { namespace, name }: ObjectName,
  kind: string,
  { withKinds, namespaces }: KindTableContext,
): readonly Cell[] {
  return [
    ...(namespaces ? [{ text: namespace }] : []),
    { text: withKinds ? `${kind}/${name}` : name, tone: 'strong' },
  ];
}

/** `deploy` of `deploy/web`. */
function kindOf(owner: string): string {
  return owner.slice(0, owner.indexOf('/'));
}

function createdAtOf(pods: readonly PodView[]): number {
  return Math.min(...pods.map(({ observed }) => observed.createdAt ?? Infinity));
}

/** Services in the columns of kubectl. Empty without Services. */
export function renderServices(services: readonly ServiceView[], context: KindTableContext): string {
  if (services.length === 0) return '';
  const { now, paint } = context;
  const rows = services.map((view): readonly Cell[] => {
    const { service, published } = view.record;
    const [hostIP] = published.map((port) => port.hostIP);
    const ports = service.ports.map(({ port, protocol }, index) => {
      const hostPort = published[index]?.hostPort;
      return `${port}${hostPort === undefined ? '' : `:${hostPort}`}/${protocol}`;
    });
    return [
      ...nameCells(view, 'svc', context),
      { text: typeOf(service) },
      { text: clusterIP(view) },
      { text: service.externalName ?? hostIP ?? NONE },
      { text: ports.length === 0 ? NONE : ports.join(',') },
      { text: age(view.createdAt ?? Infinity, now) },
    ];
  });
  return renderTable(
    [...nameHeading(context), 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
    rows,
    paint,
  );
}

const NONE = '<none>';

/** The type as in a manifest: a headless Service is a ClusterIP without an address. */
export function typeOf({ type }: ServiceView['record']['service']): string {
  return type === 'Headless' ? 'ClusterIP' : type;
}

/** As kubectl shows it: an ExternalName has none, whatever forwards its connections here. */
export function clusterIP({ record: { service }, address }: ServiceView): string {
  if (service.type === 'Headless') return 'None';
  return service.type === 'ExternalName' ? NONE : (address ?? NONE);
}

function isReady({ status: { ready, total } }: PodView): boolean {
  return ready === total;
}

function age(createdAt: number, now: number): string {
  return Number.isFinite(createdAt) ? formatAge(now - createdAt) : '<unknown>';
}
