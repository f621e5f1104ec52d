import { succeeded } from '../../../platform/process.ts';
import { TIME_LIMIT_REACHED } from '../../../platform/service.ts';
import { post, segment } from '../../client/api-call.ts';
import type { Answer, ApiChange } from '../../client/client.ts';
import { askState } from '../../client/queries.ts';
import type { ValueOf } from '../argument.ts';
import { bodyOf, type Setting } from '../setting.ts';
import { CHANGE_SECONDS, exists, isGone } from './requests.ts';

/**
 * `podman create`.
 * @param verb of the whole command, which `podman inspect` shows
 */
export function createChange(
  name: string,
  settings: readonly Setting[],
  valueOf: ValueOf,
  podman: string,
  verb: readonly string[] = ['create'],
): ApiChange {
  const words = settings.flatMap(({ flags }) => flags).map(valueOf);
  return {
    request: {
      ...post('/containers/create'),
      body: JSON.stringify({
        ...bodyOf(settings, valueOf),
        ...DEFAULTS,
        containerCreateCommand: ['podman', ...verb, ...words],
      }),
      limitSeconds: CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['create', ...words] },
    resume: { program: 'sh', args: ['-c', CREATE_AGAIN, podman, name, 'create', ...words] },
    verify: { query: askState(name), isMade: succeeded },
    // The image was removed since it was checked: the command pulls it again.
    runsCommandFor: ({ status }) => status === 404,
  };
}

/**
 * A service that is killed while it creates a container can leave its storage, which has the name although podman has no
 * such container. It is removed. `$0` is podman, `$1` the container; the other arguments create it.
 */
const CREATE_AGAIN = '"$0" rm --force --time 0 "$1" >/dev/null 2>&1; shift; exec "$0" "$@"';

/**
 * What the commands send if a flag is not given. The service has other defaults for them (specgenutil.FillOutSpecGen in
 * pkg/specgenutil/specgen.go, and DefineCreateFlags in cmd/podman/common/create.go).
 */
const DEFAULTS = {
  env_host: false,
  image_volume_mode: 'anonymous',
  manage_password: true,
  sdnotifyMode: 'container',
  seccomp_policy: 'default',
  systemd: 'true',
  umask: '0022',
} as const;

/**
 * `podman start`.
 * @param otherwise the command for a container whose working directory is missing, which it creates
 */
export function startChange(name: string, otherwise: ApiChange['command'], podman: string): ApiChange {
  return {
    request: { ...post(`/containers/${segment(name)}/start`), limitSeconds: CHANGE_SECONDS },
    command: otherwise,
    resume: { program: 'sh', args: ['-c', RESUME, podman, name] },
    verify: { query: askState(name), isMade: hasStarted },
    resumesAfter: ({ body }) => DAMAGED.test(body),
    runsCommandFor: ({ body }) =>
      WITHOUT_CAUSE.test(body) || (otherwise.program !== 'podman' && NO_WORKDIR.test(body)),
  };
}

/**
 * A service that is killed while it starts a container can leave it with the OCI runtime, created or started, although
 * podman has not recorded it: the next start fails. The runtime then removes its part, and the container starts anew. The container may
 * be the infra container. `$0` is podman, `$1` the container.
 */
const RESUME = [
  'said=$("$0" start "$1" 2>&1 >/dev/null) && exit',
  'code=$?',
  'id=$(printf %s "$said" | grep -E "already exists|already running|exec[.]fifo|start [0-9a-f]{64}.? failed|with given ID already|container with id exists" | grep -oE "[0-9a-f]{64}" | tail -n 1)',
  '[ -z "$id" ] || { runtime=$("$0" container inspect --format "{{.OCIRuntime}}" "$id") && ' +
    '"$runtime" delete --force "$id" && exec "$0" start "$1"; }',
  'printf "%s\\n" "$said" >&2',
  'exit "$code"',
].join('; ');

/** What an earlier service that was killed left with the OCI runtime. */
const DAMAGED = /start [0-9a-f]{64}\W? failed|exec\.fifo|already exists/;

/** The service logs the cause, which the command prints. */
const WITHOUT_CAUSE = /internal libpod error/;

const NO_WORKDIR = /workdir .* does not exist on container /;

/** `podman rm --force`: stops the container within its grace period and removes it. */
export function removeChange(name: string, graceSeconds: number): ApiChange {
  const time = graceSeconds.toString();
  return {
    request: {
      method: 'DELETE',
      path: `/containers/${segment(name)}?force=true&ignore=true&timeout=${time}`,
      limitSeconds: graceSeconds + CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['rm', '--force', '--ignore', '--time', time, name] },
    verify: { query: askState(name), isMade: isGone },
  };
}

function hasStarted(answer: Answer): boolean {
  return succeeded(answer) && /^(?:running|paused|stopping|stopped|exited)/.test(answer.stdout.trim());
}

/** `podman update`. */
export function updateChange(
  name: string,
  resources: readonly Setting[],
  restart: string | undefined,
  valueOf: ValueOf,
): ApiChange {
  const { resource_limits: limits = {} } = bodyOf(resources, valueOf);
  const parameters = restart === undefined ? '' : `?restartPolicy=${restart}`;
  const args = [
    'update',
    ...resources.flatMap(({ flags }) => flags).map(valueOf),
    ...(restart === undefined ? [] : ['--restart', restart]),
    name,
  ];
  return {
    request: {
      ...post(`/containers/${segment(name)}/update${parameters}`),
      body: JSON.stringify(limits),
      limitSeconds: CHANGE_SECONDS,
    },
    command: { program: 'podman', args },
    // An update can be repeated.
    verify: { query: askState(name), isMade: () => false },
  };
}

/** `podman unpause`. */
export function unpauseChange(name: string): ApiChange {
  return {
    request: { ...post(`/containers/${segment(name)}/unpause`), limitSeconds: CHANGE_SECONDS },
    command: { program: 'podman', args: ['unpause', name] },
    verify: {
      query: askState(name),
      isMade: (answer) => succeeded(answer) && answer.stdout.trim() !== 'paused',
    },
  };
}

/** `podman rename`. */
export function renameChange(from: string, to: string): ApiChange {
  return {
    request: post(`/containers/${segment(from)}/rename?name=${encodeURIComponent(to)}`),
    command: { program: 'podman', args: ['rename', from, to] },
    verify: exists(askState(to)),
    // Whether the name was changed or not: the command's error tells it.
    runsCommandFor: () => true,
  };
}

/** `podman stop` of one container. */
export function stopChange(name: string, graceSeconds: number): ApiChange {
  const time = graceSeconds.toString();
  return {
    request: {
      ...post(`/containers/${segment(name)}/stop?timeout=${time}`),
      limitSeconds: graceSeconds + CHANGE_SECONDS,
    },
    command: { program: 'podman', args: ['stop', '--time', time, name] },
    verify: {
      query: askState(name),
      isMade: (answer) =>
        isGone(answer) || (succeeded(answer) && /^(?:exited|stopped)/.test(answer.stdout.trim())),
    },
  };
}

/** `podman kill`. A container that has exited cannot receive a signal, and does not need it. */
export function killChange(name: string, signal: string): ApiChange {
  return {
    request: post(`/containers/${segment(name)}/kill?signal=${encodeURIComponent(signal)}`),
    command: { program: 'podman', args: ['kill', '--signal', signal, name] },
    verify: { query: askState(name), isMade: () => true },
    accepts: [409],
  };
}

const WAIT = 'timeout "$1" "$0" wait --interval 50ms "$2" >/dev/null 2>&1 || true';

/** `podman wait`, for at most this time: what is still running then is left to the next stage. */
export function waitChange(name: string, limitSeconds: number, podman: string): ApiChange {
  const path = `/containers/${segment(name)}/wait?interval=50ms`;
  return {
    request: { ...post(path), limitSeconds, endsAtLimit: true },
    command: { program: 'sh', args: ['-c', WAIT, podman, limitSeconds.toString(), name] },
    verify: { query: askState(name), isMade: () => true },
    accepts: [TIME_LIMIT_REACHED],
  };
}
