import { formatPath } from '../../../base/path.ts';
import { duplicates, withNames } from '../duplicates.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { dnsLabel } from '../names.ts';
import { checkNameWithReferences, containerReferences } from '../../fix/pod-names.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

export function* checkThereAreContainers(pod: PodObject): Iterable<Finding> {
  if (pod.value.spec?.containers?.length === 0)
    yield {
      code: 'no-containers',
      path: ['spec', 'containers'],
      message: 'must have at least one container',
    };
}

/** Names are unique across init containers and app containers (validateInitContainers). */
export function* checkContainerNames(pod: PodObject): Iterable<Finding> {
  const named = [
    ...withNames(pod.value.spec?.initContainers, ['spec', 'initContainers']),
    ...withNames(pod.value.spec?.containers, ['spec', 'containers']),
  ];
  const taken = named.map(({ name }) => name);
  for (const { name, path } of named)
    yield* checkNameWithReferences(
      pod,
      dnsLabel,
      { name, path },
      () => containerReferences(pod, name),
      taken,
    );
  for (const { first, again } of duplicates(named))
    yield {
      code: 'duplicate-name',
      path: again.path,
      message: `duplicate name '${again.name}': already used by ${formatPath(first.path.slice(0, -1))}`,
      help: 'Names must be unique among the containers and init containers of a pod.',
    };
}

/** The runtime requires an absolute path (Cwd in runc's libcontainer/configs/validate). */
export function* checkWorkingDir(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    if (value.workingDir !== undefined && value.workingDir !== '' && !value.workingDir.startsWith('/'))
      yield {
        code: 'unusable-path',
        path: [...path, 'workingDir'],
        message: `must be an absolute path, got '${value.workingDir}'`,
        suggestion: `/${value.workingDir}`,
      };
}

/** They are added to a running pod only (ValidatePodCreate and ValidatePodTemplateSpec). */
export function* checkEphemeralContainers({ value: { spec } }: PodObject): Iterable<Finding> {
  if ((spec?.ephemeralContainers ?? []).length > 0)
    yield forbiddenField(
      ['spec', 'ephemeralContainers'],
      'ephemeral containers are added to a running pod (kubectl debug)',
    );
}
