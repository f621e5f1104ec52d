import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedPod } from '../../kube/pod-set.ts';
import type { Step } from '../step.ts';
import { pullId, namesOfImages } from './images.ts';

/** Whether a step pulls an image that only the proxy of Ingresses needs: no other pod waits for it, or fails with it. */
export function isPullOfProxyOnly(step: string, pods: readonly SourcedPod[]): boolean {
  const pulls = (isOfProxy: boolean): boolean =>
    namesOfImages(pods.filter((one) => (one.isProxy === true) === isOfProxy).map(({ pod }) => pod)).some(
      (image) => pullId(image) === step,
    );
  return pulls(true) && !pulls(false);
}

const ANOTHER = 'Another nginx serves it with --ingress-image IMAGE.';

/** The warning about a proxy that is not created, as its image is missing and must not be pulled. */
export function missingProxyImage(proxy: SourcedPod): Diagnostic {
  return ofProxy(
    proxy,
    'warning',
    (image, owner) =>
      `${owner} is not served: the image '${image}' of its proxy is not on this machine, and is not pulled`,
    `Everything else comes up. ${ANOTHER}`,
  );
}

/** The note about an image that has to be pulled for the proxy alone. */
export function pulledProxyImages(
  pods: readonly SourcedPod[],
  imageSteps: readonly Step[],
): readonly Diagnostic[] {
  const proxy = pods.find(({ isProxy }) => isProxy === true);
  if (proxy === undefined || !imageSteps.some(({ id }) => isPullOfProxyOnly(id, pods))) return [];
  return [
    ofProxy(
      proxy,
      'note',
      (image, owner) => `${owner} is served by the image '${image}', which is pulled first`,
      `If it cannot be pulled, everything else comes up. ${ANOTHER}`,
    ),
  ];
}

function ofProxy(
  { pod: { owner = '', containers }, locate }: SourcedPod,
  severity: 'warning' | 'note',
  message: (image: string, owner: string) => string,
  help: string,
): Diagnostic {
  const path = ['spec'];
  return {
    ...{ code: 'ingress-image', severity, path: formatPath(path), location: locate(path) },
    message: message(containers[0]?.image ?? '', owner),
    help,
  };
}
