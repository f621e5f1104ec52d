import { defined } from '../../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { containerSettings } from '../../kube/spec/settings.ts';
import {
  CLAIM_RECORD_ROLE,
  CLAIM_ROLE,
  encodeSpec,
  FORMAT,
  isPodVolumeRole,
  LABEL,
  NETWORK_ROLE,
  type Role,
  type VolumeAdoption,
} from '../labels.ts';
import { recordedDeclarations } from '../declared-record.ts';
import { setting, type Setting } from './setting.ts';

/** The labels of a new object, in order. */
export function labelSetting(labels: Readonly<Record<string, string>>): Setting {
  return setting(labelFlags(labels), { labels });
}

/** `--label NAME=VALUE` for each label, in order. */
export function labelFlags(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** The labels that identify an object of a pod. */
export function ownerLabels(
  project: string,
  pod: string,
  role: Role,
  name?: string,
): Readonly<Record<string, string>> {
  const nameLabel = isPodVolumeRole(role) ? LABEL.volume : LABEL.container;
  return {
    [LABEL.project]: project,
    [LABEL.pod]: pod,
    [LABEL.role]: role,
    ...defined({ [nameLabel]: name }),
  };
}

/** The labels that identify the volume of a PersistentVolumeClaim. */
export function claimLabels(project: string, claimName: string): Readonly<Record<string, string>> {
  return { [LABEL.project]: project, [LABEL.role]: CLAIM_ROLE, [LABEL.volume]: claimName };
}

/** The labels that identify the network of a project. */
export function networkLabels(project: string): Readonly<Record<string, string>> {
  return { [LABEL.project]: project, [LABEL.role]: NETWORK_ROLE };
}

/** The labels of the record volume of an adopted volume. */
export function adoptionLabels({
  project,
  claimName,
  createdAt,
}: VolumeAdoption): Readonly<Record<string, string>> {
  return {
    [LABEL.project]: project,
    [LABEL.role]: CLAIM_RECORD_ROLE,
    [LABEL.volume]: claimName,
    [LABEL.recordOf]: createdAt,
  };
}

/** The last-applied record. These labels are long, and so come last. */
export function specLabels(
  settings: unknown,
  declared: readonly object[] = [],
): Readonly<Record<string, string>> {
  return { [LABEL.format]: FORMAT.toString(), [LABEL.spec]: encodeSpec(settings, declared) };
}

/** The last-applied record of a container. */
export function containerSpecLabels(
  pod: DesiredPod,
  container: DesiredContainer,
): Readonly<Record<string, string>> {
  return specLabels(containerSettings(container), recordedDeclarations(pod, container));
}

/**
 * All other labels of podpose, empty. A container inherits the labels of its image unless they are overridden:
 * otherwise, an image could forge podpose's labels.
 */
function otherLabels(
  ...labels: readonly Readonly<Record<string, string>>[]
): Readonly<Record<string, string>> {
  const given = new Set(labels.flatMap((some) => Object.keys(some)));
  return Object.fromEntries(
    Object.values(LABEL)
      .filter((name) => !given.has(name))
      .map((name) => [name, '']),
  );
}

/** All of podpose's labels; those not given are empty. The last labels are the longest. */
export function ownLabels(...labels: readonly Readonly<Record<string, string>>[]): readonly Setting[] {
  return [...labels.slice(0, -1), otherLabels(...labels), ...labels.slice(-1)].map(labelSetting);
}
