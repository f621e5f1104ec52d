import { success } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { ownedBy } from '../plan/decide/ownership.ts';
import { templateChanges } from '../plan/decide/template-changes.ts';
import { headlessRecords, type HeadlessRecord } from '../podman/headless-record.ts';
import { JOB_ROLE, LABEL } from '../podman/labels.ts';
import { withKeptNames, type NamedSet } from '../plan/decide/kept-names.ts';
import { inspectContainers } from '../podman/inspect/inspect-containers.ts';
import { observe } from '../podman/inspect/observe.ts';
import { inspectAddresses } from '../podman/inspect/pod-addresses.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import type { ServiceOwnership } from '../podman/service-record.ts';
import { observedMessageSource, readMessage } from '../podman/inspect/termination-message.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { withHostAddresses } from './host-addresses.ts';
import { load } from './load.ts';
import { addInitFacts } from './init-facts.ts';
import { interruptedStarts } from './interrupted-starts.ts';
import { addWatchedFacts } from './watch-facts.ts';
import { withUnseenEnds } from './unseen-ends.ts';
import { findTarget, manifestInputs, type Target, type TargetOptions } from './target.ts';

export interface StatusOptions extends TargetOptions {
  /** Include all projects. */
  readonly all: boolean;
  /** Include the addresses of the pods and the last ends that no watcher has seen, which costs queries. */
  readonly addresses: boolean;
  /** Include the addresses of Services, which cost a query if there are any. */
  readonly services?: boolean;
}

/** Observed state and manifests of the selected pods. */
export interface StatusFacts {
  readonly observed: ObservedState;
  readonly target: Target;
  /**
   * Pods of the manifests, if there are any and they are valid: the only source for containers that are not created yet.
   */
  readonly known: readonly DesiredPod[];
  /** The projects whose containers nobody restarts. */
  readonly unwatched: readonly string[];
  /** The pods that have not started completely, and that nobody starts. */
  readonly interrupted: readonly ObservedPod[];
  /** The record containers of Jobs and CronJobs, of all projects. */
  readonly jobRecords: readonly ObservedContainer[];
  /** The headless Services of all projects. */
  readonly headless: readonly HeadlessRecord[];
}

/** Observes the pods of a project, or of all projects. */
export async function observeStatus(
  engine: Engine,
  options: StatusOptions,
): Promise<EngineResult<StatusFacts>> {
  const { platform, podman } = engine;
  const observed = await observe(podman);
  if (!observed.ok) return failed('failed', observed.error);
  const target = findTarget(platform, options, observed.value);
  if (!target.ok) return failed('usage', target.error);
  const own = ownedBy(target.value.project, observed.value);
  const given = await knownPods(engine, options, own);
  const known = withKeptNames(given, target.value.project, observed.value).set.pods.map(({ pod }) => pod);
  const isSelected = (object: Pick<ObservedContainer, 'owner'>) => options.all || isOf(object, target.value);
  const isShown = (pod: ObservedPod) =>
    isSelected(pod) || (pod.service !== undefined && (options.all || isOfProject(pod.service, target.value)));
  const [inspected, pods] = await Promise.all([
    inspectContainers(podman, observed.value.containers.filter(isSelected)),
    options.addresses
      ? inspectAddresses(podman, observed.value.pods.filter(isShown)).then((found) =>
          withHostAddresses(platform, found),
        )
      : withServiceAddresses(engine, observed.value.pods, options.services === true ? isShown : () => false),
  ]);
  const { containers: lasting, unwatched } = await addWatchedFacts(engine, inspected, pods);
  const watched = await addInitFacts(engine, lasting, pods, options.addresses);
  const containers = options.addresses ? await withUnseenEnds(podman, watched) : watched;
  return success({
    observed: { ...observed.value, containers, pods },
    target: target.value,
    known,
    unwatched,
    interrupted: await interruptedStarts(engine, {
      pods: pods.filter(isSelected),
      containers: inspected.filter(isSelected),
    }),
    jobRecords: observed.value.containers.filter(({ labels }) => labels[LABEL.role] === JOB_ROLE),
    headless: headlessRecords(observed.value.containers),
  });
}

async function withServiceAddresses(
  { podman }: Engine,
  pods: readonly ObservedPod[],
  isShown: (pod: ObservedPod) => boolean,
): Promise<readonly ObservedPod[]> {
  const services = pods.filter((pod) => pod.service !== undefined && isShown(pod));
  if (services.length === 0) return pods;
  const found = new Map((await inspectAddresses(podman, services)).map((pod) => [pod.id, pod]));
  return pods.map((pod) => found.get(pod.id) ?? pod);
}

function isOf({ owner }: Pick<ObservedContainer, 'owner'>, { project, pods }: Target): boolean {
  return owner?.project === project && (pods === undefined || pods.includes(owner.pod));
}

function isOfProject({ project, record }: ServiceOwnership, target: Target): boolean {
  const { namespace = record.service.namespace } = target;
  return project === target.project && namespace === record.service.namespace;
}

/** The pods of the files, with the templates that `up` would give them. @param own the existing pods of the project */
async function knownPods(engine: Engine, options: StatusOptions, own: ContainersAndPods): Promise<NamedSet> {
  const inputs = manifestInputs(engine.platform, options);
  if (inputs === undefined) return NOTHING;
  const { project, namespace } = options;
  const loaded = await load(engine, { ...inputs, project, namespace });
  if (!loaded.ok) return NOTHING;
  const changes = templateChanges(loaded.value.documents, own);
  if (!changes.ok || changes.value.size === 0) return loaded.value;
  const again = await load(engine, { ...inputs, project, namespace, templates: changes.value });
  return again.ok ? again.value : NOTHING;
}

const NOTHING: NamedSet = { pods: [], workloads: [], services: [] };

/** Termination messages of ended containers, by container ID. */
export async function readMessages(
  { podman }: Engine,
  ended: readonly ObservedContainer[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    ended.map(async (container) => {
      const source = observedMessageSource(container);
      const message = source === undefined ? '' : await readMessage(podman, source, container.exitCode);
      return [container.id, message] as const;
    }),
  );
  return new Map(found.filter(([, message]) => message !== ''));
}
