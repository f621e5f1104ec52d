import { isObject, listOf, type JsonObject as Members } from '../../../base/json-members.ts';
import type { Json } from '../../../base/stable-json.ts';
import { hostVariable } from '../../../kube/services/variables.ts';
import { isTerminationMount } from '../../../kube/spec/termination-message.ts';
import { sourceForm } from './source.ts';
import { withoutEmpty, membersOf, quantitiesOf, textOf } from './values.ts';

/**
 * Converts last-applied settings of a container to fields of a manifest. Settings that are fields of the pod are in
 * `spec` and `metadata`: volumes, restartPolicy, annotations of podman and the like.
 */
export function containerForm(settings: Members, name: string): Members {
  const {
    env,
    volumeMounts,
    resources,
    securityContext,
    command,
    args,
    restartPolicy,
    terminationGracePeriodSeconds,
    activeDeadlineSeconds,
    stopSignal,
    postStart,
    preStop,
    ownRestartPolicy,
    annotations,
    devices,
    ...rest
  } = settings;
  const { supplementalGroups, seccompProfile, ...security } = membersOf(securityContext);
  const mounts = listOf(volumeMounts).map(membersOf);
  const message = mounts.find(isMessage);
  // Always is the default of app containers, and recorded only for sidecars.
  const ownPolicy = ownRestartPolicy ?? (restartPolicy === 'Always' ? restartPolicy : undefined);
  return withoutEmpty({
    ...rest,
    command: command === undefined ? undefined : listOf(command).map(textForm),
    args: args === undefined ? undefined : listOf(args).map(textForm),
    env: env === undefined ? undefined : listOf(env).map(variableForm),
    volumeMounts:
      volumeMounts === undefined ? undefined : mounts.filter((mount) => !isMessage(mount)).map(mountForm),
    terminationMessagePath: message?.['mountPath'],
    resources: withDevices(quantitiesOf(resources), listOf(devices)),
    lifecycle: withoutEmpty({ postStart, preStop, stopSignal }),
    restartPolicy: ownPolicy,
    securityContext: withoutEmpty({ ...security, seccompProfile: seccompForm(seccompProfile) }),
    metadata: withoutEmpty({ annotations: annotationsForm(membersOf(annotations), name) }),
    spec: withoutEmpty({
      restartPolicy: ownPolicy === undefined ? restartPolicy : undefined,
      terminationGracePeriodSeconds,
      activeDeadlineSeconds,
      securityContext: withoutEmpty({ supplementalGroups }),
      volumes: volumesOf(mounts),
    }),
  });
}

/** podman's annotations as `NAME/CONTAINER`. */
function annotationsForm(annotations: Members, container: string): Members {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`${name}/${container}`, value]),
  );
}

/** Devices as limits, the notation of `podman kube play`. */
function withDevices(resources: Members | undefined, devices: readonly Json[]): Members | undefined {
  if (devices.length === 0) return resources;
  const limits = devices.map(textOf).map((device) => {
    return [device.startsWith('/') ? `podman.io/device=${device}` : device, '1'] as const;
  });
  return { ...resources, limits: { ...membersOf(resources?.['limits']), ...Object.fromEntries(limits) } };
}

function isMessage({ name }: Members): boolean {
  return typeof name === 'string' && isTerminationMount({ name });
}

function mountForm({ source: _source, ...mount }: Members): Members {
  return mount;
}

/** The mounted volumes, without duplicates. */
function volumesOf(mounts: readonly Members[]): readonly Json[] | undefined {
  const byName = new Map<string, Members>();
  for (const mount of mounts) {
    const { name, source } = mount;
    if (typeof name === 'string' && isObject(source) && !isMessage(mount))
      byName.set(name, sourceForm(source));
  }
  return byName.size === 0 ? undefined : [...byName].map(([name, source]) => ({ name, ...source }));
}

function seccompForm(profile: Json | undefined): Json | undefined {
  if (!isObject(profile)) return profile;
  const { path, ...rest } = profile;
  return withoutEmpty({ ...rest, localhostProfile: path });
}

function variableForm(variable: Json): Json {
  if (!isObject(variable)) return variable;
  const { secret, value, ...rest } = variable;
  if (secret !== undefined) return { ...rest, valueFrom: { secretKeyRef: secret } };
  const source = sourceOfText(value);
  return source === undefined
    ? withoutEmpty({ ...rest, value: value === undefined ? undefined : textForm(value) })
    : { ...rest, valueFrom: source };
}

/** The `valueFrom` of a variable that is only an address or a key of a file. */
function sourceOfText(text: Json | undefined): Members | undefined {
  if (!isObject(text) || text['before'] !== '' || text['after'] !== '') return undefined;
  const { address, fileKey } = text;
  if (typeof address === 'string') return { fieldRef: { fieldPath: `status.${address}` } };
  if (!isObject(fileKey)) return undefined;
  const { volume, path, key, optional } = fileKey;
  return { fileKeyRef: withoutEmpty({ volumeName: volume, path, key, optional }) };
}

/** A text that is complete only at run time, with `$(FIELD)` or `$(KEY)` as placeholder; a secret as its fingerprint. */
function textForm(text: Json): Json {
  if (!isObject(text)) return text;
  if (text['secret'] !== undefined) return text['secret'];
  const { before, address, fileKey, after } = text;
  const placeholder = address === undefined ? textOf(membersOf(fileKey)['key']) : addressForm(address);
  return [textOf(before), `$(${placeholder})`, after === undefined ? '' : textOf(textForm(after))].join('');
}

function addressForm(address: Json): string {
  return typeof address === 'string'
    ? `status.${address}`
    : hostVariable(textOf(membersOf(address)['service']));
}
