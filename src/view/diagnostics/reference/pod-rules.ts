import type { DiagnosticRows } from './row.ts';

/** Rules of a pod that hold on a cluster only, or that podpose has besides those of a cluster. */
export const POD_RULES = {
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
} as const satisfies DiagnosticRows;
