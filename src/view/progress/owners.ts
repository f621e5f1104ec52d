import type { Plan } from '../../plan/plan.ts';
import type { Step } from '../../plan/step.ts';
import { podOf, stepWords } from './step-words.ts';

/** The workloads of the pods in a plan, by the name of the pod. */
export type Owners = ReadonlyMap<string, string>;

export function ownersIn({ changes }: Plan): Owners {
  return new Map(
    changes.flatMap(({ owner, subject }) =>
      owner !== undefined && 'pod' in subject ? [[subject.pod, owner] as const] : [],
    ),
  );
}

/** The subject of a step as plans print it: `deploy/web pod/web-5c9f1-1 container/nginx`. */
export function ownedSubject(step: Step, owners: Owners): string {
  const { subject } = stepWords(step);
  const owner = owners.get(podOf(step) ?? '');
  return owner === undefined || !subject.startsWith('pod/') ? subject : `${owner} ${subject}`;
}
