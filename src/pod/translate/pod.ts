import type { Pod } from '../../manifest/generated/kubernetes.ts';
import type { DesiredPod } from '../desired.ts';
import { terminationVolumes } from '../termination-message.ts';
import { translateContainer, type PodWide } from './container.ts';
import { translatePullSecrets } from './pull-secrets.ts';
import { translateSandbox } from './sandbox.ts';
import type { Surroundings } from './surroundings.ts';
import { translateVolumes } from './volumes.ts';

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
const DEFAULT_GRACE_PERIOD = 30;

/** Says what a pod asks for. The pod has passed all checks: every field is of its type and makes sense. */
export function translatePod(pod: Pod, surroundings: Surroundings): DesiredPod {
  const { metadata, spec } = pod;
  const name = metadata.name ?? '';
  const volumes = translateVolumes(pod, surroundings);
  const podWide: PodWide = {
    pod,
    surroundings,
    volumes,
    restartPolicy: spec.restartPolicy ?? 'Always',
    ...(spec.activeDeadlineSeconds === undefined
      ? {}
      : { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_PERIOD,
    securityContext: spec.securityContext ?? {},
    manifestFolder: surroundings.manifestFolder,
  };
  const { fsGroup, fsGroupChangePolicy } = podWide.securityContext;
  const pullSecret = translatePullSecrets(spec.imagePullSecrets ?? [], surroundings);
  const initContainers = (spec.initContainers ?? []).map((container) =>
    translateContainer('init', container, podWide),
  );
  const containers = spec.containers.map((container) => translateContainer('container', container, podWide));
  return {
    name,
    ...(pullSecret === undefined ? {} : { pullSecret }),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    terminationGracePeriodSeconds: podWide.terminationGracePeriodSeconds,
    restartPolicy: podWide.restartPolicy,
    ...(spec.activeDeadlineSeconds === undefined
      ? {}
      : { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
    sandbox: translateSandbox(metadata, spec, surroundings.defaultHostIP),
    ...(fsGroup === undefined ? {} : { fsGroup }),
    ...(fsGroupChangePolicy === 'OnRootMismatch' ? { fsGroupChangePolicy } : {}),
    volumes: [...volumes, ...terminationVolumes([...initContainers, ...containers])],
    initContainers,
    containers,
  };
}
