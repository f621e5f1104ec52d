import { POD_WORDS } from '../engine/pod-reference.ts';
import { CRON_JOB_WORDS, INGRESS_WORDS, kindOfOwner, ownerNamed } from '../kube/workloads/owner.ts';
import { workloadKinds, type WorkloadKind } from '../manifest/kinds.ts';

/** A kind that `get` lists. */
export type ListedKind = 'pods' | 'services' | 'ingresses' | 'cronjobs' | WorkloadKind;

/** The objects of one kind that a user names; all of the kind without names. */
export interface ListedObjects {
  readonly kind: ListedKind;
  readonly names: readonly string[];
}

const SERVICE_WORDS: ReadonlySet<string> = new Set(['svc', 'service', 'services']);

const ALL: readonly ListedKind[] = ['pods', 'services', 'ingresses', ...workloadKinds, 'cronjobs'];

/**
 * The objects of `deploy`, `deploy,svc`, `deploy web`, `deploy/web svc/web`, `all` and the like, as kubectl reads them; undefined
 * for other operands, and for pods alone.
 */
export function listedObjects(operands: readonly string[]): readonly ListedObjects[] | undefined {
  const listed = operands.every((operand) => operand.includes('/')) ? ofEach(operands) : ofFirst(operands);
  return listed === undefined || listed.every(({ kind }) => kind === 'pods') ? undefined : listed;
}

/** `deploy/web svc/web` */
function ofEach(operands: readonly string[]): readonly ListedObjects[] | undefined {
  const named = operands.map((operand) => {
    const [word = '', name = '', ...rest] = operand.split('/');
    const kind = rest.length === 0 && name !== '' ? kindNamed(word) : undefined;
    return kind === undefined ? undefined : { kind, name };
  });
  if (named.includes(undefined)) return undefined;
  const known = named.flatMap((one) => one ?? []);
  return [...new Set(known.map(({ kind }) => kind))].map((kind) => ({
    kind,
    names: known.filter((one) => one.kind === kind).map(({ name }) => name),
  }));
}

/** `deploy,svc`, `deploy web db` */
function ofFirst([first = '', ...names]: readonly string[]): readonly ListedObjects[] | undefined {
  if (first === 'all' && names.length === 0) return ALL.map((kind) => ({ kind, names }));
  const kinds = first.split(',').map(kindNamed);
  return kinds.includes(undefined) ? undefined : kinds.flatMap((kind) => (kind ? [{ kind, names }] : []));
}

function kindNamed(word: string): ListedKind | undefined {
  if (POD_WORDS.has(word)) return 'pods';
  if (SERVICE_WORDS.has(word)) return 'services';
  if (INGRESS_WORDS.has(word)) return 'ingresses';
  if (CRON_JOB_WORDS.has(word.toLowerCase())) return 'cronjobs';
  const owner = ownerNamed(`${word}/name`);
  return owner === undefined ? undefined : kindOfOwner(owner);
}
