import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { LABEL_OPTIONS } from '../../kube/spec/podman-annotations.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { PodmanCapabilities } from '../../podman/inspect/version.ts';

/** A field that needs a newer podman. */
interface Gated {
  readonly pod: SourcedPod;
  readonly path: FieldPath;
  readonly ability: keyof PodmanCapabilities;
  /** Names the required version. */
  readonly message: string;
  readonly help: string;
}

/** Whether any field depends on the podman version. */
export function needsCapabilities(pods: readonly SourcedPod[]): boolean {
  return pods.some((pod) => gatedIn(pod).length > 0);
}

/** Errors for fields that this podman does not support. */
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
    all.flatMap((container, at) => [
      ...nestedLabels(sourced, container),
      ...container.volumeMounts.flatMap(({ source, subPath }, index): readonly Gated[] =>
        source.type !== 'image' || subPath === undefined
          ? []
          : [
              {
                pod: sourced,
                path: ['spec', list, at, 'volumeMounts', index],
                ability: 'imageSubPath',
                message: 'subPath of an image volume requires podman 5.4 or later',
                help: 'Mount the whole image, without subPath.',
              },
            ],
      ),
    ]),
  );
}

function nestedLabels(pod: SourcedPod, { name, annotations = {} }: DesiredContainer): readonly Gated[] {
  if (annotations[LABEL_OPTIONS]?.split(',').includes('nested') !== true) return [];
  return [
    {
      pod,
      path: ['metadata', 'annotations', `${LABEL_OPTIONS}/${name}`],
      ability: 'nestedLabels',
      message: 'nested SELinux labels require podman 4.5 or later',
      help: "Use 'disable' for a container without SELinux labels.",
    },
  ];
}
