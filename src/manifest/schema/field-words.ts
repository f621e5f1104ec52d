import { suggest } from '../../base/suggest.ts';

/** What a word of another place or of compose is called in an object. */
export interface FieldWords {
  /** The field with the same value. */
  readonly field?: string;
  readonly help?: string;
}

/** Words of services of compose for a container. https://github.com/compose-spec/compose-spec/blob/main/spec.md */
const OF_COMPOSE: Readonly<Record<string, FieldWords>> = {
  build: { help: 'Build the image first: podman build -t localhost/NAME . Then name it as the image.' },
  cap_add: { help: "Write 'securityContext: {capabilities: {add: [...]}}'." },
  cap_drop: { help: "Write 'securityContext: {capabilities: {drop: [...]}}'." },
  configs: { help: 'Mount a ConfigMap as a volume.' },
  container_name: { field: 'name', help: "The name of a container is its field 'name': remove this one." },
  cpus: { help: "Write 'resources: {limits: {cpu: ...}}'." },
  depends_on: { help: 'Containers of a pod start together. What must run before them is an init container.' },
  dns: { help: "Write 'dnsConfig: {nameservers: [...]}' in spec." },
  entrypoint: { field: 'command', help: "It is 'command' here, and 'command' of compose is 'args'." },
  env_file: {
    help: 'Write a ConfigMap of the file, and use envFrom: kubectl create configmap NAME --from-env-file=FILE --dry-run=client -o yaml',
  },
  environment: { field: 'env' },
  expose: { help: "Write 'ports: [{containerPort: ...}]'." },
  extra_hosts: { help: "Write 'hostAliases' in spec." },
  healthcheck: { help: "Write 'livenessProbe' or 'readinessProbe'." },
  labels: { help: 'Labels belong to the pod: metadata.labels.' },
  links: { help: 'Containers of a pod reach each other at localhost.' },
  mem_limit: { help: "Write 'resources: {limits: {memory: ...}}'." },
  network_mode: { help: "Write 'hostNetwork: true' in spec for the network of the host." },
  networks: { help: 'Containers of a pod share one network, and reach each other at localhost.' },
  pull_policy: { field: 'imagePullPolicy' },
  restart: { help: "Write 'restartPolicy' in spec: Always, OnFailure or Never." },
  secrets: { help: 'Mount a Secret as a volume, or use it in env.' },
  shm_size: { help: "Mount an emptyDir with 'medium: Memory' at /dev/shm." },
  stdin_open: { field: 'stdin' },
  stop_grace_period: { help: "Write 'terminationGracePeriodSeconds' in spec." },
  stop_signal: { help: "Write 'lifecycle: {stopSignal: ...}'." },
  tmpfs: { help: "Mount an emptyDir with 'medium: Memory'." },
  user: { help: "Write 'securityContext: {runAsUser: ...}', a number." },
  volumes: { help: 'Write volumeMounts in the container, and declare the volume in spec.volumes.' },
};

const OF_PORT: FieldWords = {
  help: "Write it into an item of 'ports': {containerPort: ..., hostPort: ...}.",
};

/** Words of neighbouring objects, by the object in which they are found. */
const OF_NEIGHBOURS: Readonly<Record<string, Readonly<Record<string, FieldWords>>>> = {
  Container: {
    containerPort: OF_PORT,
    cpu: { help: "Write 'resources: {limits: {cpu: ...}}'." },
    hostIP: OF_PORT,
    hostPath: { help: "Write it into a volume of spec.volumes, and its name into 'volumeMounts'." },
    hostPort: OF_PORT,
    memory: { help: "Write 'resources: {limits: {memory: ...}}'." },
    mountPath: { help: "Write it into an item of 'volumeMounts': {name: ..., mountPath: ...}." },
  },
  ResourceRequirements: {
    cpu: { help: "Write 'limits: {cpu: ...}' or 'requests: {cpu: ...}'." },
    memory: { help: "Write 'limits: {memory: ...}' or 'requests: {memory: ...}'." },
  },
};

/** Sources of volumes that have no `readOnly` of their own. */
const WITHOUT_READ_ONLY =
  /^(?:HostPath|EmptyDir|ConfigMap|Secret|DownwardAPI|Projected|Image|GitRepo)VolumeSource$/;

/**
 * What an unknown field of an object is called, or where it belongs; undefined if neither is known. A misspelt word is
 * recognized, too.
 * @param definition of the object, such as `Container`
 */
export function wordsOfField(definition: string, name: string): FieldWords | undefined {
  if (name === 'readOnly' && WITHOUT_READ_ONLY.test(definition))
    return { help: "Write 'readOnly: true' in the volumeMounts of the container, beside the mountPath." };
  const neighbours = Object.hasOwn(OF_NEIGHBOURS, definition) ? OF_NEIGHBOURS[definition] : undefined;
  if (neighbours !== undefined && Object.hasOwn(neighbours, name)) return neighbours[name];
  if (definition !== 'Container') return undefined;
  const word = Object.hasOwn(OF_COMPOSE, name) ? name : suggest(name, Object.keys(OF_COMPOSE));
  return word === undefined ? undefined : OF_COMPOSE[word];
}
