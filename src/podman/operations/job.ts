import {
  encodeJobRecord,
  newRecordName,
  recordName,
  recordOwner,
  recordSecrets,
  type JobRecord,
} from '../job-record.ts';
import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import { podmanWith, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { secretVariable } from './input.ts';
import { labelFlags } from './labels.ts';

export type JobOperation = RecordJob | RemoveJobRecord | CreateJobSecret;

/** Records a Job or CronJob in a container that never runs, in the place of an earlier record. */
export interface RecordJob {
  readonly kind: 'record-job';
  readonly project: string;
  readonly record: JobRecord;
}

export interface RemoveJobRecord {
  readonly kind: 'remove-job-record';
  /** `job/load`, `cronjob/report` */
  readonly owner: string;
  /** podman's name. */
  readonly container: string;
}

/** Creates a podman secret with all secret values of the template of a Job, for the pods that a watcher creates. */
export interface CreateJobSecret {
  readonly kind: 'create-job-secret';
  readonly project: string;
  readonly owner: string;
  readonly fingerprint: string;
}

const GROUP = 'Job';

export const JOB_OPERATIONS: Definitions<JobOperation> = {
  'record-job': {
    command: recordCommand,
    describe: ({ record }) => `record ${recordOwner(record)}`,
    words: ({ record }) => ({
      subject: recordOwner(record),
      group: GROUP,
      ...(record.status.isStopped === true
        ? { doing: 'stopping', done: 'stopped', result: 'stopped' }
        : { doing: 'recording', done: 'recorded', result: 'made' }),
    }),
    target: () => ({}),
  },
  'remove-job-record': {
    command: ({ container }) =>
      podmanWith(['rm', '--force', '--time', '0', '--ignore', container, newRecordName(container)]),
    describe: ({ owner }) => `remove ${owner}`,
    words: ({ owner }) => ({
      subject: owner,
      ...{ group: GROUP, doing: 'removing', done: 'removed', result: 'removed' },
    }),
    target: () => ({}),
  },
  'create-job-secret': {
    command: secretCommand,
    describe: ({ owner }) => `create the podman secret for ${owner}`,
    words: ({ owner }) => ({
      subject: owner,
      ...{ group: GROUP, doing: 'creating a podman secret', done: 'podman secret created', isInternal: true },
    }),
    target: () => ({}),
  },
};

/** podman's name of the secret of a record; undefined if it has none. */
export function jobSecretName(project: string, record: JobRecord): string | undefined {
  const secrets = recordSecrets(record);
  return secrets === undefined ? undefined : secretName(project, recordOwner(record), secrets);
}

/** There is a record at any time: the new one has another name until the one before is removed. */
const RECORD =
  'name=$1 && shift && "$0" create --replace --name "${name}_new" "$@" && "$0" rm --force --time 0 --ignore "$name" >/dev/null && exec "$0" rename "${name}_new" "$name"';

/** A container without an image and a network: the directory is never mounted, as it never runs. */
function recordCommand({ project, record }: RecordJob, _capabilities: unknown, podman: string): Command {
  const settings = ['--network', 'none', ...labelFlags(encodeJobRecord(project, record))];
  return {
    program: 'sh',
    args: ['-c', RECORD, podman, recordName(record), ...settings, '--rootfs', '/usr', 'true'],
  };
}

/** As `create-secret`. */
function secretCommand(
  { project, owner, fingerprint }: CreateJobSecret,
  _capabilities: unknown,
  podman: string,
): Command {
  const labels = { [LABEL.project]: project, [LABEL.pod]: owner, [LABEL.role]: 'secret' };
  const name = secretName(project, owner, fingerprint);
  return {
    program: 'sh',
    args: ['-c', 'cat | "$0" "$@"', podman, 'secret', 'create', ...labelFlags(labels), name, '-'],
    input: {
      ...{ kind: 'secret', fingerprint, variable: secretVariable(owner) },
      holds: `the secret values of ${owner}`,
    },
  };
}
