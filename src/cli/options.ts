import { defined } from '../base/defined.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success, type Result } from '../base/result.ts';
import type { LoadSettings } from '../engine/check-sources.ts';
import { failed, type EngineResult } from '../engine/failure.ts';
import type { ManifestInputs } from '../engine/manifest-files.ts';
import type { PlanOptions } from '../engine/plan-project.ts';
import type { TargetOptions } from '../engine/target.ts';
import { noWatcher, watchSettings, type WatchSettings } from '../engine/watch-settings.ts';
import { podmanEnvironment } from '../podman/client/environment.ts';
import type { CommandContext } from './command.ts';
import { choice, flag, ipAddress, networkName, text, texts } from './parse/option-values.ts';

type Given = Pick<CommandContext, 'values' | 'operands'>;
type GivenHere = Given & Pick<CommandContext, 'platform'>;

/** The manifests of a command that reads them. */
export function manifestInputs({
  values,
  operands,
}: Given): ManifestInputs & Pick<LoadSettings, 'namespace'> {
  return {
    files: [...texts(values, 'file'), ...operands],
    kustomizations: texts(values, 'kustomize'),
    namespace: text(values, 'namespace'),
  };
}

/** Options shared by `plan`, `diff` and `up`. */
export function planOptions({ values, operands, platform }: GivenHere): EngineResult<PlanOptions> {
  const pull = choice(values, 'pull', ['always', 'missing', 'never']);
  const hostIP = ipAddress(values, 'host-ip');
  const network = networkName(values, 'network');
  const mistakes = mistakesIn(pull, hostIP, network);
  if (!pull.ok || !hostIP.ok || !network.ok) return failed('usage', mistakes);
  const infraImage = text(values, 'infra-image');
  return success({
    ...manifestInputs({ values, operands }),
    project: text(values, 'project'),
    hostIP: hostIP.value,
    ingressImage: ingressImageOf({ values, platform }),
    forceRecreate: flag(values, 'force-recreate'),
    removeOrphans: flag(values, 'remove-orphans'),
    adopt: flag(values, 'adopt'),
    watcher: noWatcher(podmanEnvironment(platform.env, text(values, 'connection'))) ?? 'available',
    ...defined({ pull: pull.value, infraImage, network: network.value }),
  });
}

/** The settings of the watcher; undefined if podman restarts the containers. */
export function watcherSettings({
  values,
  platform,
}: Pick<GivenHere, 'values' | 'platform'>): WatchSettings | undefined {
  return watchSettings(podmanEnvironment(platform.env, text(values, 'connection')));
}

/** The image of the proxy: that of the option, or of the environment. */
function ingressImageOf({ values, platform }: Pick<GivenHere, 'values' | 'platform'>): string | undefined {
  const fromEnvironment = platform.env['PODPOSE_INGRESS_IMAGE'];
  return text(values, 'ingress-image') ?? (fromEnvironment === '' ? undefined : fromEnvironment);
}

/** Options shared by `down`, `ps` and `logs`. */
export function targetOptions({ values, operands }: Given): TargetOptions {
  return {
    project: text(values, 'project'),
    files: texts(values, 'file'),
    kustomizations: texts(values, 'kustomize'),
    namespace: text(values, 'namespace'),
    operands,
  };
}

/** Errors of several options. */
export function mistakesIn(...results: readonly Result<unknown>[]): readonly Diagnostic[] {
  return results.flatMap((result) => (result.ok ? [] : result.error));
}

/** Whether the column of namespaces is asked for, or superfluous; neither by default. */
export function namespacesShown(values: CommandContext['values']): { readonly namespaces?: boolean } {
  if (flag(values, 'all-namespaces')) return { namespaces: true };
  return text(values, 'namespace') === undefined ? {} : { namespaces: false };
}
