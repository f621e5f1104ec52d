import { defined } from '../../base/defined.ts';
import type { Json } from '../../base/stable-json.ts';
import type {
  Container,
  EnvVar,
  Pod,
  SeccompProfile,
  Volume,
} from '../../manifest/schema/generated/kubernetes.ts';
import { defaultPullPolicy } from '../spec/defaults.ts';
import {
  DECLARED_PROFILE,
  DECLARED_PULL_SECRETS,
  DECLARED_VOLUMES,
  LONGEST_RECORDED_TEXT,
  type DeclaredFields,
} from '../spec/declared.ts';

/**
 * The fields of a container that its settings do not show as the manifest has them; undefined for none. A manifest has no
 * values of Secrets, only their names and keys.
 */
export function declaredFields(container: Container, { spec }: Pod): DeclaredFields | undefined {
  const { env = [], envFrom = [], command = [], args = [], ports = [], volumeMounts = [] } = container;
  const isComputed = envFrom.length > 0 || env.some(isComputedVariable);
  const volumes = (spec.volumes ?? []).filter(
    (volume) => isReference(volume) && volumeMounts.some(({ name }) => name === volume.name),
  );
  const fields = defined({
    env: isComputed ? unlessEmpty(env) : undefined,
    envFrom: unlessEmpty(envFrom),
    command: command.some(isComputedText) ? command : undefined,
    args: args.some(isComputedText) ? args : undefined,
    ports: unlessEmpty(ports),
    volumeMounts: volumeMounts.some(({ subPathExpr }) => subPathExpr !== undefined)
      ? volumeMounts
      : undefined,
    imagePullPolicy: isDefaultPolicy(container) ? undefined : container.imagePullPolicy,
    [DECLARED_PROFILE]: seccompOf(container, spec)?.localhostProfile,
    [DECLARED_VOLUMES]: unlessEmpty(volumes),
    [DECLARED_PULL_SECRETS]: unlessEmpty(spec.imagePullSecrets ?? []),
  });
  return Object.keys(fields).length === 0 ? undefined : plainJson(fields);
}

function isDefaultPolicy({ image = '', imagePullPolicy }: Container): boolean {
  return imagePullPolicy === defaultPullPolicy(image);
}

function isComputedVariable({ value = '', valueFrom }: EnvVar): boolean {
  return valueFrom !== undefined || isComputedText(value);
}

/** `$(NAME)` is replaced with a value, `$$` with `$`. The settings have digests of long texts. */
function isComputedText(text: string): boolean {
  return text.includes('$') || text.length > LONGEST_RECORDED_TEXT;
}

/** The settings have all fields of other volumes. */
function isReference({ emptyDir, hostPath, name: _name, ...others }: Volume): boolean {
  return emptyDir === undefined && hostPath === undefined && Object.keys(others).length > 0;
}

function seccompOf({ securityContext }: Container, spec: Pod['spec']): SeccompProfile | undefined {
  return securityContext?.seccompProfile ?? spec.securityContext?.seccompProfile;
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Without undefined members. */
function plainJson(fields: object): Readonly<Record<string, Json>> {
  return JSON.parse(JSON.stringify(fields)) as Readonly<Record<string, Json>>;
}
