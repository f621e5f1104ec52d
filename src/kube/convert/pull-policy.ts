import type { ImagePullPolicy } from '../spec/desired.ts';
import { parseImageReference } from '../spec/image-reference.ts';

/**
 * The policy of a container that names none: an image that can change under its name is pulled each time.
 * A `latest` counts even beside a digest, as in Kubernetes' SetDefaults_Container.
 * https://kubernetes.io/docs/concepts/containers/images/#imagepullpolicy-defaulting
 */
export function effectivePullPolicy(image: string): ImagePullPolicy {
  const reference = parseImageReference(image);
  if (reference === undefined) return 'IfNotPresent';
  const untagged = reference.tag === undefined && reference.digest === undefined;
  return untagged || reference.tag === 'latest' ? 'Always' : 'IfNotPresent';
}
