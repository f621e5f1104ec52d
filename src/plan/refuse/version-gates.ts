import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';

/** Something that only newer podmans can do. */
interface Gated {
  readonly pod: SourcedPod;
  readonly path: FieldPath;
  readonly ability: keyof PodmanCapabilities;
  /** Why it is not to be had, and since when it is: a clause. */
  readonly message: string;
  readonly help: string;
}

/** Whether it matters to a pod which podman it is: there is no need to ask otherwise. */
export function needsCapabilities(pods: readonly SourcedPod[]): boolean {
  return pods.some((pod) => gatedIn(pod).length > 0);
}

/** What the pods ask for and this podman cannot do. */
export function capabilityRefusals(
  pods: readonly SourcedPod[],
  capabilities: PodmanCapabilities,
): readonly Diagnostic[] {
  return pods
    .flatMap(gatedIn)
    .filter(({ ability }) => !capabilities[ability])
    .map(({ pod, path, message, help }) => ({
      code: 'podman-too-old',
      severity: 'error',
      path: formatPath(path),
      location: pod.locate(path),
      message,
      help,
    }));
}

function gatedIn(sourced: SourcedPod): readonly Gated[] {
  const { initContainers, containers } = sourced.pod;
  return Object.entries({ initContainers, containers }).flatMap(([list, all]) =>
    all.flatMap(({ volumeMounts }, at) =>
      volumeMounts.flatMap(({ source, subPath }, index): readonly Gated[] =>
        source.type !== 'image' || subPath === undefined
          ? []
          : [
              {
                pod: sourced,
                path: ['spec', list, at, 'volumeMounts', index],
                ability: 'imageSubPath',
                message: 'podman mounts a part of an image since version 5.4, and this one is older',
                help: 'Mount the whole image: without a subPath.',
              },
            ],
      ),
    ),
  );
}
