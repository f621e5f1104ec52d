import { listOf, type JsonObject } from '../base/json-members.ts';
import type { Json } from '../base/stable-json.ts';
import { DEFAULT_PROTOCOL } from '../kube/spec/defaults.ts';
import type { HostPort } from '../kube/spec/desired.ts';
import {
  DECLARED_INGRESSES,
  DECLARED_PROFILE,
  DECLARED_PULL_SECRETS,
  DECLARED_VOLUMES,
} from '../kube/spec/declared.ts';
import { objectName } from '../kube/spec/qualified-name.ts';
import type { ContainerView, PodView } from './pod-facts.ts';
import { containerForm } from '../plan/compare/manifest-form/container.ts';
import { hoisted } from '../plan/compare/manifest-form/document.ts';
import { podForm } from '../plan/compare/manifest-form/pod.ts';
import { membersOf, textOf, withoutEmpty } from '../plan/compare/manifest-form/values.ts';
import { redactValue } from '../plan/compare/redact.ts';
import { LABEL_PREFIX } from '../podman/labels.ts';
import { observedName } from '../podman/inspect/object-name.ts';
import { decodePort, lastAppliedPod } from '../podman/last-applied.ts';

/** The mask of a value that comes from a Secret, or of a name that is not recorded. No Kubernetes name is like it. */
export const MASK = '***';

/** The manifest's part of a pod, without defaults and without values of Secrets. */
export interface AppliedPod {
  readonly namespace?: string;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
}

/**
 * A running pod as its manifest, from its last-applied records: `up` changes nothing if it is applied again together with
 * the ConfigMaps and Secrets that it refers to. What the records do not have is left out: fields without effect here, and
 * volumes that no container mounts. The
 * records of earlier versions of podpose have no names of ConfigMaps and Secrets.
 */
export function appliedPod(view: PodView): AppliedPod {
  const { observed, restartPolicy, initContainers, containers } = view;
  const record = lastAppliedPod(observed.labels);
  const all = [...initContainers, ...containers];
  const pod = podForm(record?.settings ?? {}, { hostPorts: all.flatMap(declaredPorts), containers });
  const { containers: withPorts, securityContext, hostname, ...ownSpec } = membersOf(pod['spec']);
  const [inits, apps] = [initContainers.map(formOf), containers.map(formOf)];
  const ofPod = hoisted([...inits, ...apps], apps);
  const { volumes, securityContext: ofContainers, ...fromContainers } = ofPod.spec;
  const published = publishedPorts(listOf(withPorts), all, containers[0]?.name);
  const entry = ({ metadata: _annotations, ...container }: JsonObject) => {
    const { spec: _odd, ...own } = ofPod.entry(container);
    const ports = [...(published.get(own['name'] ?? null) ?? [])];
    return withoutEmpty({ ...own, ports: ports.length === 0 ? undefined : ports });
  };
  const spec = withoutEmpty({
    ...hostNameFields(hostname),
    ...ownSpec,
    ...fromContainers,
    // The API server accepts stopSignal for a known operating system only.
    os: inits.concat(apps).some(hasStopSignal) ? { name: 'linux' } : undefined,
    restartPolicy,
    securityContext: withoutEmpty({ ...membersOf(securityContext), ...membersOf(ofContainers) }),
    volumes:
      volumes === undefined
        ? undefined
        : listOf(volumes).map((one) => volumeItem(one, observedName(observed).namespace)),
    imagePullSecrets: all.find(({ recorded }) => recorded?.declared[DECLARED_PULL_SECRETS] !== undefined)
      ?.recorded?.declared[DECLARED_PULL_SECRETS],
    initContainers: inits.length === 0 ? undefined : inits.map(entry),
    containers: apps.map(entry),
  });
  const { labels, annotations, namespace } = membersOf(pod['metadata']);
  return {
    ...(typeof namespace === 'string' ? { namespace } : {}),
    labels: record === undefined ? withoutOwn(observed.labels) : membersOf(labels),
    annotations: redactValue({ ...membersOf(annotations), ...podmanAnnotations([...inits, ...apps]) }, MASK),
    spec: redactValue(spec, MASK),
  };
}

/** The labels of a pod whose record cannot be read. */
function withoutOwn(labels: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith(LABEL_PREFIX)));
}

/** A name with dots is that of `hostnameOverride`, or of `setHostnameAsFQDN`. */
function hostNameFields(name: Json | undefined): Readonly<Record<string, Json | undefined>> {
  if (typeof name !== 'string' || !name.includes('.')) return { hostname: name };
  const [, hostname, subdomain] = /^([^.]+)\.([^.]+)\.[^.]+\.svc\./.exec(name) ?? [];
  return hostname === undefined
    ? { hostnameOverride: name }
    : { hostname, subdomain, setHostnameAsFQDN: true };
}

function hasStopSignal({ lifecycle }: JsonObject): boolean {
  return membersOf(lifecycle)['stopSignal'] !== undefined;
}

/** podman's annotations of the containers, as those of their pod: `NAME`, or `NAME/CONTAINER` if they differ. */
function podmanAnnotations(containers: readonly JsonObject[]): JsonObject {
  const all = containers.flatMap(({ metadata }) =>
    Object.entries(membersOf(membersOf(metadata)['annotations'])).map(([key, value]) => ({
      key,
      name: key.replace(/\/[^/]*$/, ''),
      value,
    })),
  );
  return Object.fromEntries(
    all.map(({ key, name, value }) => {
      const same = all.filter((one) => one.name === name && one.value === value);
      return [same.length === containers.length ? name : key, value];
    }),
  );
}

function formOf({ name, observed, recorded }: ContainerView): JsonObject {
  if (recorded === undefined) return { name };
  const { settings, declared } = recorded;
  const {
    [DECLARED_VOLUMES]: _volumes,
    [DECLARED_PULL_SECRETS]: _ofPod,
    [DECLARED_PROFILE]: localhostProfile,
    [DECLARED_INGRESSES]: _served,
    ports: _ports,
    ...fields
  } = declared;
  const { spec, env, securityContext, ...form } = containerForm(settings, name);
  return withoutEmpty({
    name,
    image: observed?.image,
    ...form,
    env: env === undefined ? undefined : listOf(env).map(variableItem),
    // The variables of the record include those of `envFrom`.
    ...('envFrom' in fields && !('env' in fields) ? { env: undefined } : {}),
    ...fields,
    securityContext: withProfile(membersOf(securityContext), localhostProfile),
    spec: { ...membersOf(spec), ...volumesMember(listOf(membersOf(spec)['volumes']), declared) },
  });
}

/** The API has relative paths only. */
function withProfile(security: JsonObject, localhostProfile: Json | undefined): JsonObject {
  const { seccompProfile } = security;
  return localhostProfile === undefined
    ? security
    : { ...security, seccompProfile: { ...membersOf(seccompProfile), localhostProfile } };
}

/** The volumes of a container, as in the manifest if that is recorded. */
function volumesMember(volumes: readonly Json[], declared: JsonObject): JsonObject {
  const known = listOf(declared[DECLARED_VOLUMES]).map(membersOf);
  const all = volumes.map(membersOf);
  return all.length === 0
    ? {}
    : { volumes: all.map((volume) => known.find(({ name }) => name === volume['name']) ?? volume) };
}

/** Without a record of it, the name of a Secret is unknown. The mask keeps the variable from being applied as it is. */
function variableItem(variable: Json): Json {
  const { name, valueFrom } = membersOf(variable);
  const isUnknown = typeof membersOf(valueFrom)['secretKeyRef'] === 'string';
  return isUnknown ? { name: name ?? '', valueFrom: { secretKeyRef: { name: MASK, key: MASK } } } : variable;
}

function portsOf({ recorded }: ContainerView): readonly JsonObject[] {
  return listOf(recorded?.declared['ports']).map(membersOf);
}

/** The ports of a container that may be published, with their names. */
function declaredPorts(container: ContainerView): readonly HostPort[] {
  return portsOf(container).flatMap(({ name, ...port }) =>
    decodePort({ hostIP: '', protocol: DEFAULT_PROTOCOL, ...port }).map((known) => ({
      ...known,
      container: container.name,
      ...(typeof name === 'string' ? { portName: name } : {}),
    })),
  );
}

/**
 * The ports of each container. Those that are published have the address that podman listens on. The container of a port is
 * unknown in records of earlier versions: it is shown as one of the first container, as all share one network.
 */
function publishedPorts(
  withPorts: readonly Json[],
  containers: readonly ContainerView[],
  first: string | undefined,
): ReadonlyMap<Json, readonly Json[]> {
  const ofContainer = new Map<Json, Json[]>();
  const add = (name: Json, port: Json) => ofContainer.set(name, [...(ofContainer.get(name) ?? []), port]);
  const isSame = (a: JsonObject, b: JsonObject) =>
    a['containerPort'] === b['containerPort'] &&
    (a['protocol'] ?? DEFAULT_PROTOCOL) === (b['protocol'] ?? DEFAULT_PROTOCOL);
  const published = withPorts.map(membersOf).flatMap(({ name, ports }) =>
    listOf(ports).map((port) => {
      const isKnown = containers.some((container) => container.name === name);
      return { container: isKnown ? (name ?? null) : (first ?? null), port: membersOf(port) };
    }),
  );
  for (const { container, port } of published) {
    const { name, ...rest } = port;
    add(container, textOf(name) === textOf(port['containerPort']) ? rest : port);
  }
  for (const container of containers)
    for (const port of portsOf(container))
      if (!published.some((one) => one.container === container.name && isSame(one.port, port)))
        add(container.name, port);
  return ofContainer;
}

/** A claim by its own name, which that of its volume has behind its namespace. */
function volumeItem(volume: Json, namespace: string): Json {
  const { name, ...source } = membersOf(volume);
  return Object.fromEntries([
    ['name', name ?? ''],
    ...Object.entries(source).map(([type, fields]): [string, Json] => {
      const { annotations: _ofClaim, claimName, ...source } = membersOf(fields);
      const known =
        typeof claimName === 'string' ? { ...source, claimName: ownName(claimName, namespace) } : source;
      if (typeof known['sources'] !== 'string') return [type, known];
      const { sources: _unknown, ...others } = known;
      return [type, others];
    }),
  ]);
}

function ownName(claim: string, namespace: string): string {
  const parts = objectName(claim);
  return parts.namespace === namespace ? parts.name : claim;
}
