import type { PodAddress, RuntimeText, Text } from '../../kube/spec/desired.ts';
import { hostVariable } from '../../kube/services/variables.ts';
import { joinTexts } from '../../kube/validation/texts.ts';
import type { Argument, AskedArgument } from './argument.ts';
import { askFileKey } from './file-key.ts';
import { serviceHost, type ServiceLinks } from './service-links.ts';

/** The pod of the texts, and the podman that resolves them. */
export interface TextOwner {
  readonly pod: string;
  readonly podman: string;
  /** The Services that a text may have addresses of. */
  readonly links?: ServiceLinks;
}

/** The purpose of a text, for messages: `variable URL`. */
type Use = string;

/** A text as an argument. Values that are known only at run time are queried when the command runs. */
export function textArgument(owner: TextOwner, text: Text, use: Use): Argument {
  return toArgument(owner, text, use, 'plain');
}

/** A list of words as one JSON argument. */
export function listArgument(owner: TextOwner, words: readonly Text[], use: Use): Argument {
  const list = words.flatMap((word, index): readonly Text[] => [index === 0 ? '"' : '","', inJson(word)]);
  return toArgument(owner, ['[', ...list, '"]'].reduce(joinTexts, ''), use, 'json');
}

function toArgument(owner: TextOwner, text: Text, use: Use, form: 'plain' | 'json'): Argument {
  if (typeof text === 'string') return text;
  const { before } = text;
  const rest = toArgument(owner, text.after, use, form);
  const question = ask(owner, text, use, form);
  if (typeof question === 'string') return following(before + question, rest);
  const { after: end, ...asked } = question;
  return { ...asked, before, after: following(end, rest) };
}

/**
 * The query for a value; `after` is the end of the value that the answer lacks. A reference to a Service that is gone stays as it
 * is, as in a kubelet.
 */
function ask(
  { pod, podman, links }: TextOwner,
  text: RuntimeText,
  use: Use,
  form: 'plain' | 'json',
): (Omit<AskedArgument, 'before' | 'after'> & { readonly after: string }) | string {
  if (!('address' in text)) return { ...askFileKey({ pod, podman, use, form }, text.fileKey), after: '' };
  const { address } = text;
  if (typeof address === 'object')
    return serviceHost(links, address) ?? `$(${hostVariable(address.service)})`;
  return { ask: { args: ['unshare', 'sh', '-c', SCRIPTS[address], podman, pod] }, after: '' };
}

function following(text: string, argument: Argument): Argument {
  return typeof argument === 'string' ? text + argument : { ...argument, before: text + argument.before };
}

/** The text escaped for a JSON string. Addresses need no escapes. */
function inJson(text: Text): Text {
  if (typeof text === 'string') return insideJson(text);
  return { ...withoutQuotes(text), before: insideJson(text.before), after: inJson(text.after) };
}

function withoutQuotes(text: RuntimeText): RuntimeText {
  if ('address' in text || text.fileKey.otherwise === undefined) return text;
  return { ...text, fileKey: { ...text.fileKey, otherwise: insideJson(text.fileKey.otherwise) } };
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The addresses in the network namespace of the pod's infra container. For a pod with hostNetwork, this is the host's. */
const OF_POD =
  'p=$("$0" inspect --format {{.State.Pid}} "$("$0" pod inspect --format {{.InfraContainerID}} "$1")") && ';
const IPV4 = `awk '/32 host/ && ip !~ /^127[.]/ && !seen[ip]++ { print ip } { ip = $2 }'`;

const SCRIPTS: Readonly<Record<PodAddress, string>> = {
  podIP: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | head -n 1`,
  podIPs: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | paste -sd , -`,
  hostIP: `${IPV4} /proc/net/fib_trie | head -n 1`,
  hostIPs: `${IPV4} /proc/net/fib_trie | paste -sd , -`,
};
