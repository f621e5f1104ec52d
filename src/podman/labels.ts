import { defined } from '../base/defined.ts';
import { argumentBytes, LONGEST_ARGUMENT } from '../base/argument-limits.ts';
import { digest } from '../base/digest.ts';
import { isObject, type JsonObject } from '../base/json-members.ts';
import { failure, success, type Result } from '../base/result.ts';
import { stableJson, type Json } from '../base/stable-json.ts';
import { LONGEST_RECORDED_TEXT } from '../kube/spec/declared.ts';
import { LIFECYCLE_SETTINGS } from '../kube/spec/recorded-lifecycle.ts';
import type { Settings } from '../kube/spec/settings.ts';
import type { PodVolumeSource } from '../kube/spec/desired-volume.ts';

/** The labels that podpose writes. They are its only state: it recognises, compares and removes objects by them. */
export const LABEL = {
  project: 'podpose.project',
  pod: 'podpose.pod',
  container: 'podpose.container',
  /** The name of a volume in its pod, or the name of a PersistentVolumeClaim. */
  volume: 'podpose.volume',
  role: 'podpose.role',
  format: 'podpose.format',
  /** The fingerprint of the init containers that ran before this container was created. */
  initChain: 'podpose.init-chain',
  /**
   * All containers of a pod in the order of the manifest. On a pod: at its creation. On a record container, and on a
   * container that an older version has created: since then.
   */
  containers: 'podpose.containers',
  spec: 'podpose.spec',
  /**
   * On a record container: the ID of the container it describes. A recreated container has another ID and its own
   * labels. On a record volume: the time at which the adopted volume was created, as volumes have no ID.
   */
  recordOf: 'podpose.note-on',
  /** On a pod: the network that it was created on. Empty with hostNetwork; absent on a pod of podpose 0.2. */
  network: 'podpose.network',
  /** The contents of a pod's file volumes. On a pod: at its creation. On a record container: since then. */
  files: 'podpose.files',
} as const;

/**
 * On a container that podpose's watcher restarts: `true`. On a record container: `true` or `false`, since the update. It only serves to show the status: the watcher itself goes by
 * podman's restart policy, which no image can forge.
 */
export const WATCHED_LABEL = 'podpose.watched';

export function isLabelledWatched(labels: Readonly<Record<string, string>>): boolean {
  return labels[WATCHED_LABEL] === 'true';
}
/**
 * On a record container: what the watcher knows of the container, and podman does not keep. On an init container that is a
 * retry: what is known of those that it has replaced.
 */
export const WATCHER_RECORD_LABEL = 'podpose.watcher';

/** On a record container: the start of the run that podpose stopped, in seconds since 1970. */
export const STOPPED_RUN_LABEL = 'podpose.stopped-run';

/** On a pod: the workload whose template it has, such as `deploy/web`. */
export const OWNER_LABEL = 'podpose.owner';

/** The workload of a pod, from its labels; undefined for a bare pod. */
export function decodeOwner(labels: Readonly<Record<string, string>>): string | undefined {
  const owner = labels[OWNER_LABEL];
  return owner === '' ? undefined : owner;
}

/** Whether a pod is one of a Job. @param owner the workload of the pod, such as `job/report` */
export function isOfJob({ owner }: { readonly owner?: string | undefined }): boolean {
  return owner?.startsWith('job/') === true;
}

/** On the podman pod of a Service, and on its record container, or that of a headless Service: the Service, and what podpose has chosen for it. */
export const SERVICE_LABEL = 'podpose.service';

/** On the record container of a Job or CronJob: what it asks for besides its template, and its name. */
export const JOB_LABEL = 'podpose.job';

/** On the same: the template of its pods, in parts, as an argument has a limit: `podpose.job-template.0` ... */
export const JOB_TEMPLATE_LABEL = 'podpose.job-template.';

/** On the same: what must outlive pods and watcher, such as the failures of a Job, or the last run of a CronJob. */
export const JOB_STATUS_LABEL = 'podpose.job-status';

/** The role of the record container of a Job or CronJob, which belongs to no pod. */
export const JOB_ROLE = 'job';

/** The role of the record container of a headless Service, which belongs to no pod. */
export const HEADLESS_ROLE = 'headless-service';

/** No label of a manifest begins like this. */
export const LABEL_PREFIX = 'podpose.';

/** On a container: the ID of the image that it mounts as this volume. podman shows the ID of the main image only. */
export function volumeImageLabel(volume: string): string {
  return `podpose.volume-image.${volume}`;
}

/**
 * The role of an object in its pod. The infra container has the labels of its pod. A `note` is a record container,
 * which is never started: its labels store the update of another container, whose own labels cannot be changed.
 */
export type Role = 'pod' | 'init' | 'container' | PodVolumeRole | 'note' | 'secret' | 'service';

/** A volume of a pod has the type of its source as its role. */
type PodVolumeRole = PodVolumeSource['type'];

const ROLES: Readonly<Record<Role, 'volume' | 'other'>> = {
  pod: 'other',
  init: 'other',
  container: 'other',
  note: 'other',
  // The podman pod of a Service, and its record container.
  service: 'other',
  // A podman secret has no entry in the list of volumes, but is owned in the same way.
  secret: 'volume',
  configMap: 'volume',
  projected: 'volume',
  downwardAPI: 'volume',
  emptyDir: 'volume',
  ephemeral: 'volume',
};

/** Whether a role is that of a volume of a pod. */
export function isPodVolumeRole(role: string): role is PodVolumeRole {
  return isRole(role) && ROLES[role] === 'volume';
}

/**
 * The format version of `podpose.spec`. It increases only if an older podpose would misread the label. A new field
 * whose absence means its default needs no new version.
 */
export const FORMAT = 1;

/** The owner of a pod, container or volume, from its labels. */
export interface Ownership {
  readonly project: string;
  readonly pod: string;
  readonly role: Role;
  /** The name of the container or volume in its pod; absent for the pod itself. */
  readonly name?: string;
}

/** The member of the last-applied record that is not a setting: it is never compared. */
const DECLARED = 'declared';

/** In bytes. It comes in addition to the arguments and variables of the container. */
const LONGEST_DECLARED = 32_768;

/**
 * The settings of an object as one line of JSON with sorted keys.
 * @param declared what else is known of its manifest, the best first: the first that is short enough is added
 */
export function encodeSpec(settings: unknown, declared: readonly object[] = []): string {
  const stored = digestLongTexts(settings);
  const best = isObject(stored)
    ? declared
        .filter((one) => argumentBytes(stableJson(one)) <= LONGEST_DECLARED)
        .map((one) => ({ ...stored, [DECLARED]: one }))
        .find(fitsLabel)
    : undefined;
  return stableJson(best ?? stored);
}

/** If a record is still too long for an argument, texts over this length become digests, then whole lists and maps. */
const LONGEST_TEXT_OF_MANY = 256;
const LISTS_OF_TEXTS = [['env'], ['command'], ['args'], ['metadata', 'annotations']] as const;

/** What is carried out as the record has it; validation limits its length. */
const KEPT_WHOLE: ReadonlySet<string> = new Set(LIFECYCLE_SETTINGS);

/**
 * The settings with long texts replaced by their digests, as a label stores them. If the record is still too long for
 * one argument, shorter texts are replaced, too, then whole lists.
 */
export function digestLongTexts(settings: unknown): unknown {
  const withTexts = (longest: number) =>
    isObject(settings)
      ? mapMembers(settings, (member, key) => (KEPT_WHOLE.has(key) ? member : withoutTexts(member, longest)))
      : withoutTexts(settings, longest);
  const usual = withTexts(LONGEST_RECORDED_TEXT);
  if (fitsLabel(usual)) return usual;
  const shorter = withTexts(LONGEST_TEXT_OF_MANY);
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

/** Decodes the settings of the last-applied record. A missing, edited or newer label is reported, never guessed. */
export function decodeSpec(labels: Readonly<Record<string, string>>): Result<Settings, UnreadableSpec> {
  const record = decodeRecord(labels);
  if (!record.ok) return record;
  const { [DECLARED]: _declared, ...settings } = record.value;
  return success(settings);
}

/** Decodes what the last-applied record has besides the settings; undefined for nothing. */
export function decodeDeclared(labels: Readonly<Record<string, string>>): JsonObject | undefined {
  const record = decodeRecord(labels);
  const declared: Json | undefined = record.ok ? record.value[DECLARED] : undefined;
  return isObject(declared) ? declared : undefined;
}

function decodeRecord(labels: Readonly<Record<string, string>>): Result<Settings, UnreadableSpec> {
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

/** Labels without the empty ones of podpose, which only override labels of the image. */
export function givenLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  // Of most objects, it is all labels: a copy of hundreds takes longer than to look for an empty one.
  if (!Object.values(labels).includes('')) return labels;
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) => value !== '' || !name.startsWith(LABEL_PREFIX)),
  );
}

/** The owner of an object; undefined if podpose did not create it. */
export function decodeOwnership(labels: Readonly<Record<string, string>>): Ownership | undefined {
  const project = labels[LABEL.project];
  const pod = labels[LABEL.pod];
  const role = labels[LABEL.role];
  if (project === undefined || pod === undefined || !isRole(role)) return undefined;
  const name = labels[LABEL.container] ?? labels[LABEL.volume];
  return { project, pod, role, ...defined({ name }) };
}

/** The role of the network of a project. */
export const NETWORK_ROLE = 'network';

/** The project of a network that podpose created; undefined for any other network. */
export function decodeNetworkOwner(labels: Readonly<Record<string, string>>): string | undefined {
  return labels[LABEL.role] === NETWORK_ROLE ? labels[LABEL.project] : undefined;
}

/** The role of the volume of a PersistentVolumeClaim, which belongs to a project and to no pod. */
export const CLAIM_ROLE = 'claim';

/**
 * The role of a record volume: an empty volume whose labels store the adoption of another volume, whose own labels cannot
 * be changed. It outlives the pods, as the adopted volume does.
 */
export const CLAIM_RECORD_ROLE = 'claim-note';

/** The owner of a PersistentVolumeClaim's volume, from its labels. */
export interface ClaimOwnership {
  readonly project: string;
  readonly claimName: string;
}

/** The owner of a PersistentVolumeClaim's volume; undefined for any other volume. */
export function decodeClaimOwnership(labels: Readonly<Record<string, string>>): ClaimOwnership | undefined {
  return labels[LABEL.role] === CLAIM_ROLE ? decodeClaim(labels) : undefined;
}

/** The adoption that a record volume stores; undefined for any other volume. */
export function decodeAdoption(labels: Readonly<Record<string, string>>): VolumeAdoption | undefined {
  const createdAt = labels[LABEL.recordOf];
  const claim = decodeClaim(labels);
  if (labels[LABEL.role] !== CLAIM_RECORD_ROLE || createdAt === undefined) return undefined;
  return claim === undefined ? undefined : { ...claim, createdAt };
}

/** An adopted volume: of the PersistentVolumeClaim, and created at that time. */
export interface VolumeAdoption extends ClaimOwnership {
  /** In ISO 8601. A volume that was created anew under the same name is not adopted. */
  readonly createdAt: string;
}

function decodeClaim(labels: Readonly<Record<string, string>>): ClaimOwnership | undefined {
  const project = labels[LABEL.project];
  const claimName = labels[LABEL.volume];
  return project === undefined || claimName === undefined ? undefined : { project, claimName };
}

function isRole(text: string | undefined): text is Role {
  return text !== undefined && Object.hasOwn(ROLES, text);
}
