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
    ...(name === undefined ? {} : { [nameLabel]: name }),
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
