import type { ProcessEnd, ProcessOutput } from '../../platform/process.ts';

/** A request to podman's service, by the path that its API has for it. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
}

export interface ServiceAnswer {
  readonly status: number;
  /** Which podman answers, such as `4.3.1`. */
  readonly version: string;
  readonly body: string;
}

/** What podman's service has to be asked in the place of a command. */
export interface Conversation {
  readonly requests: readonly ServiceRequest[];
  /** What the command would have printed; undefined where the command had better be run, and say itself what is wrong. */
  readonly outcome: (answers: readonly ServiceAnswer[]) => CommandOutcome | undefined;
}

/** What is asked of images, and what the service's answer is brought into. */
export const IMAGE_FORMAT =
  '{"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}}';

type CommandOutcome = ProcessEnd & ProcessOutput;

/**
 * The requests that come to the same as a command; undefined for all commands but those that look, and one that
 * changes no more than a name. What starts, stops or removes is left to commands: a service remembers what is mounted, and
 * does not notice in time what the commands beside it mount and unmount (podman 4.3.1, volumes of images).
 * https://docs.podman.io/en/latest/_static/api.html
 */
export function conversationOf(args: readonly string[]): Conversation | undefined {
  const { words, flags } = parse(args);
  const [verb = '', ...names] = words;
  const command = [verb, ...[...flags.keys()].sort()].join(' ');
  const format = flags.get('--format');
  switch (command) {
    case ' --version':
      return ask(get('/_ping'), ({ version }) => (version === '' ? undefined : `podman version ${version}`));
    case 'ps --all --format --no-trunc --pod':
    case 'ps --all --filter --format --no-trunc --pod':
      return format === 'json'
        ? ask(get(`/containers/json?all=true&pod=true${filters(flags.get('--filter'))}`), bodyOf)
        : undefined;
    case 'volume --format':
      return names.join() === 'ls' && format === 'json' ? ask(get('/volumes/json'), bodyOf) : undefined;
    case 'image --format':
      return names[0] === 'inspect' && format === IMAGE_FORMAT ? inspectImages(names.slice(1)) : undefined;
    case 'container':
      return names[0] === 'inspect' && names.length > 1 ? inspectContainers(names.slice(1)) : undefined;
    case 'rename':
      return names.length === 2 ? ask(rename(names[0] ?? '', names[1] ?? ''), () => '') : undefined;
    case 'top':
      return names[1] === 'pid' ? ask(get(`/containers/${segment(names[0] ?? '')}/json`), runs) : undefined;
    default:
      return undefined;
  }
}

/** The flags of the commands above that have a value; all others have none. */
const VALUED = new Set(['--filter', '--format']);

function parse(args: readonly string[]) {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-')) words.push(arg);
    else if (VALUED.has(arg)) flags.set(arg, args[++index] ?? '');
    else flags.set(arg, '');
  }
  return { words, flags };
}

/** `label=a=b` is the value `a=b` of the filter `label`. */
function filters(filter: string | undefined): string {
  if (filter === undefined) return '';
  const at = filter.indexOf('=');
  const value = { [filter.slice(0, at)]: [filter.slice(at + 1)] };
  return `&filters=${encodeURIComponent(JSON.stringify(value))}`;
}

/** @param print what the command would have printed; undefined where the answer will not do */
function ask(request: ServiceRequest, print: (answer: ServiceAnswer) => string | undefined): Conversation {
  return {
    requests: [request],
    outcome: ([answer]) => {
      const stdout = answer !== undefined && isSuccess(answer) ? print(answer) : undefined;
      return stdout === undefined ? undefined : { kind: 'exited', exitCode: 0, stdout, stderr: '' };
    },
  };
}

function bodyOf({ body }: ServiceAnswer): string {
  return body.trimEnd();
}

/** `podman top` fails for a container that does not run. */
function runs({ body }: ServiceAnswer): string | undefined {
  const { State: state } = JSON.parse(body) as { readonly State?: { readonly Running?: unknown } };
  return state?.Running === true ? '' : undefined;
}

/** A line of JSON for each image, as IMAGE_FORMAT asks for it. Of those that are not there the command says so. */
function inspectImages(names: readonly string[]): Conversation {
  return {
    requests: names.map((name) => get(`/images/${name.split('/').map(segment).join('/')}/json`)),
    outcome: (answers) => {
      if (!answers.every((answer) => isSuccess(answer) || answer.status === NOT_FOUND)) return undefined;
      const found = answers.filter(isSuccess).map(({ body }) => {
        const { Id, RepoTags, RepoDigests } = JSON.parse(body) as Record<string, unknown>;
        return JSON.stringify({ Id, RepoTags, RepoDigests });
      });
      const missing = names.filter((_, index) => answers[index]?.status === NOT_FOUND);
      return {
        kind: 'exited',
        exitCode: missing.length === 0 ? 0 : 125,
        stdout: found.join('\n'),
        stderr: missing.map((name) => `Error: ${name}: image not known`).join('\n'),
      };
    },
  };
}

/** Where one is not there, the command says so. */
function inspectContainers(names: readonly string[]): Conversation {
  return {
    requests: names.map((name) => get(`/containers/${segment(name)}/json`)),
    outcome: (answers) =>
      answers.every(isSuccess)
        ? { kind: 'exited', exitCode: 0, stdout: `[${answers.map(bodyOf).join(',')}]`, stderr: '' }
        : undefined,
  };
}

function get(path: string): ServiceRequest {
  return { method: 'GET', path };
}

function rename(from: string, to: string): ServiceRequest {
  const path = `/containers/${segment(from)}/rename?name=${encodeURIComponent(to)}`;
  return { method: 'POST', path };
}

function segment(name: string): string {
  return encodeURIComponent(name);
}

const NOT_FOUND = 404;

function isSuccess({ status }: ServiceAnswer): boolean {
  return status >= 200 && status < 300;
}
