import { compareTexts } from '../../base/text.ts';
import type { Container, Pod } from '../../manifest/schema/generated/kubernetes.ts';
import {
  INFRA_NAME,
  INIT,
  isContainerAnnotation,
  isOfPodman,
  LABEL_OPTIONS,
  parseGoBoolean,
  podmanAnnotations,
  ULIMIT,
  USERNS,
} from '../spec/podman-annotations.ts';
import { podmanDevice } from '../spec/podman-devices.ts';

type Texts = Readonly<Record<string, string>>;

/** IDs that `auto` maps by default (minimum of podman for an image without users). */
const AUTO_IDS = 1024;

/** Annotations without those of podman, which are settings of the pod or of its containers, or have no effect. */
export function otherAnnotations(annotations: Texts): Texts {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !isOfPodman(key)));
}

/**
 * podman's annotations that apply to a container, sorted, with their names without the container; undefined for none. One
 * for the container overrides one for all.
 */
export function convertContainerAnnotations({ metadata }: Pod, container: string): Texts | undefined {
  const all = podmanAnnotations(metadata.annotations ?? {}).filter(({ name }) => isContainerAnnotation(name));
  const values = [undefined, container].flatMap((whose) =>
    all.filter(({ target }) => target === whose).map(({ name, value }) => [name, value] as const),
  );
  const effective = [...new Map(values)]
    .map(([name, value]) => [name, normalValue(name, value)] as const)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => compareTexts(a, b));
  return effective.length === 0 ? undefined : Object.fromEntries(effective);
}

/** Empty for a value without effect. */
function normalValue(name: string, value: string): string {
  switch (name) {
    case INIT:
      return parseGoBoolean(value) === true ? 'true' : '';
    case LABEL_OPTIONS:
      // kube generate separates options so (libpod/kube.go of podman).
      return value.split(',label=').join(',');
    case ULIMIT:
      return value.split(',').sort(compareTexts).join(',');
    default:
      return value;
  }
}

/** The devices of a container, as values of podman's `--device`, sorted; undefined for none. */
export function convertDevices({ resources }: Container): readonly string[] | undefined {
  const names = Object.keys({ ...resources?.limits, ...resources?.requests });
  const devices = names.map(podmanDevice).filter((device) => device !== undefined);
  return devices.length === 0 ? undefined : [...new Set(devices)].sort(compareTexts);
}

/**
 * podman's mode of the user namespace; undefined for that of rootless podman, which all pods share. The annotation overrides
 * `hostUsers`, as in playKubePod in pkg/domain/infra/abi/play.go of podman.
 */
export function convertUserNamespace({ metadata, spec }: Pod): string | undefined {
  const { annotations = {}, name = '' } = metadata;
  const mode = annotations[USERNS] ?? annotations[`${USERNS}/${name}`];
  if (mode === undefined) return spec.hostUsers === false ? automatic(spec) : undefined;
  if (mode === 'private') return 'auto';
  return mode === 'host' || mode === '' ? undefined : mode;
}

/** podman does not know the IDs of the containers when it creates the user namespace of the pod. */
function automatic(spec: Pod['spec']): string {
  const highest = Math.max(0, ...idsOf(spec));
  return highest < AUTO_IDS ? 'auto' : `auto:size=${highest + 1}`;
}

function idsOf({ securityContext = {}, containers, initContainers = [] }: Pod['spec']): readonly number[] {
  const { fsGroup, supplementalGroups = [] } = securityContext;
  const users = [securityContext, ...[...containers, ...initContainers].map((one) => one.securityContext)];
  return [
    fsGroup,
    ...supplementalGroups,
    ...users.flatMap((context) => [context?.runAsUser, context?.runAsGroup]),
  ].filter((id) => id !== undefined);
}

/** The name of the infra container; undefined for podman's default. */
export function convertInfraName({ metadata }: Pod): string | undefined {
  const name = metadata.annotations?.[INFRA_NAME];
  return name === '' ? undefined : name;
}
