import { jobPodPrefix } from '../kube/jobs/desired-job.ts';
import { recordOwner } from '../podman/job-record.ts';
import type { JobAction } from './job-decisions.ts';

/** What a watcher reports of an action. */
export function actionWords(action: JobAction): string | undefined {
  switch (action.kind) {
    case 'record': {
      const { record } = action;
      const end = record.kind === 'job' ? record.status.end : undefined;
      if (end === undefined) return undefined;
      return end.type === 'Complete'
        ? `${recordOwner(record)} is complete`
        : `${recordOwner(record)} has failed: ${end.message} (${end.reason})`;
    }
    case 'create-pods':
      return `${recordOwner(action.record)} starts ${action.pods
        .map(({ suffix }) => `pod/${jobPodPrefix(action.record.job)}${suffix}`)
        .join(', ')}`;
    case 'remove-pods':
      return `removing ${action.pods.map((pod) => `pod/${pod}`).join(', ')}`;
    case 'create-job':
      return `${recordOwner(action.record)} creates job/${action.job}`;
    case 'remove-job':
      return `removing ${recordOwner(action.record)}`;
  }
}
