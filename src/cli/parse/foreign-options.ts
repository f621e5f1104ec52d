/**
 * Options of `podman kube play`, docker compose and kubectl that podpose does not have, with what does the same here, as sentences.
 * podman 4.3 to 6.1: `podman kube play --help`.
 */
const ANSWERS: Readonly<Record<string, string>> = {
  '--annotation': 'Write it under metadata.annotations.',
  '--authfile': "Set REGISTRY_AUTH_FILE to the file: podman reads it. 'podman login' needs no option.",
  '--build': "podpose builds no images: run 'podman build -t NAME .' first.",
  '--cert-dir': 'Put the certificates into ~/.config/containers/certs.d/REGISTRY: podman reads them there.',
  '--configmap': 'Pass the file of the ConfigMap as another argument: podpose up pod.yaml configmap.yaml',
  '--context-dir': "podpose builds no images: run 'podman build -t NAME DIRECTORY' first.",
  '--creds': "Run 'podman login REGISTRY' first, or give the pod imagePullSecrets.",
  '--down': "Use 'podpose down'.",
  '--force': "'podpose down --volumes' also removes the data of PersistentVolumeClaims.",
  '--ip':
    'podman chooses the addresses of pods. Other pods reach a pod by its name; publish a port with hostPort.',
  '--kustomize':
    "Write it after a command with FILE: podpose up -k DIR. 'podpose fix' takes the files that the kustomization is built from.",
  '--log-driver': 'Set log_driver in the section [containers] of ~/.config/containers/containers.conf.',
  '--log-opt': 'Set log_size_max in the section [containers] of ~/.config/containers/containers.conf.',
  '--mac-address':
    'podman chooses the addresses of pods. Other pods reach a pod by its name; publish a port with hostPort.',
  '--no-hostname': 'Set spec.hostname for another host name.',
  '--no-hosts': 'Set spec.hostAliases to add entries to /etc/hosts.',
  '--no-pod-prefix': 'Containers are always named POD-CONTAINER.',
  '--publish': 'Set hostPort beside containerPort; --host-ip ADDRESS sets the address of the machine.',
  '--publish-all': 'Set hostPort beside each containerPort that is to be published.',
  '--quiet': '--progress quiet shows no progress.',
  '--recursive': 'Sub-directories are not read: name each directory.',
  '--replace': "'podpose up' replaces what has changed; --force-recreate replaces all pods.",
  '--scale': "'podpose scale deploy/web=3' sets the number of pods of a workload.",
  '--seccomp-profile-root':
    'Set securityContext.seccompProfile.localhostProfile: the path is relative to the directory of the manifest.',
  '--start': "Use 'podpose plan' to see the changes without a start.",
  '--tls-verify':
    "Add 'insecure = true' for the registry to ~/.config/containers/registries.conf: podman reads it.",
  '--userns': "Set the annotation 'io.podman.annotations.userns' of the pod, or 'hostUsers: false' for auto.",
};

/** The short forms. */
const SHORT: Readonly<Record<string, string>> = {
  '-R': '--recursive',
  '-k': '--kustomize',
  '-q': '--quiet',
};

/** What podpose has in place of an option of another tool; undefined for an option that no such tool has. */
export function foreignOptionHelp(option: string): string | undefined {
  const given = option.split('=', 1)[0] ?? '';
  const name = Object.hasOwn(SHORT, given) ? (SHORT[given] ?? '') : given;
  return Object.hasOwn(ANSWERS, name) ? ANSWERS[name] : undefined;
}
