import { ignored, noEffect, used, usedLike, type SupportBranch } from './entry.ts';
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

const rule = used('the first rule that matches a failed pod decides; it needs restartPolicy Never');
const onExitCodes: SupportBranch = { containerName: rule, operator: rule, values: rule };

const jobSpec: SupportBranch = {
  activeDeadlineSeconds: used('seconds from its start until its pods are removed and it has failed'),
  backoffLimit: used(
    'most failed pods, or restarts with OnFailure, 6 by default; the back-off is 10 s, 20 s ... up to 10 min',
  ),
  backoffLimitPerIndex: used('number of failed pods of an index before the index has failed'),
  completionMode: used(
    'Indexed: each pod has its index in a variable, an annotation, a label and its host name',
  ),
  completions: used('number of pods that must succeed; without it, one of them, and all must end'),
  managedBy: ignored('there are no other controllers', 'kubernetes.io/job-controller'),
  manualSelector: used('the selector must match the labels of the template'),
  maxFailedIndexes: used('number of failed indexes before it has failed'),
  parallelism: used('number of pods that run at the same time, 1 by default'),
  podFailurePolicy: {
    rules: {
      action: rule,
      onExitCodes,
      onPodConditions: noEffect('no pod here has the conditions of a cluster, such as DisruptionTarget'),
    },
  },
  podReplacementPolicy: noEffect('a pod is replaced when it has failed'),
  selector,
  successPolicy: ignored('the other pods run until they have completed'),
  suspend: used('true: no pods are created, and those that run are removed'),
  template,
  ttlSecondsAfterFinished: used(
    'seconds after its end until its pods are removed, while the watcher runs; it runs again at the next up',
  ),
};

/** Support of every field of a Job. */
export const jobTable: SupportBranch = table(jobSpec);

/** Support of every field of a CronJob. */
export const cronJobTable: SupportBranch = table({
  concurrencyPolicy: used('Allow, Forbid or Replace: whether a Job starts while the one before runs'),
  failedJobsHistoryLimit: used('number of failed Jobs that are kept, 1 by default'),
  jobTemplate: {
    metadata: { ...metadataOf('nothing'), name: noEffect('a Job has the name of the CronJob and a number') },
    spec: jobSpec,
  },
  schedule: used('when the watcher creates a Job; it must run'),
  startingDeadlineSeconds: used('seconds within which a missed Job is made up for'),
  successfulJobsHistoryLimit: used('number of completed Jobs that are kept, 3 by default'),
  suspend: used('true: no Jobs are created'),
  timeZone: used('time zone of the schedule; that of this machine by default'),
});
