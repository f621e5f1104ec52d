import type {
  Container,
  EnvFromSource,
  EnvVar as EnvVarObject,
  Pod,
} from '../../manifest/schema/generated/kubernetes.ts';
import type { EnvVar } from '../spec/desired.ts';
import { fieldValue, resourceValue } from './downward.ts';
import type { Content } from '../config/content.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import type { SecretKeeper } from '../config/secret-keeper.ts';
import { isMounted } from '../spec/pod-object.ts';
import { addressText, expandText, fileKeyValue, textValue, type Value } from './text.ts';
import type { ConvertContext } from './convert-context.ts';

/** The variables of a container by name: those of envFrom, then those of env, which count more. */
export type Environment = ReadonlyMap<string, Value>;

/**
 * The variables with their values (makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go): each may refer
 * to those before it, and of two with one name the later counts.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function environmentOf(container: Container, pod: Pod, surroundings: ConvertContext): Environment {
  const values = new Map<string, Value>();
  for (const source of container.envFrom ?? [])
    for (const [name, value] of valuesFrom(source, surroundings)) values.set(name, value);
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, values, container, pod, surroundings);
    if (value !== undefined) values.set(variable.name, value);
  }
  return values;
}

export function convertEnv(environment: Environment, keeper: SecretKeeper): readonly EnvVar[] {
  return [...environment].map(([name, value]) =>
    value.type === 'secret'
      ? { name, secret: keeper.keep(value.bytes) }
      : { name, value: value.own ?? value.text },
  );
}

/** The variables of one source of envFrom. */
export function valuesFrom(
  { prefix = '', configMapRef, secretRef }: EnvFromSource,
  { objects, keeper }: ConvertContext,
): readonly (readonly [string, Value])[] {
  const data =
    configMapRef === undefined
      ? objects.secrets.get(secretRef?.name ?? '')
      : objects.configMaps.get(configMapRef.name ?? '');
  return [...(data?.values ?? [])].flatMap(([key]) => {
    const value = data === undefined ? undefined : variableValue(data, key, keeper);
    return value === undefined ? [] : [[prefix + key, value] as const];
  });
}

/** The value of a variable whose earlier ones are known; undefined where there is no such variable. */
export function valueOf(
  { name, value = '', valueFrom }: EnvVarObject,
  values: Environment,
  container: Container,
  pod: Pod,
  { objects, keeper, project, machine }: ConvertContext,
): Value | undefined {
  if (value !== '' || valueFrom === undefined) return expandText(value, values);
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef, fileKeyRef } = valueFrom;
  if (fieldRef !== undefined) {
    const found = fieldValue(fieldRef.fieldPath, pod, project, machine) ?? '';
    return textValue(typeof found === 'string' ? found : addressText(found.address));
  }
  if (resourceFieldRef !== undefined) {
    const { resource, containerName = '', divisor = '' } = resourceFieldRef;
    const other = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
      ({ name }) => name === containerName,
    );
    return textValue(resourceValue(resource, divisor, (other ?? container).resources ?? {}, machine));
  }
  if (fileKeyRef !== undefined) {
    const { volumeName, path, key, optional = false } = fileKeyRef;
    // A volume that nobody mounts is not even made. Checks have refused one that a value is needed from.
    if (!isMounted(volumeName, pod)) return undefined;
    const fileKey = { volume: volumeName, path, key, ...(optional ? ({ optional } as const) : {}) };
    return fileKeyValue(name, fileKey, values.get(name));
  }
  const [data, key = ''] =
    configMapKeyRef === undefined
      ? [objects.secrets.get(secretKeyRef?.name ?? ''), secretKeyRef?.key]
      : [objects.configMaps.get(configMapKeyRef.name ?? ''), configMapKeyRef.key];
  // One that is optional and is not there makes no variable; checks have refused any other.
  return data === undefined ? undefined : variableValue(data, key, keeper);
}

/** What a key holds for a variable: what is under the binaryData of a ConfigMap makes none. */
function variableValue({ values, unfit }: KeyedData, key: string, keeper: SecretKeeper): Value | undefined {
  const content = values.get(key);
  return content === undefined || unfit.get(key) === 'binary-data'
    ? undefined
    : contentValue(content, keeper);
}

function contentValue(content: Content, keeper: SecretKeeper): Value | undefined {
  switch (content.type) {
    case 'text':
      return textValue(content.text);
    case 'secret':
      return { type: 'secret', bytes: keeper.reveal(content.fingerprint) ?? new Uint8Array() };
    case 'binary':
      return undefined;
  }
}
