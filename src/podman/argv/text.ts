import type { Address, Text } from '../../pod/desired.ts';
import type { Argument } from './argument.ts';

/** Whose addresses are meant, and the podman that knows of it. */
export interface AddressOwner {
  readonly pod: string;
  readonly podman: string;
}

/** A text as an argument, with something before and after it. The address in it is asked for when the command runs. */
export function textArgument({ pod, podman }: AddressOwner, text: Text, before = '', after = ''): Argument {
  if (typeof text === 'string') return before + text + after;
  return {
    before: before + text.before,
    ask: ['unshare', 'sh', '-c', SCRIPTS[text.address], podman, pod],
    after: text.after + after,
  };
}

/** Words that are one argument: a list in JSON. Checks have refused one with two addresses in it. */
export function listArgument(owner: AddressOwner, words: readonly Text[]): Argument {
  const list = words.map((word): Text => {
    if (typeof word === 'string') return JSON.stringify(word);
    return { ...word, before: `"${insideJson(word.before)}`, after: `${insideJson(word.after)}"` };
  });
  const at = list.findIndex((word) => typeof word !== 'string');
  const asked = list[at];
  if (asked === undefined) return `[${list.map(textOf).join(',')}]`;
  const before = list.slice(0, at).map((word) => `${textOf(word)},`);
  const after = list.slice(at + 1).map((word) => `,${textOf(word)}`);
  return textArgument(owner, asked, `[${before.join('')}`, `${after.join('')}]`);
}

function textOf(word: Text): string {
  return typeof word === 'string' ? word : '';
}

function insideJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * The addresses that the kernel has in the network of the pod's infra container. It is the host's own for a pod on
 * the host's network.
 */
const OF_POD =
  'p=$("$0" inspect --format {{.State.Pid}} "$("$0" pod inspect --format {{.InfraContainerID}} "$1")") && ';
const IPV4 = `awk '/32 host/ && ip !~ /^127[.]/ && !seen[ip]++ { print ip } { ip = $2 }'`;

const SCRIPTS: Readonly<Record<Address, string>> = {
  podIP: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | head -n 1`,
  podIPs: `${OF_POD}${IPV4} "/proc/$p/net/fib_trie" | paste -sd , -`,
  hostIP: `${IPV4} /proc/net/fib_trie | head -n 1`,
  hostIPs: `${IPV4} /proc/net/fib_trie | paste -sd , -`,
};
