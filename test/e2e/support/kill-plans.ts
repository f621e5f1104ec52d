import { BUSYBOX } from './images.ts';

/** A kind of plan in which podpose is killed. */
export interface KillPlan {
  readonly name: string;
  /** The initial state: manifests, or only the PersistentVolumeClaim with its data. */
  readonly before?: string;
  /** Its manifests; an empty list takes everything down. */
  readonly after?: string;
  readonly args: readonly string[];
  /** Whether the plan from `after` to `before` is of the same kind. */
  readonly isMutual?: boolean;
  /** The number of running containers at its end, including infra containers. */
  readonly runs: number;
  readonly keepsClaim: boolean;
}

interface Shape {
  readonly version?: number;
  readonly hostname?: string;
  readonly setting?: string;
  readonly more?: boolean;
}

/**
 * A pod with init containers, a PersistentVolumeClaim and files. Some of its containers ignore SIGTERM: podman prints
 * warnings while it stops them. Each hostname begins with the ID of the scenario.
 */
function manifests(id: string, { version = 1, hostname = 'one', setting = 'one', more = false }: Shape) {
  const surplus = `    - { name: more, image: ${BUSYBOX}, command: [sleep, "3600"] }\n`;
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${id}-data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { setting: ${setting} }
---
apiVersion: v1
kind: Pod
metadata: { name: ${id} }
spec:
  hostname: ${id}-${hostname}
  terminationGracePeriodSeconds: 1
  initContainers:
    - name: fill
      image: ${BUSYBOX}
      command: [sh, -c, 'sleep 0.5; echo filling; [ -e /data/mark ] || hostname >/data/mark; echo filled']
      volumeMounts: [{ name: data, mountPath: /data }]
    - { name: last, image: ${BUSYBOX}, command: ["true"] }
  containers:
    - name: deaf
      image: ${BUSYBOX}
      command: [sleep, "3600"]
      env: [{ name: VERSION, value: "${version}" }]
      volumeMounts: [{ name: data, mountPath: /data }, { name: settings, mountPath: /settings }]
    - { name: good, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.2; done"] }
${more ? surplus : ''}  volumes:
    - { name: data, persistentVolumeClaim: { claimName: ${id}-data } }
    - { name: settings, configMap: { name: settings } }
`;
}

function orphan(id: string): string {
  return `---
apiVersion: v1
kind: Pod
metadata: { name: ${id}-orphan }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - { name: deaf, image: ${BUSYBOX}, command: [sleep, "3600"] }
`;
}

export function killPlans(id: string): readonly KillPlan[] {
  const base = manifests(id, {});
  const up = { args: ['up', '-d'], runs: 3, keepsClaim: true } as const;
  return [
    { ...up, name: 'new pod', after: base },
    {
      ...up,
      name: 'changed container',
      before: base,
      after: manifests(id, { version: 2 }),
      isMutual: true,
    },
    {
      ...up,
      name: 'replaced pod',
      before: base,
      after: manifests(id, { hostname: 'two' }),
      isMutual: true,
    },
    { ...up, name: 'surplus container', before: manifests(id, { more: true }), after: base },
    {
      ...up,
      name: 'changed ConfigMap',
      before: base,
      after: manifests(id, { setting: 'two' }),
      isMutual: true,
    },
    {
      ...up,
      name: 'orphan',
      before: base + orphan(id),
      after: base,
      args: ['up', '-d', '--remove-orphans', '--yes'],
    },
    { name: 'down', before: base, args: ['down'], runs: 0, keepsClaim: true },
    {
      name: 'down --volumes',
      before: base,
      args: ['down', '--volumes', '--yes'],
      runs: 0,
      keepsClaim: false,
    },
  ];
}
