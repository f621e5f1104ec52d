import { KUBELET_VERSION } from '../../kube/spec/defaults.ts';
import type { HttpGetAction, LifecycleHook } from '../../kube/spec/probe.ts';
import { askAddress } from '../client/queries.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Argument, type Command } from './argument.ts';
import type { RunPostStart, TerminateContainers, Termination } from './hook-work.ts';
import { quote } from './shell.ts';
import { SIGNAL_AND_WAIT } from './stop.ts';

/** Where a hook runs. */
interface HookTarget {
  /** podman's name of the container. */
  readonly name: string;
  readonly hostNetwork: boolean;
}

/** The command of a postStart hook. It has no time limit. */
export function postStartCommand({ hook, ...target }: RunPostStart): Command {
  if ('exec' in hook) return podmanWith(['exec', target.name, ...hook.exec.command]);
  if ('sleep' in hook) return { program: 'sleep', args: [hook.sleep.seconds.toString()] };
  const args = requestArguments(hook.httpGet, target);
  return target.hostNetwork
    ? { program: 'node', args }
    : podmanWith(['unshare', '--rootless-netns', 'node', ...args]);
}

/** `exec sh -c ...`, `GET :8080/ready`, `sleep 5`. */
export function hookWords(hook: LifecycleHook): string {
  if ('exec' in hook) return shortened(`exec ${hook.exec.command.join(' ')}`);
  if ('sleep' in hook) return `sleep ${hook.sleep.seconds}`;
  const { scheme, host = '', port, path } = hook.httpGet;
  return shortened(`GET ${scheme === 'HTTPS' ? 'https://' : ''}${host}:${port}${path}`);
}

const MOST_CHARACTERS = 60;

function shortened(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}...` : text;
}

/** Sends a request to a URL, with the names and values of headers. Any response is a success, whatever its status. */
const SEND_REQUEST = [
  'const { argv: [, url, ...rest] } = process',
  'const { request } = require(new URL(url).protocol.slice(0, -1))',
  'const sent = request(url, { agent: false, rejectUnauthorized: false }, (response) => response.resume())',
  'for (let at = 0; at < rest.length; at += 2) sent.appendHeader(rest[at], rest[at + 1])',
  'sent.end()',
].join('; ');

/** By node, on which podpose runs: not every machine has curl. It does not follow redirects; podpose does. */
function requestArguments(
  { scheme, host = '', port, path, httpHeaders }: HttpGetAction,
  { name, hostNetwork }: HookTarget,
): readonly Argument[] {
  const before = `${scheme.toLowerCase()}://`;
  const after = `:${port}${path.startsWith('/') ? path : `/${path}`}`;
  const known = host === '' && hostNetwork ? '127.0.0.1' : host;
  const url: Argument =
    known === '' ? { before, ask: askAddress(name), after } : `${before}${inUrl(known)}${after}`;
  const headers = httpHeaders.flatMap((header) => [header.name, header.value]);
  return ['-e', SEND_REQUEST, url, 'User-Agent', `kube-lifecycle/${KUBELET_VERSION}`, ...headers];
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * `$0` is podman, `$1` the grace period in seconds; the others are the addresses of the containers whose hook is a
 * request.
 */
export function terminateCommand(
  operation: TerminateContainers,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { containers, sidecars, graceSeconds } = operation;
  const addresses: Argument[] = [];
  const hookOf = (container: Termination) => hookScript(container, operation, addresses);
  const apps = containers.map((one) => `{ ${hookOf(one)}stop "$(left)" ${quote(one.name)}; } &`);
  const hooks = sidecars.map((one) => hookOf(one).replace(/; $/, ' &')).filter((hook) => hook !== '');
  const last = sidecars.map((one) => `stop "$(left)" ${quote(one.name)}`);
  const stop = capabilities.stopLocksPod ? SIGNAL_AND_WAIT : '"$0" stop --time "$1" "$2" >/dev/null';
  const script = [
    'grace=$1 began=$(date +%s)',
    // At least two seconds (minimumGracePeriodInSeconds in kuberuntime_container.go).
    'left() { left=$((grace - $(date +%s) + began)); [ "$left" -ge 2 ] || left=2; echo "$left"; }',
    `stop() { ${stop}; }`,
    ...apps,
    ...hooks,
    'wait',
    ...last,
  ].join('\n');
  return { program: 'sh', args: ['-c', script, podman, graceSeconds.toString(), ...addresses] };
}

/** A failure of a hook does not prevent the stop. */
function hookScript(
  { name, preStop }: Termination,
  { hostNetwork }: TerminateContainers,
  addresses: Argument[],
): string {
  if (preStop === undefined) return '';
  return `timeout "$grace" ${hookLine(preStop, { name, hostNetwork }, addresses)} >/dev/null; `;
}

function hookLine(hook: LifecycleHook, target: HookTarget, addresses: Argument[]): string {
  if ('sleep' in hook) return `sleep ${hook.sleep.seconds}`;
  if ('exec' in hook) return ['"$0" exec', quote(target.name), ...hook.exec.command.map(quote)].join(' ');
  const words = requestArguments(hook.httpGet, target).map((argument) => {
    if (typeof argument === 'string') return quote(argument);
    addresses.push({ before: '', ask: argument.ask, after: '' });
    // `$1` is the grace period.
    return `${quote(argument.before)}"\${${addresses.length + 1}}"${quote(textAfter(argument.after))}`;
  });
  return `${target.hostNetwork ? '' : '"$0" unshare --rootless-netns '}node ${words.join(' ')}`;
}

function textAfter(after: Argument): string {
  return typeof after === 'string' ? after : '';
}
