import { success, type Result } from '../base/result.ts';
import type { DesiredPod, DnsConfig } from '../kube/spec/desired.ts';
import { parseResolvConf } from '../kube/spec/dns.ts';
import { parseImageReference } from '../kube/spec/image-reference.ts';
import { mentionedImages } from '../manifest/mentioned-images.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { decodeLeniently } from '../manifest/lenient-text.ts';
import { namesOfImages } from '../plan/decide/images.ts';
import { servicePodsOf } from '../plan/decide/services.ts';
import type { KnownState, Need } from '../plan/needs.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { askPodDns } from '../podman/inspect/default-dns.ts';
import { askLimitCapability } from '../podman/inspect/limits.ts';
import {
  observeImages,
  observeNetworks,
  observePods,
  observeSecrets,
  observeVolumes,
} from '../podman/inspect/observe.ts';
import { askServedNow } from '../podman/inspect/served-now.ts';
import type { ServedNow } from '../podman/inspect/observed.ts';
import { askUpdateCapability } from '../podman/inspect/updates.ts';
import { capabilitiesOf } from '../podman/inspect/version.ts';
import { findCrashLoops } from './crash-loops.ts';
import { findNotReady } from './not-ready.ts';
import type { Engine } from './engine.ts';

/*
 * All queries before planning. The planner names its needs: one query takes about as long as the rest of podpose.
 */

/** Queries started while the manifests are parsed: both take about as long. */
export interface Prefetched {
  readonly containersAndPods: Promise<Result<ContainersAndPods>>;
  /** Names of the queried images. */
  readonly imageNames: ReadonlySet<string>;
  readonly images: Promise<Result<KnownState['images']>>;
  /** Asked only if the project has a Service. */
  readonly servedNow: Promise<Result<ServedNow>>;
}

/** @param sources searched for image names without parsing */
export function prefetch(
  podman: PodmanClient,
  sources: readonly ManifestSource[],
  project: string,
): Prefetched {
  const mentioned = sources.flatMap(({ text }) => mentionedImages(decodeLeniently(text)));
  const imageNames = [...new Set(mentioned.filter((name) => parseImageReference(name) !== undefined))].sort();
  const containersAndPods = observePods(podman);
  return {
    containersAndPods,
    servedNow: containersAndPods.then((found) =>
      found.ok && servicePodsOf(project, found.value).length > 0
        ? askServedNow(podman, ofProject(project, found.value))
        : success({ rules: new Map(), addresses: new Map() }),
    ),
    imageNames: new Set(imageNames),
    images: observeImages(podman, imageNames),
  };
}

function ofProject(project: string, { pods }: ContainersAndPods): ContainersAndPods['pods'] {
  return pods.filter(({ owner, service }) => [owner, service].some((one) => one?.project === project));
}

/** Queries podman for the needs of the planner, in parallel. */
export async function observe(
  engine: Pick<Engine, 'podman' | 'version' | 'platform'>,
  needs: ReadonlySet<Need>,
  pods: readonly DesiredPod[],
  prefetched: Prefetched,
): Promise<Result<Partial<KnownState>>> {
  const { podman, version, platform } = engine;
  const questions: Readonly<Record<Need, () => Promise<Result<Partial<KnownState>>>>> = {
    images: () => as('images', imagesOf(podman, pods, prefetched)),
    volumes: () => as('volumes', observeVolumes(podman)),
    networks: () => as('networks', observeNetworks(podman)),
    secrets: () => as('secrets', observeSecrets(podman)),
    'update-capability': () => as('updating', askUpdateCapability(podman)),
    'limit-capability': async () => success({ limiting: await askLimitCapability(podman) }),
    'machine-dns': async () =>
      success({ machineDns: await readResolvConf(platform), networkDnsFails: isWithoutSession(platform) }),
    'pod-dns': () => as('podDns', askPodDns(podman)),
    'crash-loops': async () => {
      const found = await prefetched.containersAndPods;
      return found.ok ? as('crashLoops', findCrashLoops(engine, pods, found.value)) : found;
    },
    'not-ready': async () => {
      const found = await prefetched.containersAndPods;
      return found.ok ? success({ notReady: await findNotReady(engine, pods, found.value) }) : found;
    },
    'served-now': () => as('servedNow', prefetched.servedNow),
    'version-traits': async () => {
      const answer = await version();
      if (!answer.ok) return answer;
      const { hostsFile, fixedBridgeAddress } = capabilitiesOf(answer.value);
      return success({ machineHosts: !hostsFile, bridgeAddressChanges: !fixedBridgeAddress });
    },
  };
  const answers = await Promise.all([...needs].map((need) => questions[need]()));
  const failed = answers.find(({ ok }) => !ok);
  if (failed !== undefined) return failed;
  return success(
    Object.assign({}, ...answers.map((answer) => (answer.ok ? answer.value : {}))) as KnownState,
  );
}

/** In bytes. A resolver reads a few lines. */
const LONGEST_RESOLV_CONF = 65_536;

/** A machine without the file has no name servers (resolv.conf(5)): its pods have no search domains of it. */
async function readResolvConf({ files }: Pick<Engine['platform'], 'files'>): Promise<DnsConfig> {
  try {
    return parseResolvConf(decodeLeniently(await files.read('/etc/resolv.conf', LONGEST_RESOLV_CONF)));
  } catch {
    return parseResolvConf('');
  }
}

/** Whether systemd runs, but no systemd of this user (sd_booted(3), sd_bus_open_user in systemd's bus-util.c). */
function isWithoutSession({ files, env }: Pick<Engine['platform'], 'files' | 'env'>): boolean {
  const { XDG_RUNTIME_DIR: directory = '' } = env;
  const isBooted = files.typeOf('/run/systemd/system') === 'directory';
  return isBooted && directory !== '' && files.typeOf(`${directory}/systemd/private`) === 'absent';
}

async function as<K extends keyof KnownState>(
  member: K,
  answer: Promise<Result<KnownState[K]>>,
): Promise<Result<Partial<KnownState>>> {
  const result = await answer;
  return result.ok ? success({ [member]: result.value }) : result;
}

function imagesOf(
  podman: PodmanClient,
  pods: readonly DesiredPod[],
  prefetched: Prefetched,
): Promise<Result<KnownState['images']>> {
  const names = namesOfImages(pods);
  return names.every((name) => prefetched.imageNames.has(name))
    ? prefetched.images
    : observeImages(podman, names);
}
