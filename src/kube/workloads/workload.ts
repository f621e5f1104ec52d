import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import { apiVersionOf, workloadKinds, type WorkloadKind } from '../../manifest/kinds.ts';
import { podsOfJob } from './job-pods.ts';

/** A workload of the manifests. */
export type WorkloadObject = { readonly [K in WorkloadKind]: CheckedObject<K> }[WorkloadKind];

/** A workload as the planner sees it: which pods are its own, and how they replace each other. */
export interface Workload {
  /** kubectl's short name of the kind, and the name: `deploy/web`, in another namespace `deploy/staging_web`. */
  readonly owner: string;
  /** The beginning of the names of the pods with the current template; all of its pods for a StatefulSet. */
  readonly podPrefix: string;
  /** The number of pods that the manifest asks for. */
  readonly replicas: number;
  /** The beginnings of the names of the claims of its pods, which are kept without their pods. */
  readonly claimPrefixes: readonly string[];
  readonly replacement: Replacement;
}

/**
 * How pods of an earlier template make way:
 * - `create-first`: when the new ones run
 * - `remove-first`: before the new ones are created
 * - `in-order`: pods have the same name before and after, and are created and changed one after another, removed in reverse
 * - `at-once`: the same names, all at the same time
 */
export type Replacement = 'create-first' | 'remove-first' | 'in-order' | 'at-once';

const SHORT_KINDS: Readonly<Record<WorkloadKind, string>> = {
  DaemonSet: 'ds',
  Deployment: 'deploy',
  Job: 'job',
  ReplicaSet: 'rs',
  ReplicationController: 'rc',
  StatefulSet: 'sts',
};

/** `deploy/web` @param name with its namespace, unless that is the default one (`qualified-name.ts`) */
export function ownerOf(kind: WorkloadKind, name: string): string {
  return `${SHORT_KINDS[kind]}/${name}`;
}

/** The kind with this short name of kubectl; undefined for any other text. */
export function kindOfOwner(owner: string): WorkloadKind | undefined {
  const [short = ''] = owner.split('/', 1);
  return workloadKinds.find((kind) => SHORT_KINDS[kind] === short);
}

export function isWorkload(document: CheckedDocument): document is CheckedDocument & WorkloadObject {
  return workloadKinds.some((kind) => kind === document.kind);
}

/** The number of pods that the manifest asks for; a DaemonSet has one on each node, which is this machine. */
export function replicasOf(workload: WorkloadObject): number {
  switch (workload.kind) {
    case 'DaemonSet':
      return 1;
    case 'Job':
      return podsOfJob(workload);
    default:
      return workload.value.spec?.replicas ?? 1;
  }
}

/** kubectl's words for the kinds, in lower case: `deploy`, `deployment`, `deployments`, `deployment.apps`. */
const KIND_WORDS: ReadonlyMap<string, WorkloadKind> = new Map(
  workloadKinds.flatMap((kind) => {
    const name = kind.toLowerCase();
    const [group = ''] = apiVersionOf(kind).split('/').slice(0, -1);
    const suffix = group === '' ? '' : `.${group}`;
    return [SHORT_KINDS[kind], name, `${name}s`, `${name}${suffix}`, `${name}s${suffix}`].map(
      (word) => [word, kind] as const,
    );
  }),
);

/** The workload of `deploy/web`, `deployments/web` and the like: `deploy/web`; undefined for any other text. */
export function ownerNamed(text: string): string | undefined {
  const [word = '', name, ...rest] = text.split('/');
  const kind = KIND_WORDS.get(word.toLowerCase());
  return kind === undefined || name === undefined || name === '' || rest.length > 0
    ? undefined
    : ownerOf(kind, name);
}
