import { defined } from '../../base/defined.ts';
import type { FieldPath } from '../../base/path.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Container, Pod, PodSpec, Volume } from '../../manifest/schema/generated/kubernetes.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { qualifiedNameOf } from '../spec/qualified-name.ts';
import type { WorkloadObject } from './workload.ts';
import { ownerOf } from './owner.ts';

/** What a pod of a workload has besides its template. */
export interface PodIdentity {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** Of all containers that have no variable of this name. */
  readonly variable?: { readonly name: string; readonly value: string };
  /** That of the workload, not of the template. */
  readonly activeDeadlineSeconds?: number;
  readonly subdomain?: string;
  /** The claims of its own, each with the place of its template. They replace volumes of their names. */
  readonly claims?: readonly {
    readonly volume: string;
    readonly claimName: string;
    readonly index: number;
  }[];
}

/** A pod with the template of a workload, as its controller creates it. Its places are those of the workload. */
export function podOfTemplate(workload: WorkloadObject, identity: PodIdentity): PodObject {
  const { metadata, spec } = workload.value;
  const template = spec?.template;
  const { claims = [] } = identity;
  const volumes = template?.spec?.volumes ?? [];
  const kept = [...volumes.keys()].filter((index) =>
    claims.every(({ volume }) => volume !== volumes[index]?.name),
  );
  const own: readonly Incomplete<Volume>[] = claims.map(({ volume, claimName }) => ({
    name: volume,
    persistentVolumeClaim: { claimName },
  }));
  const { hostname, subdomain, activeDeadlineSeconds, variable } = identity;
  const pod: Incomplete<Pod> = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(template?.metadata?.annotations === undefined && identity.annotations === undefined
        ? {}
        : { annotations: { ...template?.metadata?.annotations, ...identity.annotations } }),
      labels: { ...template?.metadata?.labels, ...identity.labels },
      name: identity.name,
    },
    ...(template?.spec === undefined
      ? {}
      : {
          spec: {
            ...template.spec,
            ...(variable === undefined ? {} : withVariable(template.spec, variable)),
            ...defined({ activeDeadlineSeconds }),
            ...(hostname === undefined ? {} : { hostname }),
            ...(subdomain === undefined ? {} : { subdomain }),
            ...(claims.length === 0
              ? {}
              : { volumes: [...kept.map((index) => volumes[index] ?? {}), ...own] }),
          },
        }),
  };
  const pathOf = (path: FieldPath): FieldPath => {
    const [root, field, index, ...rest] = path;
    if (root === 'metadata' && (field === undefined || field === 'name' || field === 'namespace'))
      return path;
    if (root !== 'spec' && root !== 'metadata') return path;
    if (root === 'spec' && field === 'subdomain' && subdomain !== undefined) return ['spec', 'serviceName'];
    if (root === 'spec' && field === 'hostname' && hostname !== undefined) return ['metadata', 'name'];
    if (root === 'spec' && field === 'activeDeadlineSeconds' && activeDeadlineSeconds !== undefined)
      return path;
    if (claims.length === 0 || field !== 'volumes' || typeof index !== 'number')
      return ['spec', 'template', ...path];
    const written = kept[index];
    if (written !== undefined) return ['spec', 'template', 'spec', 'volumes', written, ...rest];
    return ['spec', 'volumeClaimTemplates', claims[index - kept.length]?.index ?? 0, 'metadata', 'name'];
  };
  const { file, locate, locateKey, edit, isPruned, hasPruned } = workload;
  return {
    kind: 'Pod',
    origin: { owner: ownerOf(workload.kind, qualifiedNameOf(metadata)), pathOf },
    file,
    value: pod,
    // The schema has checked the template with the workload.
    complete: workload.complete === undefined ? undefined : (pod as Pod),
    locate: (path) => locate(pathOf(path)),
    locateKey: (path) => locateKey(pathOf(path)),
    edit: {
      ...edit,
      insert: (path, name, value, neighbour) => edit.insert(pathOf(path), name, value, neighbour),
      move: (from, target) => edit.move(pathOf(from), pathOf(target)),
    },
    isPruned: (path) => isPruned(pathOf(path)),
    hasPruned: (path) => hasPruned(pathOf(path)),
  };
}

function withVariable(
  { initContainers, containers }: Incomplete<PodSpec>,
  variable: NonNullable<PodIdentity['variable']>,
): Incomplete<Pick<PodSpec, 'initContainers' | 'containers'>> {
  const added = (container: Incomplete<Container>): Incomplete<Container> =>
    container.env?.some(({ name }) => name === variable.name) === true
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  return {
    ...(initContainers === undefined ? {} : { initContainers: initContainers.map(added) }),
    ...(containers === undefined ? {} : { containers: containers.map(added) }),
  };
}
