import { formatPath } from '../../../base/path.ts';
import { duplicates, withNames } from '../duplicates.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel } from '../names.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

export function* checkThereAreContainers(pod: PodObject): Iterable<Finding> {
  if (pod.value.spec?.containers?.length === 0)
    yield {
      code: 'no-containers',
      path: ['spec', 'containers'],
      message: 'must hold at least one container',
    };
}

/** Init containers and app containers share one set of names (validateInitContainers). */
export function* checkContainerNames(pod: PodObject): Iterable<Finding> {
  const named = [
    ...withNames(pod.value.spec?.initContainers, ['spec', 'initContainers']),
    ...withNames(pod.value.spec?.containers, ['spec', 'containers']),
  ];
  for (const { name, path } of named) yield* checkName(dnsLabel, name, path);
  for (const { first, again } of duplicates(named))
    yield {
      code: 'duplicate-name',
      path: again.path,
      message: `the name '${again.name}' is taken by ${formatPath(first.path.slice(0, -1))}`,
      help: 'Containers and init containers of a pod need names that differ.',
    };
}

/** The runtime takes no other (Cwd in runc's libcontainer/configs/validate). */
export function* checkWorkingDir(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod))
    if (value.workingDir !== undefined && value.workingDir !== '' && !value.workingDir.startsWith('/'))
      yield {
        code: 'path-not-absolute',
        path: [...path, 'workingDir'],
        message: `must be an absolute path, got '${value.workingDir}'`,
        suggestion: `/${value.workingDir}`,
      };
}
