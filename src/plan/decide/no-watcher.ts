import type { Diagnostic } from '../../base/diagnostic.ts';
import { count } from '../../base/text.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { isSidecar, lastingContainers } from '../../kube/spec/restart-policy.ts';
import { containersNamed } from '../../podman/inspect/pod-members.ts';
import { isLabelledWatched } from '../../podman/labels.ts';
import { containerName } from '../../podman/names.ts';
import type { KnownState } from '../needs.ts';
import type { RecordDecision } from './job-records.ts';
import { isCreated, type ContainerDecision, type PodDecision } from './decision.ts';

/** Why podpose has no watcher: `PODPOSE_WATCH=off`, or a podman on another machine. */
export type NoWatcher = 'disabled' | 'remote';

/**
 * What nobody does for containers that a plan creates without a watcher. Later runs do not repeat it, as they create
 * nothing.
 */
export function unwatchedWarnings(decisions: readonly PodDecision[], why: NoWatcher): readonly Diagnostic[] {
  const restarted = decisions.filter((decision) =>
    lastingDecisions(decision).some((one) => changesPolicy(one) && one.container.restartPolicy !== 'Never'),
  );
  return [
    ...(restarted.length === 0
      ? []
      : [
          restartedByPodman(
            restarted.map(({ desired }) => desired.name),
            why,
          ),
        ]),
    ...decisions.flatMap((decision) => {
      const created = lastingDecisions(decision)
        .filter(isCreated)
        .map(({ container }) => container);
      const { name } = decision.desired;
      return [
        ...withoutProbes(name, created),
        ...withEndlessSidecars(decision.desired, created),
        ...withoutRepeatedHooks(name, created),
        ...withoutRules(name, created),
        ...withoutDeadline(decision.desired, created),
      ];
    }),
  ];
}

/** What nobody does for Jobs and CronJobs without a watcher, when they are created. */
export function unwatchedJobs(decisions: readonly RecordDecision[], why: NoWatcher): readonly Diagnostic[] {
  const created = decisions.filter(({ kind }) => kind === 'create' || kind === 'replace');
  const owners = (kind: 'job' | 'cron-job') =>
    created.flatMap((one) => (one.kind !== 'keep' && one.record.kind === kind ? [one.owner] : []));
  const [reason, help] = WHY_UNWATCHED[why];
  const warn = (some: readonly string[], what: string): readonly Diagnostic[] =>
    some.length === 0
      ? []
      : [
          {
            code: 'no-watcher',
            severity: 'warning',
            message: `${some.join(', ')}: ${what}: ${reason}`,
            help,
          },
        ];
  return [
    ...warn(
      owners('job'),
      'all pods are created at once, a pod that fails is not replaced before the next up, and deadlines are not kept',
    ),
    ...warn(owners('cron-job'), 'nothing runs at the schedule'),
  ];
}

/** The decisions about containers that run as long as their pod: sidecars and app containers. */
function lastingDecisions({ init, containers }: PodDecision): readonly ContainerDecision[] {
  return [...init.filter(({ container }) => isSidecar(container)), ...containers];
}

/** The reason as a clause, and what helps. */
export const WHY_UNWATCHED: Readonly<Record<NoWatcher, readonly [why: string, help: string]>> = {
  disabled: ['PODPOSE_WATCH is off', 'Unset PODPOSE_WATCH to have podpose do it.'],
  remote: ['podman is remote', 'Run podpose on the machine of the containers to have it do it.'],
};

function restartedByPodman(pods: readonly string[], why: NoWatcher): Diagnostic {
  const [reason, help] = WHY_UNWATCHED[why];
  return {
    code: 'no-watcher',
    severity: 'note',
    message: `podman restarts the containers of ${podsText(pods)}, without the back-off of Kubernetes: ${reason}`,
    help,
  };
}

function withoutProbes(pod: string, containers: readonly DesiredContainer[]): readonly Diagnostic[] {
  const probed = containers.flatMap((container) => {
    const kinds = probeKinds(container);
    return kinds.length === 0 ? [] : [{ container, kinds }];
  });
  if (probed.length === 0) return [];
  const names = probed.map(({ container, kinds }) => `container/${container.name} (${kinds.join(', ')})`);
  const kills = probed.some(({ kinds }) => kinds.some((kind) => kind !== 'readinessProbe'));
  const gates = probed.some(({ kinds }) => kinds.some((kind) => kind !== 'livenessProbe'));
  return [
    {
      code: 'probes-not-run',
      severity: 'warning',
      message: `pod/${pod}: there is no watcher to run the probes of ${names.join(', ')}`,
      help: [
        ...(kills ? ['A container that hangs is not restarted.'] : []),
        ...(gates ? ['Whether the pod is ready is unknown.'] : []),
      ].join(' '),
    },
  ];
}

/** Nothing stops the sidecars of a pod whose containers have ended. */
function withEndlessSidecars(
  { name, containers }: DesiredPod,
  created: readonly DesiredContainer[],
): readonly Diagnostic[] {
  const sidecars = created.filter(isSidecar).map((container) => `sidecar/${container.name}`);
  if (sidecars.length === 0 || containers.some(({ restartPolicy }) => restartPolicy === 'Always')) return [];
  return [
    {
      code: 'sidecars-not-stopped',
      severity: 'warning',
      message: `pod/${name}: there is no watcher to stop ${sidecars.join(', ')} when the containers have ended`,
      help: `podpose stop ${name} stops the pod.`,
    },
  ];
}

/** podman restarts containers without their hooks. */
function withoutRepeatedHooks(pod: string, created: readonly DesiredContainer[]): readonly Diagnostic[] {
  const hooked = created
    .filter(({ postStart, restartPolicy }) => postStart !== undefined && restartPolicy !== 'Never')
    .map(({ name }) => `container/${name}`);
  if (hooked.length === 0) return [];
  return [
    {
      code: 'post-start-not-repeated',
      severity: 'warning',
      message: `pod/${pod}: there is no watcher to run the postStart hook of ${hooked.join(', ')} after a restart`,
      help: 'The hook runs when podpose starts the container, and not when podman does.',
    },
  ];
}

/** podman knows no exit codes of restarts. */
function withoutRules(pod: string, created: readonly DesiredContainer[]): readonly Diagnostic[] {
  const ruled = created
    .filter(({ restartPolicyRules = [] }) => restartPolicyRules.length > 0)
    .map(({ name }) => `container/${name}`);
  if (ruled.length === 0) return [];
  return [
    {
      code: 'restart-rules-not-applied',
      severity: 'warning',
      message: `pod/${pod}: there is no watcher to apply the restartPolicyRules of ${ruled.join(', ')}`,
      help: 'podman restarts a container by its restartPolicy alone.',
    },
  ];
}

/** podman itself ends containers that it does not restart, each at a time of its own. */
function withoutDeadline(
  { name, activeDeadlineSeconds }: DesiredPod,
  created: readonly DesiredContainer[],
): readonly Diagnostic[] {
  if (activeDeadlineSeconds === undefined || created.length === 0) return [];
  if (created.every(({ restartPolicy }) => restartPolicy === 'Never'))
    return [
      {
        code: 'deadline-kept-by-podman',
        severity: 'note',
        message: `pod/${name}: there is no watcher to enforce activeDeadlineSeconds: podman kills each container ${activeDeadlineSeconds} s after its own start`,
        help: 'Init containers lengthen the time of the pod, and there is no grace period.',
      },
    ];
  return [
    keptByUp(name, "With 'restartPolicy: Never', podman kills each container that long after its own start."),
  ];
}

function keptByUp(pod: string, help: string): Diagnostic {
  return {
    code: 'deadline-kept-by-up',
    severity: 'warning',
    message: `pod/${pod}: activeDeadlineSeconds is enforced only while up waits for the pod or follows its logs`,
    help,
  };
}

/** Kept pods that were created for a watcher, and that podman would end at their deadlines without one. */
export function keptDeadlineWarnings(
  decisions: readonly PodDecision[],
  { containers: observed }: Pick<KnownState, 'containers'>,
): readonly Diagnostic[] {
  return decisions.flatMap((decision) => {
    const { desired, pod } = decision;
    if (pod.kind === 'create' || pod.kind === 'replace' || desired.activeDeadlineSeconds === undefined)
      return [];
    const created = lastingDecisions(decision)
      .filter(isCreated)
      .map(({ container }) => container.name);
    const isForWatcher = lastingContainers(desired)
      .filter(({ name, restartPolicy }) => restartPolicy === 'Never' && !created.includes(name))
      .flatMap((container) => containersNamed(containerName(desired, container), observed))
      .some(({ labels }) => isLabelledWatched(labels));
    return isForWatcher
      ? [keptByUp(desired.name, 'It was created for a watcher. podpose up --force-recreate recreates it.')]
      : [];
  });
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

function probeKinds(container: DesiredContainer): readonly string[] {
  return PROBES.filter((probe) => container[probe] !== undefined);
}

/**
 * Kept pods that were created without a watcher, by an earlier version of podpose for example, and have one now: podman
 * restarts their containers. Or the other way round.
 * @param noWatcher why there is none now; undefined if there is one
 */
export function keptPolicyNotes(
  decisions: readonly PodDecision[],
  { containers: observed }: Pick<KnownState, 'containers'>,
  noWatcher: NoWatcher | undefined,
): readonly Diagnostic[] {
  const isWatched = noWatcher === undefined;
  const pods = decisions.flatMap((decision) => {
    const { desired, pod } = decision;
    if (pod.kind === 'create' || pod.kind === 'replace') return [];
    const changed = lastingDecisions(decision)
      .filter(changesPolicy)
      .map(({ container }) => container.name);
    const isKept = ({ name, restartPolicy }: DesiredContainer) =>
      restartPolicy !== 'Never' && !changed.includes(name);
    const isOtherwise = (container: DesiredContainer) =>
      containersNamed(containerName(desired, container), observed).some(
        ({ labels }) => isLabelledWatched(labels) !== isWatched,
      );
    return lastingContainers(desired).filter(isKept).some(isOtherwise) ? [desired.name] : [];
  });
  if (pods.length === 0) return [];
  const recreate = `podpose up --force-recreate recreates ${pods.length === 1 ? 'it' : 'them'}.`;
  return [
    isWatched
      ? {
          code: 'restart-policy-kept',
          severity: 'note',
          message: `created without a watcher, and restarted by podman without the back-off of Kubernetes: ${podsText(pods)}`,
          help: recreate,
        }
      : {
          code: 'restart-policy-kept',
          severity: 'warning',
          message: `created for a watcher, and not restarted by podman: ${podsText(pods)}; podpose starts no watcher: ${WHY_UNWATCHED[noWatcher][0]}`,
          help: recreate,
        },
  ];
}

function changesPolicy(decision: ContainerDecision): boolean {
  const { action } = decision;
  return isCreated(decision) || (action.kind === 'update' && action.parts.includes('restartPolicy'));
}

function podsText(pods: readonly string[]): string {
  return pods.length > 3 ? count(pods.length, 'pod') : pods.map((pod) => `pod/${pod}`).join(', ');
}
