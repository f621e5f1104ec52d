import { success } from '../../base/result.ts';
import { failed, usageError, type EngineResult } from '../../engine/failure.ts';
import { viewIngresses, type IngressView } from '../../engine/ingress-status.ts';
import { viewJobs, type CronJobView, type JobView } from '../../engine/job-facts.ts';
import { viewPods, type PodView } from '../../engine/pod-facts.ts';
import { observeStatus, type StatusFacts } from '../../engine/pod-status.ts';
import type { Target } from '../../engine/target.ts';
import { viewServices, type ServiceView } from '../../engine/service-facts.ts';
import { qualifiedName } from '../../kube/spec/qualified-name.ts';
import { kindOfOwner } from '../../kube/workloads/owner.ts';
import { observedName } from '../../podman/inspect/object-name.ts';
import { decodeOwner } from '../../podman/labels.ts';
import { viewWorkloads, type WorkloadView } from '../../view/status/kind-tables.ts';
import type { CommandContext } from '../command.ts';
import type { ListedKind, ListedObjects } from '../listed-kinds.ts';
import { targetOptions } from '../options.ts';

/** The objects of a project, or of all projects. */
export interface ObservedObjects {
  readonly views: readonly PodView[];
  readonly services: readonly ServiceView[];
  readonly ingresses: readonly IngressView[];
  readonly workloads: readonly WorkloadView[];
  readonly cronJobs: readonly CronJobView[];
}

/** The objects of a kind that are shown. */
export interface ShownKind extends ObservedObjects {
  readonly kind: ListedKind;
}

/** The time until an object that is not found is looked for again, in milliseconds. */
const LOOK_AGAIN_MILLISECONDS = 500;

/**
 * The objects of the target. Fails if one that is named does not exist. It is looked for twice: while the watcher replaces
 * the record of a Job or CronJob, a list of podman can have neither the old record nor the new one.
 * @param isSelected whether a pod is selected
 */
export async function findObjects(
  { engine, values }: Pick<CommandContext, 'engine' | 'values'>,
  listed: readonly ListedObjects[],
  all: boolean,
  isSelected?: (view: PodView) => boolean,
): Promise<EngineResult<{ readonly objects: ObservedObjects; readonly target: Target }>> {
  const look = async () => {
    const options = { ...targetOptions({ values, operands: [] }), all, addresses: true };
    const status = await observeStatus(engine, options);
    if (!status.ok) return status;
    const { target } = status.value;
    const objects = observedObjects(status.value, all, isSelected);
    const missing = missingObject(listed, objects, target.project);
    return missing === undefined ? success({ objects, target }) : failed('usage', [missing]);
  };
  const first = await look();
  if (first.ok || first.error.kind !== 'usage' || !listed.some(hasRecord)) return first;
  await engine.platform.clock.sleep(LOOK_AGAIN_MILLISECONDS, new AbortController().signal);
  return look();
}

function hasRecord({ kind, names }: ListedObjects): boolean {
  return (kind === 'Job' || kind === 'cronjobs') && names.length > 0;
}

/**
 * The objects that podman has.
 * @param isSelected whether a pod is selected: a workload or Service is, with one of its pods
 */
export function observedObjects(
  { observed, target, known, jobRecords, headless }: StatusFacts,
  all: boolean,
  isSelected?: (view: PodView) => boolean,
): ObservedObjects {
  const { project, namespace } = target;
  const pods = viewPods(observed, all ? {} : { project }, known);
  const views = pods.filter(
    (view) =>
      isSelected?.(view) !== false &&
      (namespace === undefined || observedName(view.observed).namespace === namespace),
  );
  const names = known.map(({ name }) => name);
  const { jobs, cronJobs } = viewJobs(jobRecords, { namespace, project: all ? undefined : project });
  const services = viewServices(observed, pods, { namespace, project: all ? undefined : project }, headless);
  return {
    views,
    services: isSelected === undefined ? services : services.filter((service) => selectsAny(service, views)),
    ingresses: viewIngresses(pods).filter(
      ({ ingress }) =>
        isSelected === undefined && (namespace === undefined || ingress.namespace === namespace),
    ),
    workloads: viewWorkloads(views, names, isSelected === undefined ? jobs : jobsOf(views, jobs)),
    cronJobs: isSelected === undefined ? cronJobs : [],
  };
}

/** The Jobs of pods. */
function jobsOf(views: readonly PodView[], jobs: readonly JobView[]): readonly JobView[] {
  const owners = new Set(views.map(({ observed }) => decodeOwner(observed.labels)));
  return jobs.filter(({ owner }) => owners.has(owner));
}

function selectsAny({ record: { service } }: ServiceView, views: readonly PodView[]): boolean {
  const wanted = Object.entries(service.selector ?? {});
  return views.some(
    ({ observed }) =>
      observedName(observed).namespace === service.namespace &&
      wanted.length > 0 &&
      wanted.every(([name, value]) => observed.labels[name] === value),
  );
}

/** The name of an object of a kind, as on the command line. */
function isNamed(names: readonly string[], name: string, qualified: string): boolean {
  return names.length === 0 || names.includes(name) || names.includes(qualified);
}

/** The objects of one kind with these names. */
export function namedOf({ kind, names }: ListedObjects, objects: ObservedObjects): ShownKind {
  const views = objects.views.filter(({ observed }) =>
    isNamed(names, observedName(observed).name, observed.name),
  );
  const services = objects.services.filter(({ name, record }) => isNamed(names, name, record.service.name));
  const ingresses = objects.ingresses.filter(({ ingress }) =>
    isNamed(names, ingress.name, qualifiedName(ingress)),
  );
  const workloads = objects.workloads.filter(
    ({ owner, name }) =>
      kindOfOwner(owner) === kind && isNamed(names, name, owner.slice(owner.indexOf('/') + 1)),
  );
  return {
    kind,
    views: kind === 'pods' ? views : [],
    services: kind === 'services' ? services : [],
    ingresses: kind === 'ingresses' ? ingresses : [],
    workloads,
    cronJobs:
      kind === 'cronjobs'
        ? objects.cronJobs.filter(({ name, record }) => isNamed(names, name, record.cronJob.name))
        : [],
  };
}

const WORDS = { pods: 'pod', services: 'Service', ingresses: 'Ingress', cronjobs: 'CronJob' } as const;

function isLowerCase(kind: ListedKind): kind is keyof typeof WORDS {
  return kind in WORDS;
}

/** The error about the first name that no object has; undefined if all are there. */
function missingObject(
  listed: readonly ListedObjects[],
  objects: ObservedObjects,
  project: string,
): ReturnType<typeof usageError> | undefined {
  for (const { kind, names } of listed)
    for (const name of names) {
      const { views, services, ingresses, workloads, cronJobs } = namedOf({ kind, names: [name] }, objects);
      if (views.length + services.length + ingresses.length + workloads.length + cronJobs.length > 0)
        continue;
      const what = isLowerCase(kind) ? WORDS[kind] : kind;
      return usageError(
        'no-such-pod',
        `no ${what} '${name}' in project '${project}'`,
        "'podpose get all' lists the objects of the project.",
      );
    }
  return undefined;
}
