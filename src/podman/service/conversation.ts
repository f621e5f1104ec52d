import type { ProcessEnd, ProcessOutput } from '../process.ts';

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

/** What podman's service has to be asked in the place of a command, and what the command would have printed. */
export interface Conversation {
  readonly requests: readonly ServiceRequest[];
  readonly outcome: (answers: readonly ServiceAnswer[]) => CommandOutcome;
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
  switch (command) {
    case ' --version':
      return {
        requests: [get('/_ping')],
        outcome: ([answer]) => printed(`podman version ${answer?.version ?? ''}`),
      };
    case 'ps --all --format --no-trunc --pod':
    case 'ps --all --filter --format --no-trunc --pod':
      return list(`/containers/json?all=true&pod=true${filters(flags.get('--filter'))}`);
    case 'volume --format':
      return names.join() === 'ls' && flags.get('--format') === 'json' ? list('/volumes/json') : undefined;
    case 'image --format':
      return names[0] === 'inspect' && flags.get('--format') === IMAGE_FORMAT
        ? inspectImages(names.slice(1))
        : undefined;
    case 'rename':
      return names.length === 2 ? rename(names[0] ?? '', names[1] ?? '') : undefined;
    case 'top':
      return names[1] === 'pid' ? seeRunning(names[0] ?? '') : undefined;
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

function list(path: string): Conversation {
  return {
    requests: [get(path)],
    outcome: ([answer]) => (answer === undefined ? failed([]) : outcomeOf(answer)),
  };
}

/** A line of JSON for each image, as the template of `podman image inspect` asks for it. */
function inspectImages(names: readonly string[]): Conversation {
  return {
    requests: names.map((name) => get(`/images/${name.split('/').map(segment).join('/')}/json`)),
    outcome: (answers) => {
      const found = answers.filter(isSuccess).map(({ body }) => {
        const { Id, RepoTags, RepoDigests } = JSON.parse(body) as Record<string, unknown>;
        return JSON.stringify({ Id, RepoTags, RepoDigests });
      });
      const errors = answers.flatMap((answer) => (isSuccess(answer) ? [] : [errorOf(answer)]));
      return errors.length === 0 ? printed(found.join('\n')) : failed(errors, found.join('\n'));
    },
  };
}

/** `podman top` says most quickly whether a container runs; its service, what state the container is in. */
function seeRunning(name: string): Conversation {
  return {
    requests: [get(`/containers/${segment(name)}/json`)],
    outcome: ([answer]) => {
      if (answer === undefined || !isSuccess(answer))
        return failed(answer === undefined ? [] : [errorOf(answer)]);
      const { State: state } = JSON.parse(answer.body) as { readonly State?: { readonly Running?: unknown } };
      return state?.Running === true
        ? printed('')
        : failed(['Error: top can only be used on running containers']);
    },
  };
}

function rename(from: string, to: string): Conversation {
  const path = `/containers/${segment(from)}/rename?name=${encodeURIComponent(to)}`;
  return { requests: [{ method: 'POST', path }], outcome: ([answer]) => outcomeOf(answer) };
}

function get(path: string): ServiceRequest {
  return { method: 'GET', path };
}

function segment(name: string): string {
  return encodeURIComponent(name);
}

function isSuccess({ status }: ServiceAnswer): boolean {
  return status >= 200 && status < 300;
}

function outcomeOf(answer: ServiceAnswer | undefined): CommandOutcome {
  if (answer === undefined) return failed([]);
  return isSuccess(answer) ? printed(answer.body.trimEnd()) : failed([errorOf(answer)]);
}

/** In the words in which the command would have said it. */
function errorOf({ body, status }: ServiceAnswer): string {
  return `Error: ${messageOf(body) ?? `podman's service answers with status ${status.toString()}`}`;
}

function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

function printed(stdout: string): CommandOutcome {
  return { kind: 'exited', exitCode: 0, stdout, stderr: '' };
}

function failed(errors: readonly string[], stdout = ''): CommandOutcome {
  return { kind: 'exited', exitCode: 125, stdout, stderr: errors.join('\n') };
}
