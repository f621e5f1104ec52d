import type { Options } from './option.ts';

/** Accepted before and after the command. */
export const GLOBAL_OPTIONS = {
  project: {
    type: 'string',
    short: 'p',
    value: 'NAME',
    help: 'project name (default: name of the directory of the first file)',
  },
  namespace: {
    type: 'string',
    short: 'n',
    value: 'NAME',
    help: 'namespace of objects without one; of running pods: only those of this namespace',
  },
  podman: { type: 'string', value: 'PATH', help: 'podman executable (default: podman)' },
  connection: {
    type: 'string',
    short: 'c',
    value: 'NAME',
    help: 'podman connection to use (see podman system connection list)',
  },
  progress: { type: 'string', value: 'KIND', help: 'progress output: auto, tty, plain, json or quiet' },
  color: { type: 'string', value: 'WHEN', help: 'colored output: auto, always or never' },
  verbose: { type: 'boolean', short: 'v', help: 'print each podman command' },
  help: { type: 'boolean', short: 'h', help: 'show help' },
  version: { type: 'boolean', short: 'V', help: 'show the version' },
} as const satisfies Options;

const LONG_FILE = { type: 'string', multiple: true, value: 'FILE' } as const;

export const FILE = {
  ...LONG_FILE,
  short: 'f',
  help: 'manifest file, directory, or - for standard input; same as the FILE argument',
} as const;

export const KUSTOMIZE = {
  type: 'string',
  short: 'k',
  multiple: true,
  value: 'DIR',
  help: "directory of a kustomization, built with 'kustomize' or 'kubectl kustomize'",
} as const;

export const FILES = { file: FILE, kustomize: KUSTOMIZE } as const;

const PROJECT_KUSTOMIZE = {
  ...KUSTOMIZE,
  help: 'use the project of the kustomization in this directory',
} as const;

/** For commands on running pods: the manifest only determines the project. */
const PROJECT_FILE = {
  ...FILE,
  help: 'use the project of this file or directory, with all its pods',
} as const;

export const PROJECT_FILES = { file: PROJECT_FILE, kustomize: PROJECT_KUSTOMIZE } as const;

/** The same without the short form of --file, which means --follow. */
export const PROJECT_FILES_LONG = {
  file: { ...LONG_FILE, help: PROJECT_FILE.help },
  kustomize: PROJECT_KUSTOMIZE,
} as const;

export const HOST_IP = {
  type: 'string',
  value: 'ADDRESS',
  help: 'default hostIP for ports (default: 127.0.0.1)',
} as const;

export const NETWORK = {
  type: 'string',
  value: 'NAME',
  help: 'existing network for the pods to join (default: a network of the project)',
} as const;

export const GRACE_TIME = {
  type: 'string',
  short: 't',
  value: 'SECONDS',
  help: 'override terminationGracePeriodSeconds',
} as const;

export const PULL = {
  type: 'string',
  value: 'WHEN',
  help: 'override imagePullPolicy: always, missing or never',
} as const;

export const INFRA_IMAGE = {
  type: 'string',
  value: 'IMAGE',
  help: "image of the infra container (default: podman's)",
} as const;

export const INGRESS_IMAGE = {
  type: 'string',
  value: 'IMAGE',
  help: 'image of the nginx for Ingresses (default: docker.io/library/nginx:alpine)',
} as const;

export const UP_OPTIONS = {
  ...FILES,
  pull: PULL,
  'remove-orphans': { type: 'boolean', help: 'remove pods of the project that are not in the given files' },
  'force-recreate': { type: 'boolean', help: 'recreate all pods even if nothing changed' },
  adopt: {
    type: 'boolean',
    help: 'adopt pods and volumes created by podman kube play',
  },
  'infra-image': INFRA_IMAGE,
  'ingress-image': INGRESS_IMAGE,
  'host-ip': HOST_IP,
  network: NETWORK,
} as const;
