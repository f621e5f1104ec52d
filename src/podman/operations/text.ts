import type { Address, RuntimeText, Text } from '../../kube/spec/desired.ts';
import { joinTexts } from '../../kube/validation/texts.ts';
import type { Argument } from './argument.ts';
import { askFileKey } from './file-key.ts';

/** The pod of the texts, and the podman that resolves them. */
export interface TextOwner {
  readonly pod: string;
  readonly podman: string;
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
  const after = toArgument(owner, text.after, use, form);
  return { before: text.before, ...ask(owner, text, use, form), after };
}

function ask({ pod, podman }: TextOwner, text: RuntimeText, use: Use, form: 'plain' | 'json') {
  return 'address' in text
    ? { ask: { args: ['unshare', 'sh', '-c', SCRIPTS[text.address], podman, pod] } }
    : askFileKey({ pod, podman, use, form }, text.fileKey);
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

const SCRIPTS: Readonly<Record<Address, string>> = {
  podIP: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | head -n 1`,
  podIPs: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | paste -sd , -`,
  hostIP: `${IPV4} /proc/net/fib_trie | head -n 1`,
  hostIPs: `${IPV4} /proc/net/fib_trie | paste -sd , -`,
};
