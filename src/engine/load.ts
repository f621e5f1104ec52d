import { success } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import type { LoadedPods, LoadSettings } from './check-sources.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { readManifestFiles, type ManifestInputs } from './manifest-files.ts';

export interface LoadOptions extends LoadSettings, ManifestInputs {}

/**
 * Reads, parses and validates manifests. Fails only if a file cannot be read: other errors are in
 * `diagnostics`.
 */
export async function load(
  engine: Pick<Engine, 'platform' | 'host'>,
  options: LoadOptions,
): Promise<EngineResult<LoadedPods>> {
  const sources = await readManifestFiles(engine.platform, options);
  return sources.ok ? success(await check(engine, sources.value, options)) : failed('usage', sources.error);
}

/**
 * Parses and validates manifests. Loads the parser on demand: it is most of podpose.
 * @param onRead awaited between the two
 */
export async function check(
  { platform, host }: Pick<Engine, 'platform' | 'host'>,
  sources: readonly ManifestSource[],
  settings: LoadSettings,
  onRead?: () => Promise<void>,
): Promise<LoadedPods> {
  const { readManifests, checkRead } = await import('./check-sources.ts');
  platform.prepareForInput(sources.reduce((sum, { text }) => sum + text.length, 0));
  const read = readManifests(sources);
  await onRead?.();
  const loaded = checkRead(platform, sources, read, settings);
  host.hideSecrets(loaded.keeper.redact);
  return loaded;
}
