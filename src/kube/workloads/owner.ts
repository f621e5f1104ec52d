import type { WorkloadKind } from '../../manifest/kinds.ts';

// The command line is read with this file before the rest of podpose is loaded, so it imports types only.

/** kubectl's short name of a kind, and the group of its API. */
interface KindNames {
  readonly short: string;
  /** Empty for the core group. */
  readonly group: string;
}

const KINDS: Readonly<Record<WorkloadKind, KindNames>> = {
  DaemonSet: { short: 'ds', group: 'apps' },
  Deployment: { short: 'deploy', group: 'apps' },
  Job: { short: 'job', group: 'batch' },
  ReplicaSet: { short: 'rs', group: 'apps' },
  ReplicationController: { short: 'rc', group: '' },
  StatefulSet: { short: 'sts', group: 'apps' },
};

const ENTRIES = Object.entries(KINDS) as readonly (readonly [WorkloadKind, KindNames])[];

/** `deploy/web` @param name with its namespace, unless that is the default one (`qualified-name.ts`) */
export function ownerOf(kind: WorkloadKind, name: string): string {
  return `${KINDS[kind].short}/${name}`;
}

/** The kind with this short name of kubectl; undefined for any other text. */
export function kindOfOwner(owner: string): WorkloadKind | undefined {
  const [word = ''] = owner.split('/', 1);
  return ENTRIES.find(([, { short }]) => short === word)?.[0];
}

/** kubectl's words for the kinds, in lower case: `deploy`, `deployment`, `deployments`, `deployment.apps`. */
const KIND_WORDS: ReadonlyMap<string, WorkloadKind> = new Map(
  ENTRIES.flatMap(([kind, { short, group }]) => {
    const name = kind.toLowerCase();
    const suffix = group === '' ? '' : `.${group}`;
    return [short, name, `${name}s`, `${name}${suffix}`, `${name}s${suffix}`].map(
      (word) => [word, kind] as const,
    );
  }),
);

/** kubectl's words for Ingresses, whose proxy has a pod. */
export const INGRESS_WORDS: ReadonlySet<string> = new Set(
  ['ing', 'ingress', 'ingresses'].flatMap((word) => [word, `${word}.networking.k8s.io`]),
);

/** kubectl's words for CronJobs, whose Jobs have pods. */
export const CRON_JOB_WORDS: ReadonlySet<string> = new Set(
  ['cronjob', 'cronjobs'].flatMap((word) => [word, `${word}.batch`]).concat('cj'),
);

/**
 * The owner of pods in `deploy/web`, `deployments/web`, `ing/shop` and the like: `deploy/web`; undefined for any other text.
 */
export function ownerNamed(text: string): string | undefined {
  const [word = '', name, ...rest] = text.split('/');
  if (name === undefined || name === '' || rest.length > 0) return undefined;
  if (INGRESS_WORDS.has(word.toLowerCase())) return `ing/${name}`;
  if (CRON_JOB_WORDS.has(word.toLowerCase())) return `cronjob/${name}`;
  const kind = KIND_WORDS.get(word.toLowerCase());
  return kind === undefined ? undefined : ownerOf(kind, name);
}
