import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { DesiredContainer, DesiredMount, DesiredPod } from '../../kube/spec/desired.ts';
import type { VolumeSource } from '../../kube/spec/desired-volume.ts';
import type { ImagePullPolicy } from '../../kube/spec/image-reference.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ObservedImage } from '../../podman/inspect/observed.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';

/** `--pull` overrides the imagePullPolicy of all containers. */
export type PullOption = 'always' | 'missing' | 'never';

/** An image that a container needs. */
export interface ImageNeed {
  readonly image: string;
  readonly policy: ImagePullPolicy;
  /** Field of the manifest. */
  readonly path: FieldPath;
  readonly pod: SourcedPod;
}

/** The ID of the step that pulls an image. */
export function pullId(image: string): string {
  return `pull/${image}`;
}

export interface ImagePlan {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A plan that only pulls: all images of the pods, for `--pull always`. */
export function planPulls(
  project: string,
  pods: readonly SourcedPod[],
  images: readonly ObservedImage[],
): Plan {
  const needs = pods.flatMap((sourced) =>
    imageNeeds(sourced, [...sourced.pod.initContainers, ...sourced.pod.containers]),
  );
  const pulls = planImages(needs, images, 'always');
  return { project, changes: [], steps: pulls.steps, warnings: [] };
}

/** Image names of pods, sorted and without duplicates. */
export function namesOfImages(pods: readonly DesiredPod[]): readonly string[] {
  const images = new Set(
    pods.flatMap(({ initContainers, containers }) =>
      [...initContainers, ...containers].flatMap(({ image, volumeMounts }) => [
        image,
        ...volumeMounts.flatMap(({ source }) => imageOf(source) ?? []),
      ]),
    ),
  );
  return [...images].sort();
}

/** Images of containers, and images that they mount as volumes. */
export function imageNeeds(
  sourced: SourcedPod,
  containers: readonly DesiredContainer[],
): readonly ImageNeed[] {
  const { pod } = sourced;
  return containers.flatMap((container) => {
    const list = container.role === 'init' ? 'initContainers' : 'containers';
    const own: ImageNeed = {
      image: container.image,
      policy: container.imagePullPolicy,
      path: ['spec', list, pod[list].indexOf(container), 'image'],
      pod: sourced,
    };
    return [own, ...container.volumeMounts.flatMap((mount) => mountedImage(mount, sourced))];
  });
}

/** The image of a volume: an image volume, or a PersistentVolumeClaim whose volume is a copy of an image. */
function imageOf(source: VolumeSource): string | undefined {
  if (source.type === 'image') return source.reference;
  return source.type === 'persistentVolumeClaim' ? source.options?.image : undefined;
}

function mountedImage({ name, source }: DesiredMount, sourced: SourcedPod): readonly ImageNeed[] {
  const image = imageOf(source);
  if (image === undefined) return [];
  const index = sourced.pod.volumes.findIndex((volume) => volume.name === name);
  const volume = ['spec', 'volumes', index];
  return source.type === 'image'
    ? [{ image, policy: source.pullPolicy, path: [...volume, 'image', 'reference'], pod: sourced }]
    : [{ image, policy: 'IfNotPresent', path: [...volume, 'persistentVolumeClaim'], pod: sourced }];
}

/**
 * Images to pull for new containers: once each, sorted by name. A missing image that may not be pulled is an error before
 * any change.
 * https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 */
export function planImages(
  needs: readonly ImageNeed[],
  images: readonly ObservedImage[],
  option: PullOption | undefined,
): ImagePlan {
  /** Image -> credentials of the first pod that has some, and the ID of the present image. */
  const toPull = new Map<string, { readonly credentials?: string; readonly presentId?: string }>();
  const diagnostics: Diagnostic[] = [];
  for (const need of needs) {
    const { image } = need;
    const present = images.find(({ names }) => names.includes(image));
    const isBuiltHere = isLocal(image) || (present !== undefined && isOnlyHere(image, present));
    const policy = effectivePolicy(need.policy, option, isBuiltHere);
    if (present === undefined && isLocal(image)) diagnostics.push(unbuiltImage(need));
    else if (present === undefined && policy === 'Never') diagnostics.push(missingImage(need));
    else if (policy === 'Always' || (policy === 'IfNotPresent' && present === undefined))
      toPull.set(
        image,
        defined({
          credentials: toPull.get(image)?.credentials ?? need.pod.pod.pullSecret,
          presentId: present?.id,
        }),
      );
  }
  const steps = [...toPull].sort(byImage).map(([image, known]): Step => ({
    id: pullId(image),
    needs: [],
    operation: { kind: 'pull-image', image, ...known },
  }));
  return { steps, diagnostics };
}

function byImage([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareTexts(a, b);
}

function effectivePolicy(
  policy: ImagePullPolicy,
  option: PullOption | undefined,
  isBuiltHere: boolean,
): ImagePullPolicy {
  if (option === 'never') return 'Never';
  if (option === 'missing') return 'IfNotPresent';
  if (isBuiltHere) return policy === 'Never' ? 'Never' : 'IfNotPresent';
  return option === 'always' ? 'Always' : policy;
}

/** Locally built images are named localhost/...: no registry has them. */
function isLocal(image: string): boolean {
  return image.startsWith('localhost/');
}

/** Whether podman resolves a name to a local build or to an image ID. Neither can be pulled. */
function isOnlyHere(image: string, { id, names }: ObservedImage): boolean {
  const tagged = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
  return names.includes(`localhost/${tagged}`) || (IMAGE_ID.test(image) && id.startsWith(image));
}

const IMAGE_ID = /^[0-9a-f]{12,64}$/;

function unbuiltImage({ image, path, pod }: ImageNeed): Diagnostic {
  return {
    code: 'image-not-built',
    severity: 'error',
    message: `image '${image}' not found on this machine, and localhost/ images cannot be pulled`,
    path: formatPath(path),
    location: pod.locate(path),
    help: image.includes('@')
      ? 'Use a tag instead of the digest, or load the image: podman load -i FILE'
      : `Build it first: podman build -t ${image} .`,
  };
}

function missingImage({ image, path, pod }: ImageNeed): Diagnostic {
  return {
    code: 'image-not-present',
    severity: 'error',
    message: `image '${image}' not found on this machine, and its pull policy is Never`,
    path: formatPath(path),
    location: pod.locate(path),
    help: helpForMissing(image),
  };
}

/** An image named by digest cannot be built under that name, and one named by ID cannot be pulled. */
function helpForMissing(image: string): string {
  if (IMAGE_ID.test(image) || /^sha256:/.test(image))
    return "No registry knows image IDs. Use an image name, as listed by 'podman images'.";
  const build = image.includes('@') ? '' : `, or build it: podman build -t ${image} .`;
  return `Pull it${build}\nOr allow pulling: imagePullPolicy: IfNotPresent, or --pull missing.`;
}
