import { ignored, ignoredInPart, noEffect, used, usedLike, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

function table(spec: SupportBranch): SupportBranch {
  return {
    apiVersion: used('identifies the type of the object'),
    kind: used('identifies the type of the object'),
    metadata: metadataOf('the workload, and prefix of the names of its pods'),
    spec,
    status: noEffect('written by the API server, ignored in a manifest'),
  };
}

const available = used('seconds that a new pod must have been ready before a rollout goes on');
const revisions = used("earlier templates that are kept for 'podpose rollout undo', 10 by default");
const history = noEffect('earlier revisions are not kept');
const replicas = used(
  'number of pods, 1 by default; only one is created if they share a hostPort, the host network or a ReadWriteOncePod PVC',
);
const selects = used('must match the labels of the template');
const selector: SupportBranch = {
  matchExpressions: { key: selects, operator: selects, values: selects },
  matchLabels: selects,
};
const template = usedLike('Pod', 'metadata and spec of each pod, with the support of a Pod');
const onDelete = used('OnDelete: a pod that runs keeps an earlier template until it is removed');

/** Support of every field of a Deployment. */
export const deploymentTable: SupportBranch = table({
  minReadySeconds: available,
  paused: used('true: its pods keep their template; without pods, none is created'),
  progressDeadlineSeconds: used('how long up waits for each new pod of a rollout, 600 by default'),
  replicas,
  revisionHistoryLimit: revisions,
  selector,
  strategy: {
    rollingUpdate: {
      maxSurge: used('pods above replicas during a rollout, 25% by default, rounded up'),
      maxUnavailable: used(
        'available pods that may be missing during a rollout, 25% by default, rounded down',
      ),
    },
    type: used(
      'RollingUpdate: old pods are removed as new ones get ready, or first if both need a hostPort; Recreate: first',
    ),
  },
  template,
});

const replicaSpec: SupportBranch = {
  minReadySeconds: ignored('its pods are not rolled out', 0),
  replicas,
  selector,
  template,
};

/** Support of every field of a ReplicaSet; a changed template replaces its pods, which on a cluster a user has to delete. */
export const replicaSetTable: SupportBranch = table(replicaSpec);

/** Support of every field of a ReplicationController. */
export const replicationControllerTable: SupportBranch = table({
  ...replicaSpec,
  selector: used('must match the labels of the template; those labels by default'),
});

/** Support of every field of a DaemonSet. */
export const daemonSetTable: SupportBranch = table({
  minReadySeconds: available,
  revisionHistoryLimit: revisions,
  selector,
  template: usedLike(
    'Pod',
    'metadata and spec of its pod, with the support of a Pod; this machine is the only node',
  ),
  updateStrategy: {
    rollingUpdate: {
      maxSurge: used('above 0: the old pod is removed when the new one is ready'),
      maxUnavailable: noEffect('there is one pod, which is removed first unless maxSurge is above 0'),
    },
    type: onDelete,
  },
});

const kept = ignored("PVCs are kept until 'podpose down --volumes'", 'Retain');

/** Support of every field of a StatefulSet. */
export const statefulSetTable: SupportBranch = table({
  minReadySeconds: available,
  ordinals: { start: used('number of the first pod, 0 by default') },
  persistentVolumeClaimRetentionPolicy: { whenDeleted: kept, whenScaled: kept },
  podManagementPolicy: used(
    'OrderedReady: each pod is created when the one before is ready, and removed in reverse; Parallel: all at once',
  ),
  replicas,
  revisionHistoryLimit: history,
  selector,
  serviceName: used('subdomain of the host names of its pods'),
  template,
  updateStrategy: {
    rollingUpdate: {
      maxUnavailable: noEffect(
        'pods are changed one after another, as without the feature gate of a cluster',
      ),
      partition: used('pods that run and have a lower number keep an earlier template'),
    },
    type: onDelete,
  },
  volumeClaimTemplates: usedLike(
    'PersistentVolumeClaim',
    'a PVC for each pod, named TEMPLATE-POD; kept when the pod is removed',
  ),
});

const uncounted = ignored('the failures of pods are not counted');

/** Support of every field of a Job. */
export const jobTable: SupportBranch = table({
  activeDeadlineSeconds: used('deadline of each of its pods, unless they have a shorter one'),
  backoffLimit: ignored(
    "restartPolicy OnFailure retries a container until it succeeds; with Never, 'up' runs a failed one again",
    6,
  ),
  backoffLimitPerIndex: uncounted,
  completionMode: used(
    'Indexed: each pod has its index in a variable, an annotation, a label and its host name',
  ),
  completions: used('number of pods; without it, as many as parallelism'),
  managedBy: ignored('there are no other controllers', 'kubernetes.io/job-controller'),
  manualSelector: used('the selector must match the labels of the template'),
  maxFailedIndexes: uncounted,
  parallelism: ignoredInPart(
    'all pods run at once, also if completions is higher, with a warning; 0: none is created',
  ),
  podFailurePolicy: uncounted,
  podReplacementPolicy: ignored('a failed pod is not replaced'),
  selector,
  successPolicy: ignored('the other pods run until they have completed'),
  suspend: used('true: no pods are created, and those that exist are removed'),
  template,
  ttlSecondsAfterFinished: ignored("finished pods are kept until 'podpose down'"),
});
