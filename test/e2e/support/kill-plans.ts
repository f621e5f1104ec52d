import { BUSYBOX } from './images.ts';

/** A plan of some kind, to be killed in. */
export interface KillPlan {
  readonly name: string;
  /** What is there when it begins: manifests, or nothing but the claim with its data. */
  readonly before?: string;
  /** The manifests of it; it takes all down where there are none. */
  readonly after?: string;
  readonly args: readonly string[];
  /** Whether the way from `after` to `before` is as good a plan of the kind. */
  readonly isMutual?: boolean;
  /** How many containers run at its end, infra containers included. */
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
 * A pod with init containers, a claim and files, whose containers do not all listen to SIGTERM: podman warns while it stops
 * those. Each hostname begins with the id of the scenario.
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
