import { isObject, listOf, type JsonObject } from '../base/json-members.ts';
import type { Json } from '../base/stable-json.ts';
import type { ContainerView, PodView } from './pod-facts.ts';
import { containerForm } from '../plan/compare/manifest-form/container.ts';
import { hoisted } from '../plan/compare/manifest-form/document.ts';
import { podForm } from '../plan/compare/manifest-form/pod.ts';
import { membersOf, withoutEmpty } from '../plan/compare/manifest-form/values.ts';
import { redactValue } from '../plan/compare/redact.ts';
import { lastAppliedSettings } from '../podman/last-applied.ts';

/** The mask of a value that comes from a Secret. */
export const MASK = '***';

/** The manifest's part of a pod, without defaults and with masked secrets. */
export interface AppliedPod {
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly spec: JsonObject;
}

/**
 * A running pod in the form of a manifest, from its last-applied records. What labels do not record is left out: pull
 * policies, the contents of volumes, and which container declares a port.
 */
export function appliedPod({ observed, restartPolicy, initContainers, containers }: PodView): AppliedPod {
  const declared = { hostPorts: [], containers: containers.map(({ name }) => ({ name })) };
  const pod = podForm(lastAppliedSettings(observed.labels), declared);
  const { containers: withPorts, securityContext, ...ownSpec } = membersOf(pod['spec']);
  const [inits, apps] = [initContainers.map(formOf), containers.map(formOf)];
  const ofPod = hoisted([...inits, ...apps], apps);
  const { volumes, securityContext: ofContainers, ...fromContainers } = ofPod.spec;
  const ports = listOf(withPorts).flatMap((entry) => listOf(membersOf(entry)['ports']));
  const entry = ({ metadata: _annotations, ...container }: JsonObject, index: number, isApp: boolean) => {
    const { spec: _odd, ...own } = ofPod.entry(container);
    return containerItem(own, isApp && index === 0 ? ports : []);
  };
  const spec = withoutEmpty({
    ...ownSpec,
    ...fromContainers,
    restartPolicy,
    securityContext: withoutEmpty({ ...membersOf(securityContext), ...membersOf(ofContainers) }),
    volumes: volumes === undefined ? undefined : listOf(volumes).map(volumeItem),
    initContainers: inits.length === 0 ? undefined : inits.map((form, index) => entry(form, index, false)),
    containers: apps.map((form, index) => entry(form, index, true)),
  });
  const { labels, annotations } = membersOf(pod['metadata']);
  return {
    labels: membersOf(labels),
    annotations: redactValue(membersOf(annotations), MASK),
    spec: redactValue(spec, MASK),
  };
}

function formOf({ name, observed }: ContainerView): JsonObject {
  return observed === undefined
    ? { name }
    : { name, image: observed.image, ...containerForm(lastAppliedSettings(observed.labels), name) };
}

/** All containers share one network: the ports of the pod are those of its first container. */
function containerItem({ env, ...container }: JsonObject, ports: readonly Json[]): JsonObject {
  return withoutEmpty({
    ...container,
    env: env === undefined ? undefined : listOf(env).map(variableItem),
    ports: ports.length === 0 ? undefined : ports.map(portItem),
  });
}

/** The name of a Secret and its key are not recorded, only that the value is secret. */
function variableItem(variable: Json): Json {
  const { name, valueFrom } = membersOf(variable);
  const isSecret = typeof membersOf(valueFrom)['secretKeyRef'] === 'string';
  return isSecret ? { name: name ?? '', value: MASK } : variable;
}

/** Names of ports are not recorded. */
function portItem(port: Json): Json {
  const { name: _number, ...rest } = membersOf(port);
  return rest;
}

function volumeItem(volume: Json): Json {
  const { name, ...source } = membersOf(volume);
  return Object.fromEntries([
    ['name', name ?? ''],
    ...Object.entries(source).map(([type, fields]): [string, Json] => {
      const { annotations: _ofClaim, sources: _unknown, ...known } = membersOf(fields);
      return [type, type === 'ephemeral' || !isObject(fields) ? {} : known];
    }),
  ]);
}
