import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { changesOf, isMade, type PodDecision } from './decide/decision.ts';
import { dnsOf, dnsWarnings } from './decide/dns.ts';
import { decidePod } from './decide/decide-pod.ts';
import { imageNeeds, planImages, type ImageNeed, type PullOption } from './decide/images.ts';
import { withoutMissingLimits } from './decide/limits.ts';
import { orphanWarnings } from './decide/orphans.ts';
import { ownedBy } from './decide/ownership.ts';
import type { Plan } from './plan.ts';
import { orderByPorts } from './build/port-order.ts';
import { refusals } from './refuse/refusals.ts';
import { planRemoval, podsOf } from './plan-down.ts';
import { lastIds } from './step.ts';
import { claimStepsFor, planClaims } from './build/claims.ts';
import { isIdle, podSteps, type HostPathToMake } from './build/pod.ts';

export interface UpOptions {
  readonly pull?: PullOption;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  /** Take over a pod that something else has made from the same manifest, and volumes with the names of claims. */
  readonly adopt: boolean;
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
  const diagnostics: Diagnostic[] = pods.flatMap((pod) => refusals(pod, project, observed, options));
  if (diagnostics.some(isError)) return failure(diagnostics);

  const own = ownedBy(project, observed);
  const decided = pods.map((sourced) => ({
    sourced,
    // What is in the way and somebody else's has been refused by now, but for volumes, which may only be near.
    decision: decidePod(sourced.pod, { ...observed, volumes: own.volumes }, { ...options, project }),
  }));
  const images = planImages(
    decided.flatMap(({ sourced, decision }) => needsOf(sourced, decision)),
    observed.images,
    options.pull,
  );
  if (images.diagnostics.some(isError)) return failure(images.diagnostics);

  const isOrphan = (name: string) => !pods.some(({ pod }) => pod.name === name);
  const pulled = images.steps.map(({ id }) => id);
  // What goes has to be gone before what comes: a renamed pod wants the host ports of the old one.
  const removal = options.removeOrphans
    ? planRemoval(project, podsOf(own).filter(isOrphan), own, { kind: 'not-in-files' }, { needs: pulled })
    : { changes: [], steps: [] };
  const after = lastIds(removal.steps, pulled);
  const claims = planClaims({
    project,
    pods: decided.filter(({ decision }) => !isIdle(decision)).map(({ decision }) => decision.desired),
    volumes: observed.volumes,
    needs: after,
  });
  const perPod = decided.map(({ decision }) => {
    const made = claimStepsFor(decision.desired, claims.steps);
    const steps = podSteps({
      project,
      decision,
      hostPaths: input.hostPaths.get(decision.desired.name) ?? [],
      madeClaims: made,
      dns: dnsOf(decision.desired, observed),
      after: made.length === 0 ? after : made,
      ...(options.infraImage === undefined ? {} : { infraImage: options.infraImage }),
      writesHosts: observed.machineHosts ?? false,
    });
    return { steps, changes: changesOf(decision) };
  });
  const plan: Plan = {
    project,
    changes: [...claims.changes, ...perPod.flatMap(({ changes }) => changes), ...removal.changes],
    steps: [
      ...images.steps,
      ...removal.steps,
      ...claims.steps,
      ...orderByPorts(
        perPod.flatMap(({ steps }) => steps),
        decided.map(({ decision }) => decision),
        own.pods,
      ),
    ],
    warnings: [
      ...pods.flatMap((pod) => dnsWarnings(pod, observed)),
      ...orphanWarnings(
        project,
        pods.map(({ pod }) => pod),
        own,
        options,
      ),
    ],
  };
  return success(observed.limiting === undefined ? plan : withoutMissingLimits(plan, observed.limiting));
}

/** The containers that are made: what is only started has its image already. */
function needsOf(pod: SourcedPod, { init, containers }: PodDecision): readonly ImageNeed[] {
  const made = [...init, ...containers].filter(isMade);
  return imageNeeds(
    pod,
    made.map(({ container }) => container),
  );
}
