import type { Json } from '../base/stable-json.ts';
import type { DesiredPod } from '../pod/desired.ts';
import { podFileMemory, type PodFileMemory } from '../pod/file-memory.ts';
import { containerSettings, podSettings, type Settings } from '../pod/settings.ts';
import { decodeSpec, shorten } from '../podman/labels.ts';
import type { Labels, ObservedContainer, ObservedState } from '../podman/observed.ts';
import { rememberedFiles } from './file-volumes.ts';
import { findContainers } from './found-containers.ts';

/** A pod as a Kubernetes object would show it, without what is as it is by default. */
export type PodSpecDocument = Readonly<Record<string, Json>>;

/** What the manifest asks for. */
export function desiredSpec(pod: DesiredPod): PodSpecDocument {
  const entry = (container: DesiredPod['containers'][number]): Settings => ({
    name: container.name,
    ...asRemembered(containerSettings(container)),
  });
  return podDocument(
    pod.name,
    asRemembered(podSettings(pod)),
    podFileMemory(pod),
    pod.initContainers.map(entry),
    pod.containers.map(entry),
  );
}

/**
 * What the running pod was made from, as its labels remember it; undefined where there is no such pod. Its
 * containers are in the order of the manifest, and behind them those that the manifest does not have.
 */
export function liveSpec(pod: DesiredPod, observed: ObservedState): PodSpecDocument | undefined {
  const live = observed.pods.find(({ name }) => name === pod.name);
  if (live === undefined) return undefined;
  const { byName } = findContainers(pod, observed);
  const entries = (role: 'init' | 'container', wanted: readonly { readonly name: string }[]) => {
    const own = [...byName.values()].filter(({ owner }) => owner?.role === role);
    const rank = (container: ObservedContainer) => {
      const index = wanted.findIndex(({ name }) => name === container.owner?.name);
      return index < 0 ? wanted.length : index;
    };
    return own
      .sort((a, b) => rank(a) - rank(b))
      .map((container): Settings => ({ name: container.owner?.name ?? '', ...remembered(container.labels) }));
  };
  return podDocument(
    pod.name,
    remembered(live.labels),
    rememberedFiles(pod, live, observed),
    entries('init', pod.initContainers),
    entries('container', pod.containers),
  );
}

function podDocument(
  name: string,
  settings: Settings,
  files: PodFileMemory,
  initContainers: readonly Settings[],
  containers: readonly Settings[],
): PodSpecDocument {
  const { metadata, spec } = settings as { readonly metadata?: Settings; readonly spec?: Settings };
  // Of the volumes, what containers do not remember themselves: the files of those that are made of files.
  const volumes = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([volume, held]): Settings => ({ name: volume, files: held }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: {
      ...spec,
      ...(volumes.length === 0 ? {} : { volumes }),
      ...(initContainers.length === 0 ? {} : { initContainers }),
      containers,
    },
  };
}

function asRemembered(settings: Settings): Settings {
  return shorten(settings) as Settings;
}

function remembered(labels: Labels): Settings {
  const spec = decodeSpec(labels);
  return spec.ok ? (spec.value as Settings) : {};
}
