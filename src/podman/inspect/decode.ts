import { defined } from '../../base/defined.ts';
import { isObject } from '../../base/json-members.ts';
import type { ClaimVolumeOptions } from '../../kube/spec/desired-volume.ts';
import {
  isOwnerOption,
  mountOption,
  LOCAL_DRIVER,
  mountOptionsOf,
  parseId,
} from '../../kube/storage/volume-annotations.ts';
import {
  decodeAdoption,
  decodeClaimOwnership,
  decodeNetworkOwner,
  decodeOwnership,
  givenLabels,
  LABEL,
  type Ownership,
} from '../labels.ts';
import { containerExitCode } from '../exit-code.ts';
import { adoptionRecordName } from '../../kube/storage/claim-volume.ts';
import { isNameOf } from '../names.ts';
import { decodeServiceOwnership } from '../service-record.ts';
import type {
  ContainerState,
  Labels,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedPod,
  ObservedVolume,
} from './observed.ts';
import { withWatchedLabels } from './watched-label.ts';

/**
 * Decoders for podman's JSON output. They read only the members that podpose uses: other members were added, removed
 * and changed their type between podman 4.3 and 6.
 */
type JsonObject = Readonly<Record<string, unknown>>;

/** The objects of a list; none if podman printed `null`, nothing, or no list. */
export function parseList(text: string): readonly JsonObject[] {
  const value: unknown = text.trim() === '' ? [] : JSON.parse(text);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The objects of a text with one JSON object per line. */
export function parseLines(lines: string): readonly JsonObject[] {
  return parseList(`[${lines.trim().split('\n').join(',')}]`);
}

export interface ContainersAndPods {
  readonly pods: readonly ObservedPod[];
  readonly containers: readonly ObservedContainer[];
}

/**
 * Decodes `podman ps --all --pod --format json`. It also shows the pods: each has an infra container with the pod's
 * labels, whose state tells whether containers of the pod can run. The pod state itself does not: a pod with a
 * completed init container stays `Degraded`.
 */
export function decodeContainersAndPods(ps: string): ContainersAndPods {
  const rows = parseList(ps);
  const byPod = new Map<string, JsonObject[]>();
  for (const row of rows) {
    const pod = text(row['Pod']);
    if (pod !== '') byPod.set(pod, [...(byPod.get(pod) ?? []), row]);
  }
  const pods = [...byPod].map(([id, members]) => decodePod(id, members));
  const owners = new Map(pods.map(({ name, owner }) => [name, owner]));
  return {
    pods,
    containers: withWatchedLabels(
      rows.filter((row) => row['IsInfra'] !== true).map((row) => decodeContainer(row, owners)),
    ),
  };
}

type Owners = ReadonlyMap<string, Ownership | undefined>;

function decodePod(id: string, members: readonly JsonObject[]): ObservedPod {
  const infra = members.find((row) => row['IsInfra'] === true);
  const labels = decodeLabels(infra?.['Labels']);
  const name = text(members[0]?.['PodName']);
  const owner = decodeOwnership(labels);
  return {
    id,
    name,
    labels,
    ...(owner?.role === 'pod' && owner.pod === name ? { owner } : {}),
    ...(owner?.role === 'service' && owner.pod === name ? serviceIn(owner, labels, members) : {}),
    infra: infra === undefined ? 'absent' : containerState(infra['State']),
    infraStartedAt: time(infra?.['StartedAt']),
    ...networksOf(infra),
    ...(infra === undefined
      ? {}
      : {
          ...{ infraId: text(infra['Id']), createdAt: time(infra['Created']) },
          infraExitedAt: time(infra['ExitedAt']),
          ...(number(infra['Pid']) > 0 ? { infraPid: number(infra['Pid']) } : {}),
        }),
  };
}

/** What the record container of a Service has, if it was updated, is newer than the labels of its pod. */
function serviceIn(
  owner: Ownership,
  labels: Labels,
  members: readonly JsonObject[],
): Pick<ObservedPod, 'service'> {
  const record = members.find(
    (row) => row['IsInfra'] !== true && decodeLabels(row['Labels'])[LABEL.role] === 'service',
  );
  const service = decodeServiceOwnership(
    owner,
    record === undefined ? labels : decodeLabels(record['Labels']),
  );
  if (service === undefined) return {};
  return { service: record === undefined ? service : { ...service, recordedIn: firstText(record['Names']) } };
}

function decodeContainer(row: JsonObject, owners: Owners): ObservedContainer {
  const labels = decodeLabels(row['Labels']);
  const podName = text(row['PodName']);
  const name = firstText(row['Names']);
  const owner = decodeOwnership(labels);
  return {
    id: text(row['Id']),
    name,
    labels,
    ...(owner !== undefined && isOwn(name, podName, owner, owners) ? { owner } : {}),
    ...(podName === '' ? networksOf(row) : { podName }),
    state: containerState(row['State']),
    exitCode: containerExitCode(number(row['ExitCode'])),
    startedAt: time(row['StartedAt']),
    createdAt: time(row['Created']),
    exitedAt: time(row['ExitedAt']),
    image: text(row['Image']),
    imageId: text(row['ImageID']),
    ...(typeof row['Restarts'] === 'number' ? { restarts: row['Restarts'] } : {}),
    ...(number(row['Pid']) > 0 ? { pid: number(row['Pid']) } : {}),
  };
}

/**
 * Whether podpose created a container with its labels. An image can have such labels, too, and passes them to its
 * containers. Proof is the pod: the pod of the labels, whatever its current name, or a container name that podpose
 * gives.
 */
function isOwn(name: string, podName: string, owner: Ownership, owners: Owners): boolean {
  const pod = owners.get(podName);
  const isInside = podName === owner.pod && pod?.project === owner.project;
  return isInside || isNameOf(name, owner);
}

function networksOf(row: JsonObject | undefined): Pick<ObservedPod, 'networks'> {
  const value = row?.['Networks'];
  const networks = Array.isArray(value) ? value.map(text).filter((name) => name !== '') : [];
  return networks.length === 0 ? {} : { networks };
}

/** Decodes `podman network ls --format json`. */
export function decodeNetworks(networkLs: string): readonly ObservedNetwork[] {
  return parseList(networkLs).map((row) => {
    const project = decodeNetworkOwner(decodeLabels(row['labels']));
    return { name: text(row['name']), ...defined({ project }), resolvesNames: row['dns_enabled'] === true };
  });
}

/** Decodes `podman volume ls --format json`. */
export function decodeVolumes(volumeLs: string): readonly ObservedVolume[] {
  const volumes = parseList(volumeLs).map(decodeVolume);
  const records = new Map(volumes.map((volume) => [volume.name, volume]));
  return volumes.map((volume) => withAdoption(volume, records.get(adoptionRecordName(volume.name))));
}

function decodeVolume(row: JsonObject): ObservedVolume {
  const labels = decodeLabels(row['Labels']);
  const [claim, adoption] = [decodeClaimOwnership(labels), decodeAdoption(labels)];
  const createdAt = time(row['CreatedAt']);
  return {
    name: text(row['Name']),
    labels,
    ...ownerOf(labels),
    ...defined({ claim, adoption }),
    createdAt: createdAt === 0 ? '' : new Date(createdAt * 1000).toISOString(),
    options: decodeVolumeOptions(row),
    mountCount: number(row['MountCount']),
  };
}

/** @param record the record volume of this name, if there is one */
function withAdoption(volume: ObservedVolume, record: ObservedVolume | undefined): ObservedVolume {
  const { adoption, name } = record ?? {};
  const isAdopted = volume.claim === undefined && volume.owner === undefined && volume.createdAt !== '';
  if (!isAdopted || adoption === undefined || name === undefined || adoption.createdAt !== volume.createdAt)
    return volume;
  const { project, claimName } = adoption;
  return { ...volume, claim: { project, claimName }, record: name };
}

/** podman shows an owner among the options, or, for `podman volume create --uid`, beside them. */
function decodeVolumeOptions(row: JsonObject): ClaimVolumeOptions {
  const driver = text(row['Driver']);
  const given = isObject(row['Options']) ? row['Options'] : {};
  const option = (name: string) => text(given[name]) || undefined;
  const all = mountOptionsOf(option('o') ?? '');
  const id = (name: 'UID' | 'GID') =>
    parseId(option(name) ?? mountOption(all, name.toLowerCase())) ??
    (typeof row[name] === 'number' ? row[name] : undefined);
  const mountOptions = all.filter((one) => !isOwnerOption(one));
  return defined({
    driver: driver === '' || driver === LOCAL_DRIVER ? undefined : driver,
    type: option('type'),
    device: option('device'),
    mountOptions: mountOptions.length === 0 ? undefined : mountOptions,
    uid: id('UID'),
    gid: id('GID'),
    image: option('image'),
  });
}

/**
 * Decodes image details, one line of JSON for each image. An image queried by two names appears twice.
 * @param asked the queried names, one for each line; they are added to the names of the image
 */
export function decodeImages(lines: string, asked: readonly string[] = []): readonly ObservedImage[] {
  const byId = new Map<string, ObservedImage>();
  for (const [index, row] of parseLines(lines).entries()) {
    const id = text(row['Id']);
    const names = [
      ...(byId.get(id)?.names ?? []),
      ...texts(row['RepoTags']),
      ...texts(row['RepoDigests']),
      ...asked.slice(index, index + 1),
    ];
    byId.set(id, { id, names: [...new Set(names)] });
  }
  return [...byId.values()];
}

function ownerOf(labels: Labels): Pick<ObservedPod, 'owner'> {
  const owner = decodeOwnership(labels);
  return defined({ owner });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((member) => typeof member === 'string') : [];
}

function firstText(value: unknown): string {
  return typeof value === 'string' ? value : (texts(value)[0] ?? '');
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** Seconds since 1970. podman prints those or RFC 3339, and the year 1 for "never". */
function time(value: unknown): number {
  const seconds = typeof value === 'string' ? Date.parse(value) / 1000 : number(value);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

function decodeLabels(value: unknown): Labels {
  if (!isObject(value)) return {};
  if (isLabels(value)) return givenLabels(value);
  return givenLabels(
    Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  );
}

function isLabels(value: JsonObject): value is Labels {
  for (const name in value) if (typeof value[name] !== 'string') return false;
  return true;
}

const STATES: readonly ContainerState[] = [
  'configured',
  'created',
  'initialized',
  'running',
  'paused',
  'stopping',
  'stopped',
  'exited',
  'removing',
];

function containerState(value: unknown): ContainerState {
  return STATES.find((state) => state === value) ?? 'unknown';
}
