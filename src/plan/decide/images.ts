import { compareTexts } from '../../base/text.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import type { DesiredContainer, DesiredMount, DesiredPod, ImagePullPolicy } from '../../kube/spec/desired.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { ObservedImage } from '../../podman/inspect/observed.ts';
import type { Plan } from '../plan.ts';
import type { Step } from '../step.ts';

/** What `--pull` says for all containers; without it each container's own policy holds. */
export type PullOption = 'always' | 'missing' | 'never';

/** An image that has to be there before something of a pod is made. */
export interface ImageNeed {
  readonly image: string;
  readonly policy: ImagePullPolicy;
  /** Where the manifest names it. */
  readonly path: FieldPath;
  readonly pod: SourcedPod;
}

export interface ImagePlan {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A plan that only pulls: every image of some pods anew, as `--pull always` asks for also where nothing else changes. */
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

/** What some pods call their images: each name once, sorted. */
export function namesOfImages(pods: readonly DesiredPod[]): readonly string[] {
  const images = new Set(
    pods.flatMap(({ initContainers, containers }) =>
      [...initContainers, ...containers].flatMap(({ image, volumeMounts }) => [
        image,
        ...volumeMounts.flatMap(({ source }) => (source.type === 'image' ? [source.reference] : [])),
      ]),
    ),
  );
  return [...images].sort();
}

/** The images that containers of a pod are made from, and those that they mount. */
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

function mountedImage({ name, source }: DesiredMount, sourced: SourcedPod): readonly ImageNeed[] {
  if (source.type !== 'image') return [];
  const index = sourced.pod.volumes.findIndex((volume) => volume.name === name);
  const path = ['spec', 'volumes', index, 'image', 'reference'];
  return [{ image: source.reference, policy: source.pullPolicy, path, pod: sourced }];
}

/**
 * The images to pull for containers that are going to be run: once each, sorted by name. What may not be
 * pulled and is not there is an error now, before anything is touched.
 * https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy
 */
export function planImages(
  needs: readonly ImageNeed[],
  images: readonly ObservedImage[],
  option: PullOption | undefined,
): ImagePlan {
  /** With the credentials of the first pod that has some. */
  const toPull = new Map<string, string | undefined>();
  const diagnostics: Diagnostic[] = [];
  for (const need of needs) {
    const { image } = need;
    const present = images.find(({ names }) => names.includes(image));
    const isBuiltHere = isLocal(image) || (present !== undefined && isOnlyHere(image, present));
    const policy = effectivePolicy(need.policy, option, isBuiltHere);
    if (present === undefined && isLocal(image)) diagnostics.push(unbuiltImage(need));
    else if (present === undefined && policy === 'Never') diagnostics.push(missingImage(need));
    else if (policy === 'Always' || (policy === 'IfNotPresent' && present === undefined))
      toPull.set(image, toPull.get(image) ?? need.pod.pod.pullSecret);
  }
  const steps = [...toPull].sort(byImage).map(([image, credentials]): Step => ({
    id: `pull/${image}`,
    needs: [],
    operation: { kind: 'pull-image', image, ...(credentials === undefined ? {} : { credentials }) },
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

/** podman keeps under localhost/ what was built here; no registry has it. */
function isLocal(image: string): boolean {
  return image.startsWith('localhost/');
}

/** Whether podman resolves a name to what was built here, or takes it for the id of an image: it could not pull that. */
function isOnlyHere(image: string, { id, names }: ObservedImage): boolean {
  const tagged = /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
  return names.includes(`localhost/${tagged}`) || (IMAGE_ID.test(image) && id.startsWith(image));
}

const IMAGE_ID = /^[0-9a-f]{12,64}$/;

function unbuiltImage({ image, path, pod }: ImageNeed): Diagnostic {
  return {
    code: 'image-not-built',
    severity: 'error',
    message: `the image '${image}' is not on this machine, and no registry has images of localhost/`,
    path: formatPath(path),
    location: pod.locate(path),
    help: image.includes('@')
      ? 'A digest cannot be built: name the image by a tag, or load the one that is meant: podman load -i FILE'
      : `Build it first: podman build -t ${image} .`,
  };
}

function missingImage({ image, path, pod }: ImageNeed): Diagnostic {
  return {
    code: 'image-not-present',
    severity: 'error',
    message: `the image '${image}' is not on this machine, and it may not be pulled`,
    path: formatPath(path),
    location: pod.locate(path),
    help: helpForMissing(image),
  };
}

/** What is named by what it holds can be built under that name by nobody, and what is named by its ID cannot be pulled. */
function helpForMissing(image: string): string {
  if (IMAGE_ID.test(image) || /^sha256:/.test(image))
    return 'If this is the ID of an image: no registry knows it. Use the name of an image, as `podman images` lists them.';
  const build = image.includes('@') ? '' : `, or build it: podman build -t ${image} .`;
  return `Pull it${build}\nOr allow pulling: imagePullPolicy: IfNotPresent, or --pull missing.`;
}
