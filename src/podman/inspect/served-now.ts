import { failure, success, type Result } from '../../base/result.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { explainPodmanFailure } from '../errors.ts';
import { ENTER_NETWORK } from '../operations/service-rules.ts';
import type { ObservedPod, ServedNow, ServedRule } from './observed.ts';

/**
 * `$@` are a word for what is asked, the name of a pod, and its process. The rules are read at the same time: a list of
 * less than 300 endpoints is written at once, so that lists do not mix.
 */
const LOOK = `PATH=$PATH:/usr/sbin:/sbin files=
rules() { printf '%s\\n' "rules $1" "$(${ENTER_NETWORK} "$2" nft -n list chain ip podpose endpoints 2>/dev/null)"; }
while [ $# -gt 2 ]; do
  if [ "$1" = rules ]; then rules "$2" "$3" &
  else files="$files $2 /proc/$3/net/fib_trie"
  fi
  shift 3
done
wait
[ -z "$files" ] || awk 'BEGIN {
  for (at = 1; at < ARGC; at += 2) {
    file = ARGV[at + 1]
    while ((getline < file) > 0) {
      if (/32 host/ && ip !~ /^127[.]/) { print "address " ARGV[at]; print ip; break }
      ip = $2
    }
    close(file)
  }
}' $files`;

/** Reads rules and addresses with one command. A pod that has ended in the meantime has none. */
export async function askServedNow(
  { processes }: Pick<PodmanClient, 'processes'>,
  pods: readonly ObservedPod[],
): Promise<Result<ServedNow>> {
  const isAlias = pods.some(({ service }) => service?.record.service.type === 'ExternalName');
  const asked = pods.flatMap(({ name, service, infra, infraPid }) => {
    if (infra !== 'running' || infraPid === undefined) return [];
    // An ExternalName may lead to the address of another Service.
    const words = service === undefined ? ['address'] : ['rules', ...(isAlias ? ['address'] : [])];
    return words.flatMap((word) => [word, name, infraPid.toString()]);
  });
  if (asked.length === 0) return success({ rules: new Map(), addresses: new Map() });
  const answer = await processes.query('sh', ['-c', LOOK, 'sh', ...asked]);
  if (!succeeded(answer))
    return failure([
      explainPodmanFailure(answer.stderr.split('\n'), 'the rules of the Services cannot be read'),
    ]);
  return success(parseServedNow(answer.stdout));
}

/** The answer in parts: each begins with a line that says of which pod it is. Exported for tests. */
export function parseServedNow(text: string): ServedNow {
  const rules = new Map<string, Map<string, ServedRule>>();
  const addresses = new Map<string, string>();
  let asked = '';
  let pod = '';
  for (const line of text.split('\n')) {
    const [, word, name = ''] = /^(rules|address) (\S+)$/.exec(line) ?? [];
    if (word !== undefined) {
      [asked, pod] = [word, name];
      if (asked === 'rules') rules.set(pod, new Map());
    } else if (asked === 'address' && line !== '') addresses.set(pod, line.trim());
    else if (asked === 'rules') {
      const rule = parseRule(line);
      if (rule !== undefined) rules.get(pod)?.set(...rule);
    }
  }
  return { rules, addresses };
}

const RULE = /^\s*(?:(tcp|udp) dport (\d+) )?dnat (?:ip )?to (\w+) .*\{ (.*) \}/;

function parseRule(line: string): [string, ServedRule] | undefined {
  const [, protocol, port, choice, elements = ''] = RULE.exec(line) ?? [];
  if (choice === undefined) return undefined;
  const endpoints = elements
    .split(', ')
    .map((element) => element.replace(/^\d+ : /, '').replace(' . ', ':'))
    .sort();
  const key = protocol === undefined || port === undefined ? 'all' : `${protocol} ${port}`;
  return [key, { endpoints, isSticky: choice === 'jhash' }];
}
