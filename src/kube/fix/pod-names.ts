import { replaceAt, type Edit } from '../../base/edit.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { containersOf, type ContainerObject, type PodObject } from '../spec/pod-object.ts';
import { checkName, validName, type NameRule } from '../validation/names.ts';
import type { Finding } from '../validation/finding.ts';

/**
 * Checks a name of a pod. An invalid one gets a valid one for `podpose fix`, together with its references, unless another one
 * has or would get that name.
 * @param references gives the paths of the other places with the name
 * @param names all names of the same sort, this one included
 */
export function* checkNameWithReferences(
  pod: PodObject,
  rule: NameRule,
  { name, path }: { readonly name: string; readonly path: FieldPath },
  references: () => readonly FieldPath[],
  names: readonly string[],
): Iterable<Finding> {
  for (const finding of checkName(rule, name, path)) {
    const to = validName(rule, name);
    const others = names.filter((other) => other !== name);
    const isFree = to !== undefined && !others.some((other) => other === to || validName(rule, other) === to);
    yield isFree ? { ...finding, edits: renameEdits(pod, [path, ...references()], to) } : finding;
  }
}

/** The edits that write a name at several places. */
export function renameEdits(
  { locate }: Pick<CheckedDocument, 'locate'>,
  places: readonly FieldPath[],
  to: string,
): readonly Edit[] {
  return places.map((place) => ({ ...replaceAt(locate(place), to), keepsQuotes: true }));
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

/** Where probes and hooks refer to a port of their container. */
export function portReferences({ path, value }: ContainerObject, name: string): readonly FieldPath[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = value;
  const handlers = [
    { at: ['livenessProbe'], handler: livenessProbe },
    { at: ['readinessProbe'], handler: readinessProbe },
    { at: ['startupProbe'], handler: startupProbe },
    { at: ['lifecycle', 'postStart'], handler: lifecycle?.postStart },
    { at: ['lifecycle', 'preStop'], handler: lifecycle?.preStop },
  ];
  return handlers.flatMap(({ at, handler }) =>
    (['httpGet', 'tcpSocket'] as const).flatMap((field) =>
      handler?.[field]?.port === name ? [[...path, ...at, field, 'port']] : [],
    ),
  );
}
