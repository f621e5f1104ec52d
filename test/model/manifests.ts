import fc from 'fast-check';
import { stableJson, type Json } from '../../src/base/stable-json.ts';
import type { Container, Pod, Volume } from '../../src/manifest/schema/generated/kubernetes.ts';

/*
 * Pods at random, small and alike: few names, few values, so that two sets of them have much in common and that a
 * shrunk one can be read. They are Kubernetes objects, in which nothing is wrong.
 */

const POD_NAMES = ['web', 'db', 'web-2'] as const;
const CONTAINER_NAMES = ['a', 'b', 'c'] as const;
const INIT_NAMES = ['i', 'j', 'a'] as const;
/** The claim that all pods share. */
const CLAIM = 'kept';
const VOLUME_NAMES = ['v', 'w'] as const;

/** Every image that a manifest may name, by the full name of it. The one under localhost was built here. */
export const IMAGES = {
  'docker.io/library/app:1': 'app-1',
  'docker.io/library/app:2': 'app-2',
  'docker.io/library/tool:latest': 'tool',
  'localhost/built:1': 'built',
} as const;

/** What manifests call them. */
export const IMAGE_NAMES = [
  'docker.io/library/app:1',
  'docker.io/library/app:2',
  'tool',
  'localhost/built:1',
] as const;

const image = fc.constantFrom(...IMAGE_NAMES);

const emptyDir = fc.constantFrom<NonNullable<Volume['emptyDir']>>(
  {},
  { medium: 'Memory' },
  { medium: 'Memory', sizeLimit: '1Mi' },
);

/** Its files change with the memory that a container may use; on disk, or in memory. */
const files = fc
  .tuple(fc.boolean(), fc.constantFrom('a', 'b'))
  .map(([isSecret, containerName]): NonNullable<Volume['projected']> => ({
    sources: [
      ...(isSecret ? [{ secret: { name: 'nobody', optional: true } }] : []),
      {
        downwardAPI: {
          items: [{ path: 'sub', resourceFieldRef: { containerName, resource: 'limits.memory' } }],
        },
      },
    ],
  }));

const volume = (name: string): fc.Arbitrary<Volume> =>
  fc.oneof(
    files.map((projected) => ({ name, projected })),
    emptyDir.map((source) => ({ name, emptyDir: source })),
    fc.constant({ name, hostPath: { path: `/srv/${name}`, type: 'DirectoryOrCreate' as const } }),
    fc.constant({ name, persistentVolumeClaim: { claimName: CLAIM } }),
  );

const mount = (name: string): fc.Arbitrary<NonNullable<Container['volumeMounts']>[number]> =>
  fc.record(
    {
      name: fc.constant(name),
      mountPath: fc.constant(`/${name}`),
      subPath: fc.constant('sub'),
      readOnly: fc.boolean(),
    },
    { requiredKeys: ['name', 'mountPath'] },
  );

const container = (name: string): fc.Arbitrary<Container> =>
  fc.record(
    {
      name: fc.constant(name),
      image,
      imagePullPolicy: fc.constantFrom('Always' as const, 'IfNotPresent' as const),
      args: fc.constantFrom(['x'], ['y']),
      env: fc.subarray(
        [
          { name: 'E', value: '1' },
          { name: 'F', value: '2' },
          {
            name: 'G',
            valueFrom: { fileKeyRef: { volumeName: 'v', path: 'g.env', key: 'G', optional: true } },
          },
        ],
        { minLength: 1 },
      ),
      resources: fc.constantFrom({ limits: { memory: '64Mi' } }, { limits: { memory: '128Mi' } }),
      securityContext: fc.constant({ runAsUser: 1 }),
      volumeMounts: some(VOLUME_NAMES, mount),
    },
    { requiredKeys: ['name', 'image'] },
  );

/** Only app containers have ports that the host listens on; each has its own. */
const appContainer =
  (pod: number) =>
  (name: string, index: number): fc.Arbitrary<Container> =>
    fc.tuple(container(name), fc.option(fc.nat(1), { nil: undefined })).map(([plain, port]) =>
      port === undefined
        ? plain
        : {
            ...plain,
            ports: [{ containerPort: 80 + index, hostPort: 8000 + pod * 100 + index * 10 + port }],
          },
    );

const pod = (name: string, index: number): fc.Arbitrary<Pod> =>
  fc
    .record({
      metadata: fc.record(
        { labels: fc.constantFrom({ l: '1' }, { l: '2' }), annotations: fc.constant({ n: '1' }) },
        { requiredKeys: [] },
      ),
      spec: fc.record(
        {
          restartPolicy: fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const),
          terminationGracePeriodSeconds: fc.constantFrom(0, 5),
          hostname: fc.constant('other'),
          shareProcessNamespace: fc.boolean(),
          hostAliases: fc.constant([{ ip: '10.0.0.1', hostnames: ['h'] }]),
          volumes: some(VOLUME_NAMES, volume),
          initContainers: some(INIT_NAMES, container),
          containers: some(CONTAINER_NAMES, appContainer(index)),
        },
        { requiredKeys: ['containers'] },
      ),
    })
    .map(({ metadata, spec }) =>
      tidy({ apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec }),
    );

/** The object that all claims of the pods mean. */
export const CLAIM_OBJECT = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: CLAIM },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

/** None of some pods, or more, each with its own name. */
export const podSet: fc.Arbitrary<readonly Pod[]> = some(POD_NAMES, pod, 0);

/** Some of what can be made from names, in any order. */
function some<T>(
  names: readonly string[],
  make: (name: string, index: number) => fc.Arbitrary<T>,
  minLength = 1,
): fc.Arbitrary<readonly T[]> {
  return fc
    .tuple(fc.shuffledSubarray([...names.keys()], { minLength }), fc.tuple(...names.map(make)))
    .map(([indices, all]) => indices.flatMap((index) => all[index] ?? []));
}

/**
 * Takes out what would be refused: mounts of volumes that there are not, variables from volumes that are no emptyDir,
 * containers that share a name, and files about a container that there is not.
 */
function tidy({ spec, ...rest }: Pod): Pod {
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  const taken = new Set((spec.initContainers ?? []).map(({ name }) => name));
  const emptyDirs = (spec.volumes ?? []).filter((each) => each.emptyDir !== undefined);
  const mounted = ({ volumeMounts, env, ...plain }: Container): Container => {
    const kept = (volumeMounts ?? []).filter(({ name }) => volumes.has(name));
    const variables = (env ?? []).filter(
      ({ valueFrom }) =>
        valueFrom === undefined || emptyDirs.some(({ name }) => name === valueFrom.fileKeyRef?.volumeName),
    );
    return {
      ...plain,
      ...(kept.length === 0 ? {} : { volumeMounts: kept }),
      ...(variables.length === 0 ? {} : { env: variables }),
    };
  };
  const containers = spec.containers.filter(({ name }) => !taken.has(name)).map(mounted);
  const { initContainers: _init, volumes: _volumes, ...others } = spec;
  const names = [...taken, ...containers.map(({ name }) => name)];
  const init = (spec.initContainers ?? []).map(mounted);
  return {
    ...rest,
    spec: {
      ...others,
      ...(spec.volumes === undefined ? {} : { volumes: spec.volumes.map((each) => aboutOne(each, names)) }),
      ...(init.length === 0 ? {} : { initContainers: init }),
      containers: containers.length > 0 ? containers : [{ name: 'only', image: 'docker.io/library/app:1' }],
    },
  };
}

function aboutOne({ projected, ...volume }: Volume, containers: readonly string[]): Volume {
  if (projected === undefined) return volume;
  const isThere = ({ downwardAPI }: NonNullable<typeof projected.sources>[number]) =>
    (downwardAPI?.items ?? []).every(({ resourceFieldRef }) =>
      containers.includes(resourceFieldRef?.containerName ?? ''),
    );
  return { ...volume, projected: { sources: (projected.sources ?? []).filter(isThere) } };
}

/** Edits some pods: here and there, another set has its way. */
export const editedPodSet: fc.Arbitrary<{ readonly before: readonly Pod[]; readonly after: readonly Pod[] }> =
  fc.tuple(podSet, podSet, fc.array(fc.nat(7), { maxLength: 60 })).map(([before, other, choices]) => {
    let index = 0;
    const isOther = () => choices[index++] === 7;
    return { before, after: mixLists(before, other, isOther).map(tidy) };
  });

function mixLists<T>(left: readonly T[], right: readonly T[], isOther: () => boolean): readonly T[] {
  const isReordered = isOther();
  const of = (things: readonly T[], name: string) => things.find((thing) => nameOf(thing) === name);
  const names = (isReordered ? [...right, ...left] : [...left, ...right]).map(nameOf);
  return [...new Set(names)].flatMap((name) => {
    const [mine, others] = [of(left, name), of(right, name)];
    if (mine === undefined) return isOther() && others !== undefined ? [others] : [];
    if (others === undefined) return isOther() ? [] : [mine];
    return [mix(mine, others, isOther)];
  });
}

/** One value made of two of a kind, field by field. */
function mix<T>(left: T, right: T, isOther: () => boolean): T {
  if (stableJson(left) === stableJson(right)) return left;
  if (isNamedList(left) && isNamedList(right)) return mixLists(left, right, isOther) as T;
  // A volume has one source.
  const isOfOneSource = (value: object) =>
    ['hostPath', 'persistentVolumeClaim', 'projected'].some((kind) => kind in value);
  const isWhole = !isRecord(left) || !isRecord(right) || isOfOneSource(left) || isOfOneSource(right);
  if (isWhole) return isOther() ? right : left;
  const members = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort().flatMap((key) => {
    const [mine, others] = [left[key], right[key]];
    const mixed =
      mine === undefined || others === undefined ? (isOther() ? others : mine) : mix(mine, others, isOther);
    return mixed === undefined ? [] : [[key, mixed] as const];
  });
  return Object.fromEntries(members) as T;
}

function isNamedList(value: unknown): value is readonly Json[] {
  return Array.isArray(value) && value.every((member) => nameOf(member) !== '');
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(thing: unknown): string {
  const { name, metadata } = thing as {
    readonly name?: string;
    readonly metadata?: { readonly name?: string };
  };
  return name ?? metadata?.name ?? '';
}
