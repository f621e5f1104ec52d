import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { FieldPath } from '../../../base/path.ts';
import { podmanDevice } from '../../spec/podman-devices.ts';
import type { Finding } from '../finding.ts';
import { checkPodResources } from './pod-resources.ts';
import { checkAmountList, checkAmounts, checkRequests, type Requirements } from './requirements.ts';
import { checkContainerResource, isHugePages } from './resource-names.ts';

/** https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export function* checkResources(pod: PodObject): Iterable<Finding> {
  for (const container of containersOf(pod)) {
    const resources = container.value.resources ?? {};
    const path = [...container.path, 'resources'];
    yield* checkAmounts(
      resources,
      path,
      pod.isTemplate === true ? checkContainerResource : checkResourceOrDevice,
    );
    yield* checkRequests(pod, resources, path);
    yield* checkSupportedResources(resources, path);
  }
  yield* checkPodResources(pod);
  yield* checkSupportedResources(pod.value.spec?.resources ?? {}, ['spec', 'resources']);
}

/** A device in podman's notation is no valid resource name. */
function* checkResourceOrDevice(name: string, path: FieldPath): Iterable<Finding> {
  if (podmanDevice(name) === undefined) yield* checkContainerResource(name, path);
  else
    yield {
      code: 'unknown-resource',
      severity: 'warning',
      onCluster: 'error',
      path,
      at: 'key',
      message: "a device in the notation of 'podman kube play'; a cluster refuses this name",
    };
}

/** validateOverhead in pkg/apis/core/validation: as the limits of a container. */
export function* checkOverhead(pod: PodObject): Iterable<Finding> {
  const overhead = pod.value.spec?.overhead ?? {};
  const path = ['spec', 'overhead'];
  yield* checkAmountList(overhead, path, checkContainerResource);
  const names = Object.keys(overhead);
  const pages = names.find(isHugePages);
  if (pages !== undefined && !names.includes('cpu') && !names.includes('memory'))
    yield {
      code: 'missing-field',
      path: [...path, pages],
      at: 'key',
      message: 'huge pages require cpu or memory beside them',
    };
}

/** What podman cannot limit. */
function* checkSupportedResources(
  { limits = {}, requests = {} }: Requirements,
  path: FieldPath,
): Iterable<Finding> {
  for (const [field, amounts] of Object.entries({ limits, requests }))
    for (const name of Object.keys(amounts)) yield* checkSupported(name, [...path, field, name]);
}

function* checkSupported(name: string, path: FieldPath): Iterable<Finding> {
  if (name === 'ephemeral-storage' && path[1] !== 'resources')
    yield {
      code: 'ignored',
      severity: 'warning',
      path,
      at: 'key',
      message: 'ignored: podpose cannot limit the disk space of a container',
    };
  else if (isHugePages(name))
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: podman cannot limit or reserve huge pages',
    };
  else if (name.includes('/') && path[1] !== 'resources' && podmanDevice(name) === undefined)
    yield {
      code: 'not-supported',
      path,
      at: 'key',
      message: 'not supported: extended resources need a device plugin of a cluster',
      help: `podman passes devices on: '${name}=all' for devices of CDI, 'podman.io/device=/dev/NAME' for others.`,
    };
}
