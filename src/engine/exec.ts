import { defined } from '../base/defined.ts';
import { isObject } from '../base/json-members.ts';
import { success } from '../base/result.ts';
import { stateWord } from '../kube/status/container-status.ts';
import type { ContainerState } from '../podman/inspect/observed.ts';
import { observePods } from '../podman/inspect/observe.ts';
import { lastAppliedPod } from '../podman/last-applied.ts';
import { containerName } from '../podman/names.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { viewPods, type ContainerView, type PodView } from './pod-facts.ts';
import { unknownContainer } from './pod-reference.ts';
import { ownerNamed } from '../kube/workloads/owner.ts';
import { serviceNamed, withoutServices } from './service-reference.ts';
import { findNamedPods, type Target } from './target.ts';

export interface ExecOptions {
  readonly project?: string | undefined;
  /** Only pods of this namespace. */
  readonly namespace?: string | undefined;
  /** `POD`, `pod/POD`, `POD/CONTAINER`, or `pod/POD container/NAME` in two words. */
  readonly operands: readonly string[];
  /** The container of the pod. */
  readonly container?: string | undefined;
}

/** A running container. */
export interface ExecTarget {
  /** podman's name. */
  readonly name: string;
  /** The container in the notation of the command line: `web/app`. */
  readonly container: string;
  /** The container was chosen from these, as several could be meant. */
  readonly defaultedFrom?: readonly string[];
}

/** Finds the container for a command. Fails if it does not run. */
export async function findExecTarget(
  engine: Engine,
  options: ExecOptions,
): Promise<EngineResult<ExecTarget>> {
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const operands = withoutServices(options.operands, observed.value, options);
  if (!operands.ok) return failed('usage', operands.error);
  const named = findNamedPods(operands.value, options.project, observed.value, {
    namespace: options.namespace,
  });
  if (!named.ok) return failed('usage', named.error);
  const target = success(ofWorkload(options.operands) ? firstPod(named.value) : named.value);
  const { pods: [, another] = [], containers = new Map<string, readonly string[]>() } = target.value;
  const isOther = (name: string) => options.container !== undefined && name !== options.container;
  const selected = [...containers.values()];
  if (another !== undefined || selected.some((names) => names.length > 1 || names.some(isOther)))
    return failed('usage', [
      usageError(
        'two-containers',
        'exec runs a command in one container',
        'For example: podpose exec web/app -- ls /',
      ),
    ]);
  const [view] = viewPods({ ...observed.value, volumes: [], images: [] }, target.value);
  if (view === undefined) throw new Error('the pod was found before');
  const wanted = options.container ?? target.value.containers?.get(view.observed.name)?.[0];
  const all = [...view.containers, ...view.initContainers];
  const chosen = wanted === undefined ? defaultContainer(view) : all.find(({ name }) => name === wanted);
  if (chosen === undefined)
    return failed('usage', [
      unknownContainer(
        view.observed.name,
        wanted ?? '',
        all.map(({ name }) => name),
      ),
    ]);
  const notRunning = stateError(view, chosen);
  if (notRunning !== undefined) return failed('failed', [notRunning]);
  const isDefaulted = wanted === undefined && all.length > 1 && annotated(view) === undefined;
  return success({
    name: chosen.observed?.name ?? containerName(view.observed, chosen),
    container: `${view.observed.name}/${chosen.name}`,
    ...defined({ defaultedFrom: isDefaulted ? namesOf(view) : undefined }),
  });
}

/** Whether a workload is named instead of a pod. */
function ofWorkload([operand = '', ...others]: readonly string[]): boolean {
  const isOne = ownerNamed(operand) !== undefined || serviceNamed(operand) !== undefined;
  return isOne && others.length === 0;
}

/** As for kubectl, the command runs in the first pod of a workload or a Service. */
function firstPod(target: Target): Target {
  return { ...target, pods: (target.pods ?? []).slice(0, 1) };
}

/** kubectl's choice: the annotated container, else the first. */
function defaultContainer(view: PodView): ContainerView | undefined {
  return annotated(view) ?? view.containers[0];
}

/**
 * The annotation of kubectl. A name that no container has is ignored (FindOrDefaultContainerByName in
 * k8s.io/kubectl/pkg/cmd/util/podcmd).
 */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

function annotated({ observed, containers, initContainers }: PodView): ContainerView | undefined {
  const metadata = lastAppliedPod(observed.labels)?.settings['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  const name = isObject(annotations) ? annotations[DEFAULT_CONTAINER] : undefined;
  return [...containers, ...initContainers].find((container) => container.name === name);
}

/** In the order and notation of kubectl (AllContainerNames in the same package). */
function namesOf({ containers, initContainers }: PodView): readonly string[] {
  return [...containers.map(({ name }) => name), ...initContainers.map(({ name }) => `${name} (init)`)];
}

/** The states of podman that no status of Kubernetes tells from the others. */
const STATE_WORDS: Partial<Readonly<Record<ContainerState, string>>> = {
  stopping: 'Stopping',
  paused: 'Paused',
};

/** Why no command can run in a container; undefined if it runs. */
function stateError(view: PodView, { name, status, observed }: ContainerView): Diagnostic | undefined {
  const { state } = status;
  if (state.kind === 'running' && observed?.state === 'running') return undefined;
  const reference = `${view.observed.name}/${name}`;
  const words = STATE_WORDS[observed?.state ?? 'unknown'] ?? stateWord(state);
  const code = state.kind === 'terminated' ? `, exit code ${state.exitCode}` : '';
  return usageError(
    'container-not-running',
    `cannot run a command in ${reference}: it is not running (${words}${code})`,
    observed === undefined || observed.startedAt === 0
      ? `podpose ps ${view.observed.name} shows what it waits for.`
      : `podpose logs ${reference} shows its output; podpose start ${view.observed.name} starts it again.`,
  );
}
