import { success, type Result } from '../base/result.ts';
import { mentionedImages } from '../manifest/mentioned-images.ts';
import { roughText } from '../manifest/rough-text.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { namesOfImages } from '../plan/decide/images.ts';
import { needsUpdateCapability } from '../plan/decide/in-place.ts';
import { mayHaveSecrets } from '../plan/decide/secrets.ts';
import { parseImageReference } from '../kube/spec/image-reference.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { askDefaultDns } from '../podman/inspect/default-dns.ts';
import { askLimitCapability } from '../podman/inspect/limits.ts';
import { observeImages, observePods, observeSecrets, observeVolumes } from '../podman/inspect/observe.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { capabilitiesOf } from '../podman/inspect/version.ts';
import { askUpdateCapability } from '../podman/inspect/updates.ts';
import type { LoadedPods } from './check-sources.ts';
import type { Session } from '../cli/session.ts';

/*
 * What podman is asked before anything is planned, in the order in which it gets to matter: what nothing hangs on is
 * not asked, for every question costs about as much as all that podpose itself does.
 */

/**
 * Whether podman can update a container as it runs is asked only where that is all it takes, and what it has of secrets
 * only where there may be some.
 */
export async function lookCloser<T extends Pick<ObservedState, 'containers'>>(
  session: Session,
  { pods }: LoadedPods,
  observed: T,
): Promise<Result<T & Pick<ObservedState, 'updating' | 'secrets'>>> {
  const desired = pods.map(({ pod }) => pod);
  const { run } = session;
  const [updating, secrets] = await Promise.all([
    needsUpdateCapability(desired, observed) ? askUpdateCapability(run, session.podman) : undefined,
    mayHaveSecrets(desired, observed.containers) ? observeSecrets(run, session.podman) : undefined,
  ]);
  if (updating?.ok === false) return updating;
  if (secrets?.ok === false) return secrets;
  return success({
    ...observed,
    ...(updating === undefined ? {} : { updating: updating.value }),
    ...(secrets === undefined ? {} : { secrets: secrets.value }),
  });
}

/** What is of no concern where nothing has to be done: what podman has of volumes, and its DNS settings. */
type Stores = Pick<ObservedState, 'volumes' | 'defaultDns'>;
type Seen = Omit<ObservedState, keyof Stores>;

/** What podman is asked before the files have been read, which takes about as long as its answer. */
export interface Glance {
  readonly containersAndPods: Promise<Result<ContainersAndPods>>;
  /** The names of the images that were asked for. */
  readonly imageNames: ReadonlySet<string>;
  readonly images: Promise<Result<ObservedState['images']>>;
}

/** @param sources in which images are mentioned, as far as that can be seen from afar */
export function glance({ run, podman }: Session, sources: readonly ManifestSource[]): Glance {
  const mentioned = sources.flatMap(({ text }) => mentionedImages(roughText(text)));
  const imageNames = [...new Set(mentioned.filter((name) => parseImageReference(name) !== undefined))].sort();
  return {
    containersAndPods: observePods(run, podman),
    imageNames: new Set(imageNames),
    images: observeImages(run, podman, imageNames),
  };
}

/**
 * Looks for the images while podman still lists its containers. Where a pod is missing, and so something has to be
 * done, also at what this takes.
 */
export async function lookAround(
  session: Session,
  loaded: LoadedPods,
  ahead: Glance = glance(session, []),
  askAhead?: Session['version'],
): Promise<Result<Seen | (Seen & Stores)>> {
  const desired = loaded.pods.map(({ pod }) => pod);
  const names = namesOfImages(desired);
  const finding = names.every((name) => ahead.imageNames.has(name))
    ? ahead.images
    : observeImages(session.run, session.podman, names);
  const seen = await ahead.containersAndPods;
  if (!seen.ok) return seen;
  const isThere = (name: string) => seen.value.pods.some((pod) => pod.name === name);
  const stores = desired.every(({ name }) => isThere(name))
    ? undefined
    : await lookAtStores(session, loaded, askAhead);
  const images = await finding;
  if (!images.ok) return images;
  if (stores?.ok === false) return stores;
  return success({ ...seen.value, ...stores?.value, images: images.value });
}

/** @param askAhead asks at the same time what will be wanted when the plan is carried out */
async function lookAtStores(
  { run, podman }: Session,
  { pods }: LoadedPods,
  askAhead?: Session['version'],
): Promise<Result<Stores>> {
  void askAhead?.();
  const desired = pods.map(({ pod }) => pod);
  const [volumes, defaultDns] = await Promise.all([
    observeVolumes(run, podman),
    askDefaultDns(run, podman, desired),
  ]);
  if (!volumes.ok) return volumes;
  return defaultDns.ok ? success({ volumes: volumes.value, defaultDns: defaultDns.value }) : defaultDns;
}

/** All that has not been seen yet, and what podman can limit. */
export async function lookFurther(
  session: Session,
  loaded: LoadedPods,
  observed: Seen | (Seen & Stores),
  asksForLimits: boolean,
  askAhead?: Session['version'],
): Promise<Result<ObservedState>> {
  const [version, stores, limiting] = await Promise.all([
    session.version(),
    'volumes' in observed ? success(observed) : lookAtStores(session, loaded, askAhead),
    asksForLimits ? askLimitCapability(session.run, session.podman) : undefined,
  ]);
  if (!version.ok) return version;
  if (!stores.ok) return stores;
  return success({
    ...observed,
    ...stores.value,
    machineHosts: !capabilitiesOf(version.value).hostsFile,
    ...(limiting === undefined ? {} : { limiting }),
  });
}
