import type { HostEndpoint, ServedPort } from '../../kube/services/endpoints.ts';
import { serviceName } from '../names.ts';

/**
 * Runs a program in the network of a process: its user namespace is podman's, which belongs to this user. `podman unshare`
 * does the same and takes ten times as long.
 */
export const ENTER_NETWORK = 'nsenter --user --preserve-credentials --net --target';

/**
 * `$0` is the podman pod of the Service, `$1` has a line for each infra container that runs: its pod and its process. `$2`
 * chooses among the endpoints of a port. The other arguments are ports, each followed by its endpoints. A pod that does not
 * run is left out. Without an endpoint, a connection is refused, as nothing listens in the network of the Service. `all`
 * stands for all ports, whose endpoints have none. `machine` is the address that podman gives to this machine for pods: its own
 * address is that of the pod's network, too (pasta), or that of the pod.
 *
 * A connection comes from another pod (prerouting), or from the published port, which podman's forwarder connects to from
 * within (output). Its source becomes the address of the Service: otherwise a pod would answer the client directly, which
 * knows nothing of the pod.
 */
export const SET_RULES = `PATH=$PATH:/usr/sbin:/sbin list=$1 choose=$2
shift 2
process() { printf '%s\\n' "$list" | awk -v pod="$1" '$1 == pod { print $2; exit }'; }
address() { awk '/32 host/ && ip !~ /^127[.]/ { print ip; exit } { ip = $2 }' "/proc/$1/net/fib_trie"; }
machine() { awk '$2 == "host.containers.internal" { print $1; exit }' "/proc/$(process "$0")/root/etc/hosts"; }
rule() { [ "$count" = 0 ] || echo "\${match}dnat to $choose mod $count map { $map }"; }
rules() {
  count=0
  for word; do
    case $word in
      tcp/* | udp/*)
        rule
        match="\${word%%/*} dport \${word#*/} " count=0 map=
        continue ;;
      all)
        match= count=0 map=
        continue ;;
      pod/*)
        ip=\${word%:*} pid=$(process "\${ip#pod/}") ip=
        [ -z "$pid" ] || ip=$(address "$pid") ;;
      machine)
        ip=$(machine) ;;
      *)
        ip=\${word%:*} ;;
    esac
    [ -z "$ip" ] || { map="$map\${map:+, }$count : $ip\${match:+ . \${word##*:}}" count=$((count + 1)); }
  done
  rule
}
${ENTER_NETWORK} "$(process "$0")" nft -f - <<RULES
table ip podpose
delete table ip podpose
table ip podpose {
  chain endpoints {
    $(rules "$@")
  }
  chain prerouting {
    type nat hook prerouting priority -100
    fib daddr type local jump endpoints
  }
  chain output {
    type nat hook output priority -100
    fib daddr type local jump endpoints
  }
  chain postrouting {
    type nat hook postrouting priority 100
    ct status dnat masquerade
  }
}
RULES
`;

/** `tcp/80 pod/web-1:8080 192.0.2.1:8080`, and of an ExternalName `all 192.0.2.1`. */
export function endpointWords(ports: readonly ServedPort[]): readonly string[] {
  return ports.flatMap((served) =>
    served.protocol === 'all'
      ? [served.protocol, ...served.endpoints.map(hostWord)]
      : [
          `${served.protocol}/${served.port}`,
          ...served.endpoints.map((endpoint) => `${hostWord(endpoint)}:${endpoint.port}`),
        ],
  );
}

/** podman's names of the pods that the endpoints lead to. */
export function endpointPods(ports: readonly ServedPort[]): readonly string[] {
  return ports.flatMap(({ endpoints }) =>
    endpoints.flatMap((endpoint) => ('address' in endpoint ? [] : [podOf(endpoint)])),
  );
}

function hostWord(endpoint: HostEndpoint): string {
  return 'address' in endpoint ? endpoint.address : `pod/${podOf(endpoint)}`;
}

function podOf(endpoint: Exclude<HostEndpoint, { readonly address: string }>): string {
  return 'pod' in endpoint ? endpoint.pod : serviceName({ name: endpoint.service });
}
