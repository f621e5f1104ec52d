import { defined } from '../../base/defined.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import { gracePeriodOf } from '../spec/grace-period.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import type { Pod } from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredPod } from '../spec/desired.ts';
import { terminationVolumes } from '../spec/termination-message.ts';
import { convertContainer, type PodContext } from './container.ts';
import { otherAnnotations } from './podman-annotations.ts';
import { convertPullSecrets } from './pull-secrets.ts';
import { convertSandbox } from './sandbox.ts';
import type { ConvertContext } from './convert-context.ts';
import { convertVolumes } from './volumes.ts';

/** Converts a valid pod: the schema and all checks have accepted it. */
export function convertPod(pod: Pod, context: ConvertContext): DesiredPod {
  const { metadata, spec } = pod;
  const name = qualifiedNameOf(metadata);
  const volumes = convertVolumes(pod, context);
  const podWide: PodContext = defined({
    pod,
    context,
    volumes,
    restartPolicy: spec.restartPolicy ?? POD_DEFAULTS.restartPolicy,
    activeDeadlineSeconds: spec.activeDeadlineSeconds,
    terminationGracePeriodSeconds: gracePeriodOf(spec),
    securityContext: spec.securityContext ?? {},
    manifestDirectory: context.manifestDirectory,
  });
  const { fsGroup, fsGroupChangePolicy } = podWide.securityContext;
  const pullSecret = convertPullSecrets(spec.imagePullSecrets ?? [], context);
  const initContainers = (spec.initContainers ?? []).map((container) =>
    convertContainer('init', container, podWide),
  );
  const containers = spec.containers.map((container) => convertContainer('container', container, podWide));
  return defined({
    name,
    pullSecret,
    labels: metadata.labels ?? {},
    annotations: otherAnnotations(metadata.annotations ?? {}),
    terminationGracePeriodSeconds: podWide.terminationGracePeriodSeconds,
    restartPolicy: podWide.restartPolicy,
    activeDeadlineSeconds: spec.activeDeadlineSeconds,
    sandbox: convertSandbox(pod, context.defaultHostIP),
    fsGroup,
    fsGroupChangePolicy: fsGroupChangePolicy === 'OnRootMismatch' ? fsGroupChangePolicy : undefined,
    volumes: [...volumes, ...terminationVolumes([...initContainers, ...containers])],
    initContainers,
    containers,
  });
}
