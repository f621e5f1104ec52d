import { sanitize } from '../../base/sanitize.ts';
import type { Step } from '../../plan/step.ts';
import { subjectId } from '../../plan/change.ts';
import type { Operation } from '../../podman/operations/operation.ts';

/** What is said of a step, wherever it is shown. */
export interface StepWords {
  /** What it acts on, as plans name it: `pod/web init/setup`. */
  readonly subject: string;
  /** While it runs: `creating`. */
  readonly doing: string;
  /** When it has succeeded: `created`. */
  readonly done: string;
}

export function stepWords({ operation, cause }: Step): StepWords {
  switch (operation.kind) {
    case 'pull-image':
      return words(`image ${operation.image}`, 'pulling', 'pulled');
    case 'check-image-user':
      return words(
        `pod/${operation.pod} container/${operation.container}`,
        'looking who its image runs as',
        'its image does not run as root',
      );
    case 'create-volume':
      return words(`pod/${operation.pod} volume/${operation.volume}`, 'creating', 'created');
    case 'set-volume-mode':
      return words(`pod/${operation.pod} volumes`, 'opening to all users', 'opened to all users');
    case 'create-claim-volume':
      return words(subjectId({ kind: 'claim', name: operation.claimName }), 'creating', 'created');
    case 'set-volume-ownership':
      return words(`pod/${operation.pod} volumes`, 'giving to its group', 'given to its group');
    case 'mount-volume':
      return words(
        `pod/${operation.pod} volume/${operation.volume}`,
        'putting into memory',
        'kept in memory',
      );
    case 'write-files':
      return words(`pod/${operation.pod} volume/${operation.volume}`, 'writing its files', 'files written');
    case 'create-files-record':
      return words(`pod/${operation.pod.name} volumes`, 'noting the update', 'about to be updated');
    case 'finish-files-record':
      return words(`pod/${operation.pod.name} volumes`, 'noting the update', 'update noted');
    case 'make-host-path':
      return words(operation.path, 'creating', 'created');
    case 'make-termination-log':
      return words(
        `pod/${operation.pod} container/${operation.container}`,
        'making a file for its last message',
        'file for its last message made',
      );
    case 'make-sub-path':
      return words(
        `pod/${operation.pod} container/${operation.container}`,
        `making the folder ${operation.subPath}`,
        `folder ${operation.subPath} made`,
      );
    case 'close-sub-paths':
      return words(`pod/${operation.pod} subPaths`, 'unmounting', 'unmounted');
    case 'create-secret':
      return words(
        `pod/${operation.pod} container/${operation.container}`,
        'handing over a secret',
        'secret handed over',
      );
    case 'create-pod':
      return words(`pod/${operation.pod.name}`, 'creating', 'created');
    case 'start-infra':
      return words(`pod/${operation.pod}`, 'starting', 'started');
    case 'run-container': {
      const { pod, container } = operation;
      const subject = subjectId({
        kind: 'container',
        pod: pod.name,
        role: container.role,
        name: container.name,
      });
      return container.role === 'init'
        ? words(subject, 'running', 'completed')
        : words(subject, 'starting', 'started');
    }
    case 'create-replacement':
      return words(
        `pod/${operation.pod.name} container/${operation.container.name}`,
        'creating the new one',
        'new one created',
      );
    case 'verify-running':
      return words(`pod/${operation.pod} container/${operation.container}`, 'waiting for it to run', 'runs');
    case 'stop-containers':
      return words(containersSubject(operation.pod, operation.containers), 'stopping', 'stopped');
    case 'rename-container':
      return words(
        `pod/${operation.pod} container/${operation.container}`,
        'taking its name',
        'has its name',
      );
    case 'start-container':
      return words(`pod/${operation.pod} container/${operation.container}`, 'starting', 'started');
    case 'create-container-record':
      return words(
        `pod/${operation.pod.name} container/${operation.container.name}`,
        'noting the update',
        operation.says === 'in-doubt' ? 'about to be updated' : 'update noted',
      );
    case 'update-container':
      return words(`pod/${operation.pod.name} container/${operation.container.name}`, 'updating', 'updated');
    case 'unpause-container':
      return words(`pod/${operation.pod} container/${operation.container}`, 'resuming', 'resumed');
    case 'remove-pod':
      return words(`pod/${operation.pod}`, 'stopping and removing', 'removed');
    case 'remove-containers':
      return cause !== undefined && isContainer(cause)
        ? words(cause, 'removing the old one', 'old one removed')
        : words(
            cause ?? operation.containers.join(', '),
            'removing stray containers',
            'stray containers removed',
          );
    case 'remove-volumes':
      return cause !== undefined && isClaim(cause)
        ? words(cause, 'removing', 'removed')
        : words(cause ?? operation.volumes.join(', '), 'removing volumes', 'volumes removed');
    case 'remove-secrets':
      return words(cause ?? 'secrets', 'removing secrets', 'secrets removed');
  }
}

function containersSubject(pod: string, containers: readonly string[]): string {
  const names = containers.map((name) => (name.startsWith(`${pod}-`) ? name.slice(pod.length + 1) : name));
  return `pod/${pod} ${names.map((name) => `container/${name}`).join(', ')}`;
}

/** Whether the change that a step is part of is that of a container, and not of a whole pod. */
function isContainer(cause: string): boolean {
  return cause.includes(' ');
}

/** Whether it is that of the volume of a claim. */
export function isClaim(cause: string): boolean {
  return cause.startsWith('volume/');
}

function words(subject: string, doing: string, done: string): StepWords {
  return { subject: sanitize(subject), doing: sanitize(doing), done: sanitize(done) };
}

/** The pod that a step belongs to; none for what serves several, such as an image. */
export function podOf({ operation, cause }: Step): string | undefined {
  if ('pod' in operation) return typeof operation.pod === 'string' ? operation.pod : operation.pod.name;
  return cause === undefined ? undefined : /^pod\/(\S+)/.exec(cause)?.[1];
}

/** The container that a step runs or starts, by its name in the pod. */
export function containerOf({ operation }: Step): string | undefined {
  switch (operation.kind) {
    case 'run-container':
    case 'create-replacement':
    case 'update-container':
    case 'create-container-record':
      return operation.container.name;
    case 'start-container':
    case 'unpause-container':
    case 'verify-running':
    case 'rename-container':
    case 'make-sub-path':
    case 'make-termination-log':
    case 'check-image-user':
      return operation.container;
    default:
      return undefined;
  }
}

/** Whether the step runs an init container: it may take long, and prints what its author wants to be seen. */
export function isInit({ operation }: Step): boolean {
  return operation.kind === 'run-container' && operation.container.role === 'init';
}

const PLUMBING: ReadonlySet<Operation['kind']> = new Set<Operation['kind']>([
  'check-image-user',
  'create-volume',
  'set-volume-mode',
  'set-volume-ownership',
  'mount-volume',
  'create-files-record',
  'finish-files-record',
  'make-host-path',
  'make-sub-path',
  'close-sub-paths',
  'make-termination-log',
  'create-secret',
  'start-infra',
  'create-replacement',
  'verify-running',
  'rename-container',
]);

/** Whether the step is quick, and of no interest to anyone for as long as it works. */
export function isPlumbing({ operation }: Step): boolean {
  return PLUMBING.has(operation.kind);
}
