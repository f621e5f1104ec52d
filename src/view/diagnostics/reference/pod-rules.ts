import type { DiagnosticRows } from './row.ts';

/** Rules of a pod that hold on a cluster only, or that podpose has besides those of a cluster. */
export const POD_RULES = {
  'duplicate-alias': [
    'Two items of `hostAliases` have one address; an update by kubectl may drop one.',
    '`{ip: 10.0.0.1, hostnames: [a]}` and `{ip: 10.0.0.1, hostnames: [b]}`',
    'Put the host names into one item.',
  ],
  'duplicate-host-port': [
    'A pod has one port of the host twice.',
    '`hostPort: 80` in two containers',
    'Change or remove one of them.',
  ],
  'duplicate-port-name': [
    'Ports of two containers have one name: a Service that uses the name means the first.',
    '`name: http` in two containers',
    'Give one of them another name.',
  ],
  'image-blank': ['A blank before or after the name of an image.', '`image: "nginx "`', 'Remove it.'],
  'invalid-host-ip': [
    'A host address that is no IP address; a server does not look at it.',
    '`hostIP: localhost`',
    'Write an IPv4 or IPv6 address.',
  ],
  'invalid-podman-annotation': [
    'The value of an annotation of podman is invalid.',
    '`io.podman.annotations.ulimit: nofile=many`',
    'Write what the message says.',
  ],
  'pod-name-form': [
    'The name of a pod is its host name, which cannot have dots and more than 63 characters.',
    '`metadata: {name: web.1}`',
    'Choose a shorter name without dots, or set `hostname`.',
  ],
  'podman-annotation': [
    'An annotation or label of podman has no effect in podpose.',
    '`io.containers.sdnotify: container`',
    'The help says what to write instead.',
  ],
  'unknown-podman-annotation': [
    'An annotation with a prefix of podman that podman does not know, or for a container that the pod does not have.',
    '`io.podman.annotations.pid-limit/web: "100"`',
    'Correct or remove it.',
  ],
} as const satisfies DiagnosticRows;
