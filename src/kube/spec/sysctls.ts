/** The scope of a kernel parameter: a namespace, or the whole machine. */
export type SysctlScope = 'ipc' | 'net' | 'machine';

/** Prefixes as in pkg/kubelet/sysctl/namespace.go and k8s.io/component-helpers/node/util/sysctl. */
const scopes: readonly (readonly [string, SysctlScope])[] = [
  ['kernel.sem', 'ipc'],
  ['kernel.shm', 'ipc'],
  ['kernel.msg', 'ipc'],
  ['fs.mqueue.', 'ipc'],
  ['net.', 'net'],
];

/** @param name with dots */
export function sysctlScope(name: string): SysctlScope {
  return scopes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'machine';
}

/**
 * The name with dots as separators. In a name with slashes, dots within a part become slashes (sysctl.d(5), and
 * NormalizeName in k8s.io/component-helpers).
 */
export function normalSysctlName(written: string): string {
  const firstSeparator = /[./]/.exec(written)?.[0];
  return firstSeparator === '/'
    ? written.replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'))
    : written;
}

/** The parameters of the IPC namespace besides `fs.mqueue.*` that an API server knows; the kernel has others. */
const KERNEL_NAMES: ReadonlySet<string> = new Set([
  'kernel.msg',
  'kernel.msgmax',
  'kernel.msgmnb',
  'kernel.msgmni',
  'kernel.sem',
  'kernel.shm',
  'kernel.shm_rmid_forced',
  'kernel.shmall',
  'kernel.shmmax',
  'kernel.shmmni',
]);

/**
 * Whether an API server knows the namespace of a parameter of a namespace (GetNamespace in
 * k8s.io/component-helpers/node/util/sysctl).
 * @param name with dots
 */
export function isKnownToServer(name: string): boolean {
  return !name.startsWith('kernel.') || KERNEL_NAMES.has(name);
}
