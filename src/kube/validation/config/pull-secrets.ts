import { defined } from '../../../base/defined.ts';
import { formatPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import { duplicates } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { PodObject } from '../../spec/pod-object.ts';

/** Names that a server warns of (warningsForPodSpecAndMeta in pkg/api/pod/warnings.go). */
export function* checkPullSecretNames(pod: PodObject): Iterable<Finding> {
  const place = ['spec', 'imagePullSecrets'];
  const secrets = pod.value.spec?.imagePullSecrets ?? [];
  for (const [index, { name = '' }] of secrets.entries())
    if (name === '' && !pod.isPruned([...place, index, 'name']))
      yield {
        code: 'missing-field',
        severity: 'warning',
        path: [...place, index],
        message: "missing 'name' of the Secret: the item has no effect",
      };
  const named = secrets.map(({ name = '' }, index) => ({ name, path: [...place, index, 'name'] }));
  for (const { first, again } of duplicates(named.filter(({ name }) => name !== '')))
    yield {
      code: 'duplicate-name',
      severity: 'warning',
      path: again.path,
      message: `duplicate name '${again.name}': already used by ${formatPath(first.path.slice(0, -1))}`,
    };
}

/**
 * A missing pull secret is not an error: the image is pulled without it
 * (getPullSecretsForPod in pkg/kubelet/kubelet_pods.go).
 */
export function* checkPullSecrets(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const [index, { name = '' }] of (pod.value.spec?.imagePullSecrets ?? []).entries()) {
    if (name === '') continue;
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
