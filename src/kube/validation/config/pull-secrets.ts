import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/**
 * A pull secret that is not there is no mistake: the image is then pulled without it
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
        message: `there is no Secret '${name}' in the files: images are pulled with what podman login has stored`,
        ...(suggestion === undefined ? {} : { suggestion }),
      };
    } else if (!secret.values.has('.dockerconfigjson') && !secret.values.has('.dockercfg'))
      yield {
        code: 'unusable-pull-secret',
        severity: 'warning',
        path: [...path, 'name'],
        message: `the Secret '${name}' has no key '.dockerconfigjson', and no credentials for a registry`,
      };
  }
}
