import { defined } from '../../../base/defined.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/**
 * A missing pull secret is not an error: the image is pulled without it
 * (getPullSecretsForPod in pkg/kubelet/kubelet_pods.go).
 */
export function* checkPullSecrets(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const [index, { name = '' }] of (pod.value.spec?.imagePullSecrets ?? []).entries()) {
    const path = ['spec', 'imagePullSecrets', index];
    const secret = objects.secrets.get(name);
    if (secret === undefined) {
      const suggestion = suggest(name, objects.secrets.keys());
      yield {
        code: 'missing-pull-secret',
        severity: 'warning',
        path: [...path, 'name'],
        message: `Secret '${name}' not found in the files: images are pulled with the credentials of podman login`,
        ...defined({ suggestion }),
      };
    } else if (!secret.values.has('.dockerconfigjson') && !secret.values.has('.dockercfg'))
      yield {
        code: 'unusable-pull-secret',
        severity: 'warning',
        path: [...path, 'name'],
        message: `Secret '${name}' has no key '.dockerconfigjson', so it holds no registry credentials`,
      };
  }
}
