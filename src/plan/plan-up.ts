import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { SourcedPod } from '../pod/pod-set.ts';
import type { ObservedState } from '../podman/observed.ts';
import { subjectId, type Change } from './change.ts';
import { planImages, type ImageNeed, type PullOption } from './images.ts';
import type { Plan } from './plan.ts';
import { podSteps, type HostPathToMake } from './pod-steps.ts';
import { reconcilePod } from './reconcile.ts';
import { refusals } from './refusals.ts';
import { planRemoval } from './plan-down.ts';

export interface UpOptions {
  readonly pull?: PullOption;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  readonly infraImage?: string;
}

export interface UpInput {
  readonly project: string;
  /** In the order of the files. */
  readonly pods: readonly SourcedPod[];
  readonly observed: ObservedState;
  readonly options: UpOptions;
  /** The host paths of a pod that have to be made, by the name of the pod. */
  readonly hostPaths: ReadonlyMap<string, readonly HostPathToMake[]>;
}

/** Compares what the files say with what podman has, and gives what has to be done, or why it cannot be. */
export function planUp(input: UpInput): Result<Plan> {
  const { project, pods, observed, options } = input;
  const diagnostics: Diagnostic[] = pods.flatMap((pod) => refusals(pod, project, observed));
  if (diagnostics.some(isError)) return failure(diagnostics);

  const perPod = pods.map((sourced) => ({
    sourced,
    changes: reconcilePod(
      sourced.pod,
      observed.pods.find(({ name }) => name === sourced.pod.name),
      observed,
      options,
    ),
  }));
  const images = planImages(
    perPod.flatMap(({ sourced, changes }) => imageNeeds(sourced, changes)),
    observed.images,
    options.pull,
  );
  if (images.diagnostics.some(isError)) return failure(images.diagnostics);

  const orphans = orphansOf(input);
  const removal = options.removeOrphans
    ? planRemoval(orphans, observed, { kind: 'orphan' })
    : { changes: [], steps: [] };
  const after = images.steps.map(({ id }) => id);
  return success({
    project,
    changes: [...perPod.flatMap(({ changes }) => changes), ...removal.changes],
    steps: [
      ...images.steps,
      ...perPod.flatMap(({ sourced: { pod }, changes }) =>
        podSteps({
          project,
          pod,
          changes,
          volumes: observed.volumes,
          hostPaths: input.hostPaths.get(pod.name) ?? [],
          after,
          ...(options.infraImage === undefined ? {} : { infraImage: options.infraImage }),
        }),
      ),
      ...removal.steps,
    ],
    warnings: options.removeOrphans ? [] : orphans.map((name) => orphanWarning(name, project)),
  });
}

function imageNeeds(pod: SourcedPod, changes: readonly Change[]): readonly ImageNeed[] {
  const actions = new Map(changes.map((change) => [subjectId(change.subject), change.action]));
  return [...pod.pod.initContainers, ...pod.pod.containers]
    .filter(({ role, name }) => {
      const action = actions.get(subjectId({ kind: 'container', pod: pod.pod.name, role, name }));
      return action === 'create' || action === 'replace';
    })
    .map((container) => ({ pod, container }));
}

/** Pods of the project that no file has any more, by name. */
function orphansOf({ project, pods, observed }: UpInput): readonly string[] {
  const wanted = new Set(pods.map(({ pod }) => pod.name));
  return observed.pods
    .filter(({ owner, name }) => owner?.project === project && !wanted.has(name))
    .map(({ name }) => name)
    .sort();
}

function orphanWarning(pod: string, project: string): Diagnostic {
  return {
    code: 'orphan',
    severity: 'warning',
    message: `the pod '${pod}' belongs to the project '${project}' and is in none of its files`,
    help: 'It is left alone. --remove-orphans removes it.',
  };
}
