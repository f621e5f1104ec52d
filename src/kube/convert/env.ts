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
import { linkedVariables } from '../services/variables.ts';
import type { Lookup } from './expansion.ts';
import { addressText, expandText, fileKeyValue, textValue, type Value } from './text.ts';
import type { ConvertContext } from './convert-context.ts';

/** The variables of a container by name. `env` takes precedence over `envFrom`. */
export type Environment = ReadonlyMap<string, Value>;

/** The values that texts of a container can refer to: those of its variables, then those of Services. */
export function referencesOf(environment: Environment, pod: Pod, { objects }: ConvertContext): Lookup<Value> {
  const links = linkedVariables(pod, objects);
  return {
    get: (name) => {
      const own = environment.get(name);
      const link = own === undefined ? links.get(name) : undefined;
      return link === undefined ? own : textValue(link);
    },
  };
}

/**
 * Computes the values of the variables (makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go). A variable can
 * refer to earlier ones; the later of two variables with one name takes precedence.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function environmentOf(container: Container, pod: Pod, context: ConvertContext): Environment {
  const values = new Map<string, Value>();
  for (const source of container.envFrom ?? [])
    for (const [name, value] of valuesFrom(source, context)) values.set(name, value);
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, values, container, pod, context);
    if (value !== undefined) values.set(variable.name, value);
  }
  return values;
}

export function convertEnv(environment: Environment, keeper: SecretKeeper): readonly EnvVar[] {
  return [...environment].map(([name, value]) => {
    if (value.type === 'text') return { name, value: value.own ?? value.text };
    // podman creates no empty secret ("secret data must be larger than 0", 4.3.1 to 6.1).
    return value.bytes.length === 0 ? { name, value: '' } : { name, secret: keeper.keep(value.bytes) };
  });
}

/** The variables of one `envFrom` item. */
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

/** The value of a variable, given the earlier ones; undefined for an optional source that is missing. */
export function valueOf(
  { name, value = '', valueFrom }: EnvVarObject,
  values: Environment,
  container: Container,
  pod: Pod,
  context: ConvertContext,
): Value | undefined {
  if (value !== '' || valueFrom === undefined) return expandText(value, referencesOf(values, pod, context));
  const { objects, keeper, project, machine } = context;
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
    // An unmounted volume is not created. Validation refuses it for a required value.
    if (!isMounted(volumeName, pod)) return undefined;
    const fileKey = { volume: volumeName, path, key, ...(optional ? ({ optional } as const) : {}) };
    return fileKeyValue(name, fileKey, values.get(name));
  }
  const [data, key = ''] =
    configMapKeyRef === undefined
      ? [objects.secrets.get(secretKeyRef?.name ?? ''), secretKeyRef?.key]
      : [objects.configMaps.get(configMapKeyRef.name ?? ''), configMapKeyRef.key];
  // Validation refuses missing data unless it is optional.
  return data === undefined ? undefined : variableValue(data, key, keeper);
}

/** The value of a key; undefined for the `binaryData` of a ConfigMap, which provides no variables. */
function variableValue(
  { values, unusable }: KeyedData,
  key: string,
  keeper: SecretKeeper,
): Value | undefined {
  const content = values.get(key);
  return content === undefined || unusable.get(key) === 'binary-data'
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
