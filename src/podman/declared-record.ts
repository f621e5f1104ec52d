import { defined } from '../base/defined.ts';
import { isObject, listOf, type JsonObject } from '../base/json-members.ts';
import type { Json } from '../base/stable-json.ts';
import type { DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';
import { DECLARED_INGRESSES, DECLARED_REVISIONS } from '../kube/spec/declared.ts';
import { containerSettings } from '../kube/spec/settings.ts';
import type { ObservedContainer } from './inspect/observed.ts';
import { asStored, lastAppliedSettings } from './last-applied.ts';
import { decodeDeclared } from './labels.ts';

/** What the last-applied record of a container holds of its manifest. */
export interface RecordedManifest {
  readonly settings: JsonObject;
  readonly declared: JsonObject;
}

/** The member with the containers that are created when the init containers have completed. */
const LATER = 'containers';

/**
 * What the record of a container holds besides its settings, the best first. That of the first init container has all
 * containers of the pod: the others are created later.
 */
export function recordedDeclarations(
  { initContainers, containers }: DesiredPod,
  container: DesiredContainer,
): readonly object[] {
  const own = container.declared;
  const { [DECLARED_INGRESSES]: _ingresses, [DECLARED_REVISIONS]: _revisions, ...others } = own ?? {};
  const isLonger = Object.keys(own ?? {}).length > Object.keys(others).length;
  const rest = own === undefined ? [] : isLonger ? [own, others] : [own];
  if (container.role !== 'init' || container.name !== initContainers[0]?.name) return rest;
  const followers = [...initContainers.slice(1), ...containers];
  const later = Object.fromEntries(
    followers.map((other) => [
      other.name,
      defined({ settings: laterSettings(other), declared: other.declared }),
    ]),
  );
  return [{ ...own, [LATER]: later }, ...rest];
}

/** Without what the declared fields replace, and thus without fingerprints of Secrets. */
function laterSettings(container: DesiredContainer): object {
  const { envFrom, volumeMounts: _mounts, ...declared } = container.declared ?? {};
  const replaced = new Set(Object.keys(envFrom === undefined ? declared : { ...declared, env: [] }));
  const settings = asStored(containerSettings(container));
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) =>
      replaced.has(name) ? [] : [[name, name === 'volumeMounts' ? listOf(value).map(withoutFiles) : value]],
    ),
  );
}

function withoutFiles(mount: Json): Json {
  const { source, ...rest } = isObject(mount) ? mount : {};
  const { files: _files, ...kind } = isObject(source) ? source : {};
  return { ...rest, source: kind };
}

/**
 * The record of a container.
 * @param others the other containers of its pod, for a container that is not created yet
 */
export function recordedManifest(
  name: string,
  observed: ObservedContainer | undefined,
  others: readonly ObservedContainer[],
): RecordedManifest | undefined {
  if (observed !== undefined) {
    const {
      [LATER]: _others,
      [DECLARED_REVISIONS]: _revisions,
      ...declared
    } = decodeDeclared(observed.labels) ?? {};
    return { settings: lastAppliedSettings(observed.labels), declared };
  }
  for (const { labels } of others) {
    const later = decodeDeclared(labels)?.[LATER];
    const found = isObject(later) ? later[name] : undefined;
    const { settings, declared = {} } = isObject(found) ? found : {};
    if (isObject(settings) && isObject(declared)) return { settings, declared };
  }
  return undefined;
}
