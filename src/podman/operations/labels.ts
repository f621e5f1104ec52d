import { defined } from '../../base/defined.ts';
import { CLAIM_ROLE, encodeSpec, FORMAT, isPodVolumeRole, LABEL, type Role } from '../labels.ts';

/** `--label NAME=VALUE` for each, in the order given. */
export function labelFlags(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
}

/** The labels by which something made for a pod is found again. */
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

/** The labels by which the volume of a claim is found again. */
export function claimLabels(project: string, claimName: string): Readonly<Record<string, string>> {
  return { [LABEL.project]: project, [LABEL.role]: CLAIM_ROLE, [LABEL.volume]: claimName };
}

/** The labels that hold what something was made from. They are long, and so come last. */
export function specLabels(settings: unknown): Readonly<Record<string, string>> {
  return { [LABEL.format]: FORMAT.toString(), [LABEL.spec]: encodeSpec(settings) };
}

/**
 * All of podpose's labels that are not among these, without a value. A container has the labels of its image, too, unless it
 * is given its own: without them, an image could say what podpose is to believe of the container.
 */
export function otherLabels(
  ...labels: readonly Readonly<Record<string, string>>[]
): Readonly<Record<string, string>> {
  const given = new Set(labels.flatMap((some) => Object.keys(some)));
  return Object.fromEntries(
    Object.values(LABEL)
      .filter((name) => !given.has(name))
      .map((name) => [name, '']),
  );
}

/** `--label NAME=VALUE` for all of podpose's labels, with no value for those that are not given. The last are the longest. */
export function ownLabelFlags(...labels: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return [...labels.slice(0, -1), otherLabels(...labels), ...labels.slice(-1)].flatMap(labelFlags);
}
