import { argumentBytes, LONGEST_ARGUMENT } from '../base/argument-limits.ts';
import { digest } from '../base/digest.ts';
import { isObject } from '../base/json-members.ts';
import { failure, success, type Result } from '../base/result.ts';
import { stableJson } from '../base/stable-json.ts';
import type { Settings } from '../kube/spec/settings.ts';
import type { PodVolumeSource } from '../kube/spec/desired.ts';

/**
 * The labels that podpose writes. They are its whole memory: what runs is recognised, compared and removed
 * by them, whatever else was lost.
 */
export const LABEL = {
  project: 'podpose.project',
  pod: 'podpose.pod',
  container: 'podpose.container',
  /** The name of a volume in its pod; of a claim's volume, the name of the claim. */
  volume: 'podpose.volume',
  role: 'podpose.role',
  format: 'podpose.format',
  /** The fingerprint of the init containers that ran before this container was made. */
  initChain: 'podpose.init-chain',
  /** All containers of a pod in the order of the manifest; of a container, where the list has changed since the pod was made. */
  containers: 'podpose.containers',
  spec: 'podpose.spec',
  /** On a note: the id of the container that it is about. One that is made anew has another, and its own labels. */
  recordOf: 'podpose.note-on',
  /** What the volumes of a pod that are made of files hold: of a pod, when it was made; of a note on it, since then. */
  files: 'podpose.files',
} as const;

/** On a container: the id of the image that it mounts as this volume. podman tells of it for the main image only. */
export function volumeImageLabel(volume: string): string {
  return `podpose.volume-image.${volume}`;
}

/**
 * The role of a thing in its pod. The infra container carries the labels of its pod. A note is a container that is
 * never started: its labels say what another one has been updated to, whose own labels cannot be changed.
 */
export type Role = 'pod' | 'init' | 'container' | PodVolumeRole | 'note' | 'secret';

/** A volume that goes with its pod has the type of its source for a role. */
type PodVolumeRole = PodVolumeSource['type'];

const ROLES: Readonly<Record<Role, 'volume' | 'other'>> = {
  pod: 'other',
  init: 'other',
  container: 'other',
  note: 'other',
  // Of a volume, and of a secret of podman's own, which is in no list of volumes.
  secret: 'volume',
  configMap: 'volume',
  projected: 'volume',
  downwardAPI: 'volume',
  emptyDir: 'volume',
  ephemeral: 'volume',
};

/** Whether it is the role of a volume that goes with its pod. */
export function isPodVolumeRole(role: string): role is PodVolumeRole {
  return isRole(role) && ROLES[role] === 'volume';
}

/**
 * The version of what `podpose.spec` holds. It is raised only when an older podpose would misread a newer
 * label; a new field whose absence means its default needs no new version.
 */
export const FORMAT = 1;

/** Texts longer than this many characters are remembered by their digest: one argument has 128 KiB at most. */
const LONGEST_TEXT = 4096;

/** What podpose knows of a pod, container or volume from its labels alone. */
export interface Ownership {
  readonly project: string;
  readonly pod: string;
  readonly role: Role;
  /** The name of the container or volume inside the pod; absent for the pod itself. */
  readonly name?: string;
}

/** The settings that something was made from, as one line of JSON with sorted keys. */
export function encodeSpec(settings: unknown): string {
  return stableJson(digestLongTexts(settings));
}

/** What a memory too long for an argument is without: texts of this length, and then lists and maps of texts. */
const LONGEST_TEXT_OF_MANY = 256;
const LISTS_OF_TEXTS = [['env'], ['command'], ['args'], ['metadata', 'annotations']] as const;

/**
 * The same settings with every overlong text replaced by its digest, as they would be read back from a label. Where many
 * texts are too long together for the argument that a label is, so are shorter ones, or whole lists.
 */
export function digestLongTexts(settings: unknown): unknown {
  const usual = withoutTexts(settings, LONGEST_TEXT);
  if (fitsLabel(usual)) return usual;
  const shorter = withoutTexts(settings, LONGEST_TEXT_OF_MANY);
  if (fitsLabel(shorter)) return shorter;
  return LISTS_OF_TEXTS.reduce<unknown>(withoutList, shorter);
}

function fitsLabel(settings: unknown): boolean {
  return argumentBytes(`${LABEL.spec}=${stableJson(settings)}`) <= LONGEST_ARGUMENT;
}

function withoutTexts(value: unknown, longest: number): unknown {
  if (typeof value === 'string') return value.length > longest ? digested(value) : value;
  if (Array.isArray(value)) return value.map((member) => withoutTexts(member, longest));
  return mapMembers(value, (member) => withoutTexts(member, longest));
}

function withoutList(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return digested(stableJson(value));
  return mapMembers(value, (member, key) => (key === first ? withoutList(member, rest) : member));
}

function mapMembers(value: unknown, change: (member: unknown, key: string) => unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member, key)]));
}

function digested(text: string): string {
  return `(${text.length} characters, ${digest(text)})`;
}

export type UnreadableSpec = 'missing' | 'malformed' | 'newer';

/** Reads a remembered spec back. A label that is gone, edited or from a newer podpose is said, never guessed at. */
export function decodeSpec(labels: Readonly<Record<string, string>>): Result<Settings, UnreadableSpec> {
  const text = labels[LABEL.spec];
  const format = labels[LABEL.format];
  if (text === undefined || format === undefined) return failure('missing');
  if (!/^\d+$/.test(format)) return failure('malformed');
  if (Number(format) > FORMAT) return failure('newer');
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? success(value as Settings) : failure('malformed');
  } catch {
    return failure('malformed');
  }
}

/** Without podpose's own that have no value: these are there only in place of those of the image. */
export function givenLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => value !== '' || !name.startsWith('podpose.')),
  );
}

/** Who owns something, or undefined when podpose did not make it. */
export function decodeOwnership(labels: Readonly<Record<string, string>>): Ownership | undefined {
  const project = labels[LABEL.project];
  const pod = labels[LABEL.pod];
  const role = labels[LABEL.role];
  if (project === undefined || pod === undefined || !isRole(role)) return undefined;
  const name = labels[LABEL.container] ?? labels[LABEL.volume];
  return { project, pod, role, ...(name === undefined ? {} : { name }) };
}

/** The role of the volume of a claim, which is of a project and of no pod. */
export const CLAIM_ROLE = 'claim';

/** What podpose knows of the volume of a claim from its labels alone. */
export interface ClaimOwnership {
  readonly project: string;
  readonly claimName: string;
}

/** Whose claim a volume was made for, or undefined for every other volume. */
export function decodeClaimOwnership(labels: Readonly<Record<string, string>>): ClaimOwnership | undefined {
  const project = labels[LABEL.project];
  const claimName = labels[LABEL.volume];
  if (project === undefined || claimName === undefined || labels[LABEL.role] !== CLAIM_ROLE) return undefined;
  return { project, claimName };
}

function isRole(text: string | undefined): text is Role {
  return text !== undefined && Object.hasOwn(ROLES, text);
}
