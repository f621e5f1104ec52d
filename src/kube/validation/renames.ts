import type { FieldPath } from '../../base/path.ts';
import { containersOf, type PodObject } from '../spec/pod-object.ts';
import type { Finding } from './finding.ts';

/**
 * Lets `podpose fix` write the suggestion of an invalid name also where the object refers to it. Without certainty, that is
 * if another one has the suggested name, the finding stays as it is.
 * @param references the paths of the other places with the name
 * @param taken the names of the same sort
 */
export function withRenames(
  finding: Finding,
  references: readonly FieldPath[],
  taken: readonly (string | undefined)[] = [],
): Finding {
  const { code, suggestion, path } = finding;
  if (code !== 'invalid-name' || suggestion === undefined || taken.includes(suggestion)) return finding;
  return { ...finding, renames: [path, ...references] };
}

/** Where containers refer to a volume of their pod. */
export function volumeReferences(pod: PodObject, name: string): readonly FieldPath[] {
  return containersOf(pod).flatMap(({ path, value }) => [
    ...(value.volumeMounts ?? []).flatMap((mount, index) =>
      mount.name === name ? [[...path, 'volumeMounts', index, 'name']] : [],
    ),
    ...(value.volumeDevices ?? []).flatMap((device, index) =>
      device.name === name ? [[...path, 'volumeDevices', index, 'name']] : [],
    ),
    ...(value.env ?? []).flatMap((variable, index) =>
      variable.valueFrom?.fileKeyRef?.volumeName === name
        ? [[...path, 'env', index, 'valueFrom', 'fileKeyRef', 'volumeName']]
        : [],
    ),
  ]);
}

/** Where variables refer to a container of their pod. */
export function containerReferences(pod: PodObject, name: string): readonly FieldPath[] {
  return containersOf(pod).flatMap(({ path, value }) =>
    (value.env ?? []).flatMap((variable, index) =>
      variable.valueFrom?.resourceFieldRef?.containerName === name
        ? [[...path, 'env', index, 'valueFrom', 'resourceFieldRef', 'containerName']]
        : [],
    ),
  );
}
